#include "auth/http_auth.hpp"

#include "auth/gss_exchange.hpp"
#include "net/work.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::auth {
namespace {

std::unexpected<net::error> fail(net::fault what, std::string detail) {
    return std::unexpected(net::error{what, std::move(detail), 0});
}

using token_or_failure = std::expected<secret, gss_failure>;
token_or_failure made(gss_exchange& by, const std::string& challenge) {
    auto token = by.step(challenge);
    if (!token) return std::unexpected(std::move(token.error()));
    return secret(sip::base64(*token));
}

class gss_authenticator final : public http_authenticator {
public:
    explicit gss_authenticator(std::shared_ptr<gss_exchange> steps) : steps_(std::move(steps)) {}

    net::awaitable<net::result<secret>> step(std::string challenge, net::deadline until) override {
        if (!steps_) co_return fail(net::fault::other, "an earlier step failed");
        auto token = sip::from_base64(challenge);
        if (!token) co_return fail(net::fault::protocol, "the challenge is not Base64");
        if (net::clock::now() >= until) co_return fail(net::fault::timed_out, "no time left to make a token");
        // A step that failed or is still running leaves nothing to go on with; its thread owns the exchange then.
        auto steps = std::exchange(steps_, nullptr);
        std::function<token_or_failure()> work = [steps, token = std::move(*token)] { return made(*steps, token); };
        auto done = co_await net::run_blocking<token_or_failure>(std::move(work), until);
        if (!done) co_return std::unexpected(done.error());
        by_password_ = !steps->by_ticket();
        lacks_ntlm_ = !*done && done->error().what == gss_failure::kind::no_ntlm;
        if (!*done) co_return fail(net::fault::other, done->error().detail);
        steps_ = std::move(steps);
        co_return std::move(**done);
    }
    bool by_password() const override { return by_password_; }
    bool lacks_ntlm() const override { return lacks_ntlm_; }

private:
    std::shared_ptr<gss_exchange> steps_;
    bool by_password_ = true, lacks_ntlm_ = false;
};

}  // namespace

std::unique_ptr<http_authenticator> make_http_authenticator(std::string scheme, std::string host, login who) {
    const auto mechanism = sip::same_word(scheme, "Negotiate") ? gss::spnego() : gss::ntlm();
    gss_exchange::plan how{mechanism, GSS_C_INTEG_FLAG, "HTTP@" + host, std::move(who.name), std::move(who.password)};
    return std::make_unique<gss_authenticator>(std::make_shared<gss_exchange>(std::move(how)));
}

}  // namespace ucsignin::auth
