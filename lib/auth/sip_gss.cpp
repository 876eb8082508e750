#include "auth/sip_gss.hpp"

#include <gssapi/gssapi_krb5.h>
#include <gssapi/gssapi_ntlmssp.h>
#include <krb5.h>

#include <array>
#include <functional>

#include "auth/gss.hpp"
#include "net/work.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::auth {
namespace {

using kind = gss_failure::kind;
using token_or_failure = std::expected<std::string, gss_failure>;

constexpr std::uint32_t datagram_sequence = 100;  // of every NTLM signature, both ways (protocol section 5.4)

kind kind_of(OM_uint32 minor) {
    switch (static_cast<krb5_error_code>(minor)) {
        case KRB5_FCC_NOFILE:
        case KRB5_CC_NOTFOUND:
        case KRB5_KT_NOTFOUND: return kind::no_ticket;
        case KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN: return kind::unknown_service;
        case KRB5KRB_AP_ERR_SKEW:
        case KRB5_KDCREP_SKEW: return kind::clock_skew;
        case KRB5_KDC_UNREACH:
        case KRB5_REALM_UNKNOWN:
        case KRB5_REALM_CANT_RESOLVE: return kind::unreachable;
        case KRB5KRB_AP_ERR_TKT_EXPIRED:
        case KRB5KDC_ERR_KEY_EXP: return kind::expired;
        default: return kind::refused;
    }
}

// The exchange itself: blocking, touched by one thread at a time.
class exchange {
public:
    exchange(gss_OID mechanism, std::string target, std::string name, std::optional<secret> password)
        : mechanism_(mechanism),
          target_text_(std::move(target)),
          name_(std::move(name)),
          password_(std::move(password)) {}

    token_or_failure step(const std::string& token) {
        if (target_.raw() == GSS_C_NO_NAME)
            if (auto bad = prepare()) return std::unexpected(*bad);
        auto input = gss::view(token);
        gss::buffer output;
        OM_uint32 minor = 0;
        // No mutual authentication for Kerberos: one token must do (protocol section 4.6).
        const OM_uint32 flags = is_ntlm() ? GSS_C_DATAGRAM_FLAG | GSS_C_INTEG_FLAG | GSS_C_IDENTIFY_FLAG
                                          : GSS_C_INTEG_FLAG;
        const auto major = gss_init_sec_context(
            &minor, credential_.raw(), context_.into(), target_.raw(), mechanism_, flags, 0, GSS_C_NO_CHANNEL_BINDINGS,
            &input, nullptr, output.into(), nullptr, nullptr);
        if (GSS_ERROR(major)) return std::unexpected(failure("making a token", major, minor));
        return output.bytes();
    }

    std::expected<std::string, gss_failure> mic(const std::string& text) {
        number();
        auto message = gss::view(text);
        gss::buffer out;
        OM_uint32 minor = 0;
        const auto major = gss_get_mic(&minor, context_.raw(), GSS_C_QOP_DEFAULT, &message, out.into());
        if (GSS_ERROR(major)) return std::unexpected(failure("signing", major, minor));
        return out.bytes();
    }

    bool verify(const std::string& text, const std::string& mic) {
        number();
        auto message = gss::view(text), token = gss::view(mic);
        OM_uint32 minor = 0;
        return gss_verify_mic(&minor, context_.raw(), &message, &token, nullptr) == GSS_S_COMPLETE;
    }

private:
    [[nodiscard]] bool is_ntlm() const { return mechanism_ == gss::ntlm(); }

    [[nodiscard]] gss_failure failure(const std::string& doing, OM_uint32 major, OM_uint32 minor) const {
        const bool none = GSS_ROUTINE_ERROR(major) == GSS_S_NO_CRED;
        const auto what = is_ntlm() ? kind::refused : kind_of(minor);
        return {
            none && what == kind::refused ? kind::no_ticket : what,
            doing + ": " + gss::describe(major, minor, mechanism_)};
    }

    void number() {
        if (!is_ntlm()) return;
        static gss_OID_desc option{
            GSS_NTLMSSP_SET_SEQ_NUM_OID_LENGTH, const_cast<char*>(GSS_NTLMSSP_SET_SEQ_NUM_OID_STRING)};
        std::uint32_t value = datagram_sequence;
        gss_buffer_desc bytes{sizeof value, &value};
        OM_uint32 minor = 0;
        gss_set_sec_context_option(
            &minor, context_.into(), &option, &bytes);  // where it is not taken the signatures don't fit either
    }

    std::optional<gss_failure> prepare() {
        OM_uint32 minor = 0;
        auto text = gss::view(target_text_);
        // A principal is taken as it is; a host-based name would be rewritten by way of DNS.
        static gss_OID_desc principal{
            10, const_cast<char*>("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x01")};  // GSS_KRB5_NT_PRINCIPAL_NAME
        const auto major = gss_import_name(
            &minor, &text, is_ntlm() ? GSS_C_NT_HOSTBASED_SERVICE : &principal, target_.into());
        if (GSS_ERROR(major)) return failure("naming the service", major, minor);
        return is_ntlm() ? take_password(gss::escape_upn(name_)) : take_ticket();
    }

    std::optional<gss_failure> take_ticket() {
        OM_uint32 minor = 0;
        gss_OID_set_desc only{1, mechanism_};
        gss::credential ticket;
        const auto major = gss_acquire_cred(
            &minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &only, GSS_C_INITIATE, ticket.into(), nullptr, nullptr);
        if (!GSS_ERROR(major) && belongs_to_the_user(ticket)) {
            credential_.swap(ticket);
            return std::nullopt;
        }
        if (password_ && !name_.empty()) return take_password(gss::principal_of(name_));
        return gss_failure{
            kind::no_ticket,
            GSS_ERROR(major) ? gss::describe(major, minor, mechanism_) : "the ticket at hand is somebody else's"};
    }

    [[nodiscard]] bool belongs_to_the_user(const gss::credential& ticket) const {
        OM_uint32 minor = 0, lifetime = 0;
        gss::name owner;
        gss::buffer shown;
        if (GSS_ERROR(gss_inquire_cred(&minor, ticket.raw(), owner.into(), &lifetime, nullptr, nullptr)) ||
            lifetime == 0)
            return false;
        if (GSS_ERROR(gss_display_name(&minor, owner.raw(), shown.into(), nullptr))) return false;
        return name_.empty() || gss::is_principal_of(shown.bytes(), name_);
    }

    std::optional<gss_failure> take_password(const std::string& name) {
        OM_uint32 minor = 0;
        gss::name user;
        auto text = gss::view(name), password = gss::view(password_->reveal());
        auto major = gss_import_name(&minor, &text, GSS_C_NT_USER_NAME, user.into());
        if (GSS_ERROR(major)) return failure("naming the user", major, minor);
        gss_OID_set_desc only{1, mechanism_};
        major = gss_acquire_cred_with_password(
            &minor, user.raw(), &password, GSS_C_INDEFINITE, &only, GSS_C_INITIATE, credential_.into(), nullptr,
            nullptr);
        if (GSS_ERROR(major)) return failure("taking the password", major, minor);
        return std::nullopt;
    }

    gss_OID mechanism_;
    std::string target_text_, name_;
    std::optional<secret> password_;
    gss::credential credential_;
    gss::name target_;
    gss::context context_;
};

class gss_sip_authenticator final : public sip_authenticator {
public:
    explicit gss_sip_authenticator(std::shared_ptr<exchange> steps) : steps_(std::move(steps)) {}

    net::awaitable<token_or_failure> step(std::string token, net::deadline until) override {
        // A step that is still running at the deadline owns the exchange from then on.
        auto steps = std::exchange(steps_, nullptr);
        if (!steps) co_return std::unexpected(gss_failure{kind::refused, "an earlier step failed"});
        std::function<token_or_failure()> work = [steps, token = std::move(token)] { return steps->step(token); };
        auto done = co_await net::run_blocking<token_or_failure>(std::move(work), until);
        if (!done) co_return std::unexpected(gss_failure{kind::timed_out, "no answer in time"});
        if (*done) steps_ = std::move(steps);
        co_return std::move(*done);
    }
    std::expected<std::string, gss_failure> mic(const std::string& text) override {
        if (!steps_) return std::unexpected(gss_failure{kind::refused, "an earlier step failed"});
        return steps_->mic(text);
    }
    bool verify(const std::string& text, const std::string& mic) override {
        return steps_ && steps_->verify(text, mic);
    }

private:
    std::shared_ptr<exchange> steps_;
};

}  // namespace

std::string_view to_string(gss_failure::kind what) {
    static constexpr std::array<std::string_view, 7> names{"no_ticket", "unknown_service", "clock_skew", "unreachable",
                                                           "expired",   "refused",         "timed_out"};
    return names[static_cast<std::size_t>(what)];
}

std::shared_ptr<sip_authenticator> make_ntlm_authenticator(const std::string& server, login who) {
    return std::make_shared<gss_sip_authenticator>(
        std::make_shared<exchange>(gss::ntlm(), "sip@" + server, std::move(who.name), std::move(who.password)));
}

std::shared_ptr<sip_authenticator> make_kerberos_authenticator(
    const std::string& server, std::string name, std::optional<secret> password) {
    return std::make_shared<gss_sip_authenticator>(
        std::make_shared<exchange>(gss::kerberos(), "sip/" + server, std::move(name), std::move(password)));
}

}  // namespace ucsignin::auth
