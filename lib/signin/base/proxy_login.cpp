// Basic takes one step, NTLM and Negotiate take legs. The caller passes how to send a request, since CONNECT and
// requests for whole URLs differ in nothing else here.
#include "signin/base/proxy_login.hpp"

#include <algorithm>
#include <optional>

#include "auth/http_auth.hpp"
#include "auth/ledger.hpp"
#include "net/challenges.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::signin {
namespace {

using auth::password_way, auth::use_end;
using net::http::fields;
using net::http::response;

constexpr int proxy_wants_login = 407;
constexpr int most_legs = 4;

std::string token_of(const response& r, std::string_view scheme) {
    const auto lines = r.all("Proxy-Authenticate");
    const auto all = net::read_challenges(lines);
    const auto* found = net::find_scheme(all, scheme);
    return found ? std::string(found->rest) : std::string{};
}

fields header(const std::string& scheme, const auth::secret& token) {
    fields all;
    all.emplace_back("Proxy-Authorization", scheme + " " + token.reveal());
    return all;
}

// A proxy refuses by 407. What else it says is no word on a password that it has not taken before: it may have failed
// before it looked; of one that it has taken it is a word on the request.
use_end judge(const auth::ledger& uses, password_way way, const net::result<response>& answer) {
    if (!answer) return use_end::unjudged;
    if (answer->status == proxy_wants_login) return use_end::refused;
    const bool doubtful = answer->status == 403 || answer->status == 404 || answer->status >= 500;
    return doubtful && !uses.accepted(way) ? use_end::unjudged : use_end::accepted;
}

net::awaitable<net::result<response>> log_in_by_basic(
    proxy_account as, proxy_request request, response first, net::deadline until) {
    auto use = co_await as.uses.reserve(password_way::proxy_basic, until);
    if (!use) co_return first;
    const auto token = auth::secret(sip::base64(as.login + ":" + as.password->reveal()));
    auto headers = header("Basic", token);
    use->sent();
    auto last = co_await request.send(std::move(headers));
    use->end(judge(as.uses, password_way::proxy_basic, last));
    co_return last;
}

// Two legs for NTLM, one or more for Negotiate; each 407 brings the next challenge. The first token of NTLM holds no
// password, and a ticket is none.
// `judged`: the proxy has seen what proves the user; then no other scheme is tried, which would spend the password
// twice.
struct token_login {
    net::result<response> answer;
    bool judged = false;
};
net::awaitable<token_login> log_in_by_tokens(
    proxy_account as, std::string host, std::string scheme, proxy_request request, response first,
    net::deadline until) {
    const auto way = sip::same_word(scheme, "NTLM") ? password_way::proxy_ntlm : password_way::proxy_negotiate;
    auth::login login{as.login, as.password.value_or(auth::secret{})};
    auto exchange = auth::make_http_authenticator(scheme, host, std::move(login));
    auto token = co_await exchange->step({}, until);
    if (!token) co_return token_login{std::move(first), false};
    std::optional<auth::password_use> use;
    if (exchange->by_password()) {
        auto reserved = co_await as.uses.reserve(way, until);
        if (!reserved) co_return token_login{std::move(first), true};
        use.emplace(std::move(*reserved));
    }
    net::result<response> last = std::move(first);
    for (int leg = 0; leg < most_legs; ++leg) {
        const bool proves_it = use && leg > 0;
        if (proves_it) use->sent();
        auto headers = header(scheme, *token);
        last = co_await request.send(std::move(headers));
        const auto challenge = last ? token_of(*last, scheme) : std::string{};
        const bool goes_on = last && last->status == proxy_wants_login && !challenge.empty();
        if (!goes_on) {
            if (proves_it) use->end(judge(as.uses, way, last));
            co_return token_login{std::move(last), proves_it};
        }
        // The tokens are bound to their connection: on another one the proxy would refuse the right password, too.
        if (!request.stands()) co_return last;
        token = co_await exchange->step(challenge, until);
        if (!token) co_return token_login{std::move(last), proves_it};
    }
    co_return token_login{std::move(last), true};
}

}  // namespace

std::vector<std::string> proxy_schemes(const std::vector<std::string>& lines, bool login_given, bool password_given) {
    const auto offered = net::read_challenges(lines);
    const auto has = [&](std::string_view wanted) { return net::find_scheme(offered, wanted) != nullptr; };
    std::vector<std::string> order;
    if (!login_given) return order;
    if (has("Negotiate")) order.emplace_back("Negotiate");
    if (!password_given) return order;
    if (has("NTLM")) order.emplace_back("NTLM");
    if (order.empty() && has("Basic")) order.emplace_back("Basic");
    return order;
}

net::awaitable<net::result<response>> ask_proxy(
    proxy_account as, std::string proxy_host, proxy_request request, net::deadline until) {
    fields none;
    auto first = co_await request.send(std::move(none));
    if (!first || first->status != proxy_wants_login) co_return first;
    const auto schemes = proxy_schemes(first->all("Proxy-Authenticate"), !as.login.empty(), as.password.has_value());
    if (schemes.empty()) co_return first;
    if (schemes.front() == "Basic") co_return co_await log_in_by_basic(as, request, *first, until);
    token_login done{std::move(first), false};
    for (const auto& scheme : schemes) {
        // A connection that began with one scheme belongs to it: squid takes no other there.
        if (scheme != schemes.front()) request.hang_up();
        done = co_await log_in_by_tokens(as, proxy_host, scheme, request, *done.answer, until);
        if (done.judged || !done.answer || done.answer->status != proxy_wants_login) break;
    }
    co_return std::move(done.answer);
}

}  // namespace ucsignin::signin
