#include "auth/http_auth.hpp"

#include <algorithm>

#include "auth/gss.hpp"
#include "net/work.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::auth {
namespace {

std::unexpected<net::error> fail(net::fault what, std::string detail) {
    return std::unexpected(net::error{what, std::move(detail), 0});
}

// The exchange itself: blocking, touched by one worker thread at a time.
class exchange {
public:
    exchange(bool negotiate, std::string host, login who)
        : negotiate_(negotiate), host_(std::move(host)), who_(std::move(who)) {}

    net::result<secret> step(const std::string& challenge) {
        if (context_.raw() == nullptr)
            if (auto ready = prepare(); !ready) return std::unexpected(ready.error());
        auto input = gss::view(challenge);
        gss::buffer output;
        OM_uint32 minor = 0;
        const OM_uint32 flags = GSS_C_INTEG_FLAG | (kerberos_ ? OM_uint32{GSS_C_MUTUAL_FLAG} : OM_uint32{0});
        const auto major = gss_init_sec_context(
            &minor, credential_.raw(), context_.into(), target_.raw(), mechanism(), flags, 0, GSS_C_NO_CHANNEL_BINDINGS,
            &input, nullptr, output.into(), nullptr, nullptr);
        if (GSS_ERROR(major)) return refuse("making a token", major, minor);
        return secret(sip::base64(output.bytes()));
    }

    [[nodiscard]] bool by_ticket() const { return kerberos_; }

private:
    [[nodiscard]] gss_OID mechanism() const { return negotiate_ ? gss::spnego() : gss::ntlm(); }

    [[nodiscard]] std::unexpected<net::error> refuse(const std::string& doing, OM_uint32 major, OM_uint32 minor) const {
        return fail(
            net::fault::other, doing + ": " + gss::describe(major, minor, kerberos_ ? gss::kerberos() : gss::ntlm()));
    }

    net::result<void> prepare() {
        OM_uint32 minor = 0;
        const std::string service = "HTTP@" + host_;
        auto text = gss::view(service);
        const auto major = gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, target_.into());
        if (GSS_ERROR(major)) return refuse("naming the service", major, minor);
        kerberos_ = negotiate_ && take_ticket();
        return kerberos_ ? net::result<void>{} : take_password();
    }

    // A Kerberos ticket of this very user, if one lies in the cache. With a login given, somebody else's will not do.
    bool take_ticket() {
        OM_uint32 minor = 0, lifetime = 0;
        gss_OID_set_desc only{1, gss::kerberos()}, either{1, gss::spnego()};
        gss::credential ticket;
        gss::name owner;
        gss::buffer shown;
        if (GSS_ERROR(
                gss_acquire_cred(&minor, GSS_C_NO_NAME, 0, &only, GSS_C_INITIATE, ticket.into(), nullptr, nullptr)))
            return false;
        if (GSS_ERROR(gss_inquire_cred(&minor, ticket.raw(), owner.into(), &lifetime, nullptr, nullptr)) ||
            lifetime == 0)
            return false;
        if (GSS_ERROR(gss_display_name(&minor, owner.raw(), shown.into(), nullptr))) return false;
        if (!who_.name.empty() && !gss::is_principal_of(shown.bytes(), who_.name)) return false;
        if (GSS_ERROR(gss_acquire_cred(
                &minor, GSS_C_NO_NAME, 0, &either, GSS_C_INITIATE, credential_.into(), nullptr, nullptr)))
            return false;
        return gss_set_neg_mechs(&minor, credential_.raw(), &only) == GSS_S_COMPLETE;
    }

    net::result<void> take_password() {
        if (who_.name.empty() || who_.password.empty())
            return fail(net::fault::other, "neither a password nor a Kerberos ticket");
        credential_.reset();
        gss::name user;
        OM_uint32 minor = 0;
        const auto name = gss::escape_upn(who_.name);
        auto text = gss::view(name), password = gss::view(who_.password.reveal());
        auto major = gss_import_name(&minor, &text, GSS_C_NT_USER_NAME, user.into());
        if (GSS_ERROR(major)) return refuse("naming the user", major, minor);
        gss_OID_set_desc only{1, gss::ntlm()}, wanted{1, mechanism()};
        major = gss_acquire_cred_with_password(
            &minor, user.raw(), &password, GSS_C_INDEFINITE, &wanted, GSS_C_INITIATE, credential_.into(), nullptr,
            nullptr);
        if (GSS_ERROR(major)) return refuse("taking the password", major, minor);
        if (negotiate_) major = gss_set_neg_mechs(&minor, credential_.raw(), &only);
        return GSS_ERROR(major) ? net::result<void>(refuse("choosing NTLM", major, minor)) : net::result<void>{};
    }

    bool negotiate_, kerberos_ = false;
    std::string host_;
    login who_;
    gss::credential credential_;
    gss::name target_;
    gss::context context_;
};

class gss_authenticator final : public http_authenticator {
public:
    explicit gss_authenticator(std::shared_ptr<exchange> steps) : steps_(std::move(steps)) {}

    net::awaitable<net::result<secret>> step(std::string challenge, net::deadline until) override {
        if (!steps_) co_return fail(net::fault::other, "an earlier step failed");
        auto token = sip::from_base64(challenge);
        if (!token) co_return fail(net::fault::protocol, "the challenge is not Base64");
        if (net::clock::now() >= until) co_return fail(net::fault::timed_out, "no time left to make a token");
        // A step that failed or is still running leaves nothing to go on with; its thread owns the exchange then.
        auto steps = std::exchange(steps_, nullptr);
        std::function<net::result<secret>()> work = [steps, token = std::move(*token)] { return steps->step(token); };
        auto done = co_await net::run_blocking<net::result<secret>>(std::move(work), until);
        if (!done) co_return std::unexpected(done.error());
        by_password_ = !steps->by_ticket();
        if (*done) steps_ = std::move(steps);
        co_return std::move(*done);
    }
    bool by_password() const override { return by_password_; }

private:
    std::shared_ptr<exchange> steps_;
    bool by_password_ = true;
};

}  // namespace

std::unique_ptr<http_authenticator> make_http_authenticator(std::string scheme, std::string host, login who) {
    const bool negotiate = sip::same_word(scheme, "Negotiate");
    return std::make_unique<gss_authenticator>(std::make_shared<exchange>(negotiate, std::move(host), std::move(who)));
}

}  // namespace ucsignin::auth
