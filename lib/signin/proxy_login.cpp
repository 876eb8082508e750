#include "signin/proxy_login.hpp"

#include <algorithm>

#include "auth/http_auth.hpp"
#include "signin/context.hpp"
#include "signin/web_client.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::signin {
namespace {

using net::http::fields;
using net::http::response;
using protocol = auth::ledger::protocol;

constexpr int proxy_wants_login = 407;
constexpr int most_legs = 4;

std::string scheme_of(const std::string& challenge) { return challenge.substr(0, challenge.find_first_of(" ,")); }

std::string token_of(const response& r, const std::string& scheme) {
    for (const auto& value : r.all("Proxy-Authenticate"))
        if (value.size() > scheme.size() + 1 && sip::same_word(scheme_of(value), scheme) && value[scheme.size()] == ' ') return value.substr(scheme.size() + 1);
    return {};
}

fields header(const std::string& scheme, const auth::secret& token) {
    fields all;
    all.emplace_back("Proxy-Authorization", scheme + " " + token.reveal());
    return all;
}

auth::login login_of(const options& o) { return {o.proxy_login, o.proxy_password.value_or(auth::secret{})}; }

net::awaitable<net::result<response>> log_in_by_basic(context& c, proxy_request send) {
    const auto token = auth::secret(sip::base64(c.options.proxy_login + ":" + c.options.proxy_password->reveal()));
    c.passwords.used(protocol::proxy);
    auto headers = header("Basic", token);
    co_return co_await send(std::move(headers));
}

// Two legs for NTLM, one or more for Negotiate; each 407 brings the next challenge. A refusal of the first token, which
// holds no password, refuses none.
net::awaitable<net::result<response>> log_in_by_tokens(context& c, std::string host, std::string scheme, proxy_request send, response first, bool& answered,
                                                       net::deadline until) {
    auto exchange = auth::make_http_authenticator(scheme, host, login_of(c.options));
    net::result<response> last = std::move(first);
    std::string challenge;
    for (int leg = 0; leg < most_legs; ++leg) {
        auto token = co_await exchange->step(challenge, until);
        if (!token) co_return last;
        answered = !challenge.empty();
        if (answered && c.options.proxy_password) c.passwords.used(protocol::proxy);
        auto headers = header(scheme, *token);
        last = co_await send(std::move(headers));
        if (!last || last->status != proxy_wants_login) co_return last;
        challenge = token_of(*last, scheme);
        if (challenge.empty()) co_return last;
    }
    co_return last;
}

std::shared_ptr<proxy_gate> gate_of(context& c) {
    auto& gate = c.web.proxy_login;
    if (!gate) gate = std::make_shared<proxy_gate>(c.executor);
    return gate;
}

}  // namespace

std::string choose_proxy_scheme(const std::vector<std::string>& offered, bool login_given, bool password_given) {
    const auto has = [&](std::string_view wanted) { return std::ranges::any_of(offered, [&](const auto& o) { return sip::same_word(scheme_of(o), wanted); }); };
    if (!login_given) return {};
    if (has("Negotiate")) return "Negotiate";
    if (!password_given) return {};
    if (has("NTLM")) return "NTLM";
    return has("Basic") ? "Basic" : "";
}

net::awaitable<net::result<response>> ask_proxy(context& c, std::string proxy_host, proxy_request send, net::deadline until) {
    fields none;
    auto first = co_await send(std::move(none));
    if (!first || first->status != proxy_wants_login) co_return first;
    const auto scheme = choose_proxy_scheme(first->all("Proxy-Authenticate"), !c.options.proxy_login.empty(), c.options.proxy_password.has_value());
    if (scheme.empty()) co_return first;
    const auto gate = gate_of(c);
    if (gate->trying && !gate->taken) co_await gate->decided.wait(until);
    if (gate->trying && gate->taken != true) co_return first;
    if (!gate->taken && !c.passwords.may_use(protocol::proxy)) co_return first;
    gate->trying = true;
    net::result<response> last = *first;
    bool answered = scheme == "Basic";
    if (answered) last = co_await log_in_by_basic(c, send);
    else last = co_await log_in_by_tokens(c, proxy_host, scheme, send, *first, answered, until);
    const bool taken = last && last->status != proxy_wants_login;
    if (last && !taken && !gate->taken && answered) c.passwords.refused(protocol::proxy);
    // A connection that broke says nothing about the credentials: the next one may try.
    if (last) gate->taken = taken;
    else if (!gate->taken) gate->trying = false;
    gate->decided.set();
    co_return last;
}

}  // namespace ucsignin::signin
