// Basic takes one step, NTLM and Negotiate take legs. The caller passes how to send a request, since CONNECT and
// requests for whole URLs differ in nothing else here.
#include "signin/base/proxy_login.hpp"

#include <algorithm>
#include <optional>

#include "auth/http_auth.hpp"
#include "auth/ledger.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::signin {
namespace {

using auth::password_way, auth::use_end;
using net::http::fields;
using net::http::response;

constexpr int proxy_wants_login = 407;
constexpr int most_legs = 4;

std::string scheme_of(const std::string& challenge) { return challenge.substr(0, challenge.find_first_of(" ,")); }

std::string token_of(const response& r, const std::string& scheme) {
    for (const auto& value : r.all("Proxy-Authenticate"))
        if (value.size() > scheme.size() + 1 && sip::same_word(scheme_of(value), scheme) && value[scheme.size()] == ' ')
            return value.substr(scheme.size() + 1);
    return {};
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
net::awaitable<net::result<response>> log_in_by_tokens(
    proxy_account as, std::string host, std::string scheme, proxy_request request, response first,
    net::deadline until) {
    const auto way = sip::same_word(scheme, "NTLM") ? password_way::proxy_ntlm : password_way::proxy_negotiate;
    auth::login login{as.login, as.password.value_or(auth::secret{})};
    auto exchange = auth::make_http_authenticator(scheme, host, std::move(login));
    auto token = co_await exchange->step({}, until);
    if (!token) co_return first;
    std::optional<auth::password_use> use;
    if (exchange->by_password()) {
        auto reserved = co_await as.uses.reserve(way, until);
        if (!reserved) co_return first;
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
            co_return last;
        }
        // The tokens are bound to their connection: on another one the proxy would refuse the right password, too.
        if (!request.stands()) co_return last;
        token = co_await exchange->step(challenge, until);
        if (!token) co_return last;
    }
    co_return last;
}

}  // namespace

std::string choose_proxy_scheme(const std::vector<std::string>& offered, bool login_given, bool password_given) {
    const auto has = [&](std::string_view wanted) {
        return std::ranges::any_of(offered, [&](const auto& o) { return sip::same_word(scheme_of(o), wanted); });
    };
    if (!login_given) return {};
    if (has("Negotiate")) return "Negotiate";
    if (!password_given) return {};
    if (has("NTLM")) return "NTLM";
    return has("Basic") ? "Basic" : "";
}

net::awaitable<net::result<response>> ask_proxy(
    proxy_account as, std::string proxy_host, proxy_request request, net::deadline until) {
    fields none;
    auto first = co_await request.send(std::move(none));
    if (!first || first->status != proxy_wants_login) co_return first;
    const auto scheme = choose_proxy_scheme(
        first->all("Proxy-Authenticate"), !as.login.empty(), as.password.has_value());
    if (scheme.empty()) co_return first;
    if (scheme == "Basic") co_return co_await log_in_by_basic(as, request, *first, until);
    co_return co_await log_in_by_tokens(as, proxy_host, scheme, request, *first, until);
}

}  // namespace ucsignin::signin
