#include "auth/sip_gss.hpp"

#include <gssapi/gssapi_ntlmssp.h>

#include <functional>

#include "net/work.hpp"

namespace ucsignin::auth {
namespace {

using kind = gss_failure::kind;
using token_or_failure = std::expected<std::string, gss_failure>;

class gss_sip_authenticator final : public sip_authenticator {
public:
    explicit gss_sip_authenticator(std::shared_ptr<gss_exchange> steps) : steps_(std::move(steps)) {}

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
    std::shared_ptr<gss_exchange> steps_;
};

}  // namespace

trace::ev::kerberos_fault_word word_of(gss_failure::kind what) {
    using enum gss_failure::kind;
    switch (what) {
        case no_ticket: return "no_ticket";
        case unknown_service: return "unknown_service";
        case clock_skew: return "clock_skew";
        case unreachable: return "unreachable";
        case expired: return "expired";
        case timed_out: return "timed_out";
        case refused:
        case no_ntlm: break;  // never of Kerberos
    }
    return "refused";
}

std::shared_ptr<sip_authenticator> make_ntlm_authenticator(const std::string& server, login who) {
    constexpr OM_uint32 flags = GSS_C_DATAGRAM_FLAG | GSS_C_INTEG_FLAG | GSS_C_IDENTIFY_FLAG;
    gss_exchange::plan how{gss::ntlm(), flags, "sip@" + server, std::move(who.name), std::move(who.password)};
    return std::make_shared<gss_sip_authenticator>(std::make_shared<gss_exchange>(std::move(how)));
}

std::shared_ptr<sip_authenticator> make_kerberos_authenticator(
    const std::string& server, std::string name, std::optional<secret> password) {
    // No mutual authentication for Kerberos: one token must do (protocol section 4.6).
    gss_exchange::plan how{gss::kerberos(), GSS_C_INTEG_FLAG, "sip/" + server, std::move(name), std::move(password)};
    return std::make_shared<gss_sip_authenticator>(std::make_shared<gss_exchange>(std::move(how)));
}

}  // namespace ucsignin::auth
