#include "lab/exchange_log_in.hpp"

#include <algorithm>

#include "lab/kerberos_ticket.hpp"
#include "lab/web_services_issue.hpp"
#include "lab/web_services_soap.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::lab {
namespace {

using visit = std::expected<exchange_visitor, net::http::response>;

bool takes(const exchange_settings& of, std::string_view scheme) {
    return std::ranges::any_of(of.schemes, [&](const std::string& one) { return sip::same_word(one, scheme); });
}

visit ask(const exchange_settings& of) {
    auto out = plain_answer(401);
    for (const auto& scheme : of.schemes)
        out.headers.emplace_back(
            "WWW-Authenticate", sip::same_word(scheme, "Basic") ? R"(Basic realm=")" + of.host + R"(")" : scheme);
    return std::unexpected(std::move(out));
}

visit by_basic(const pool_state& pool, std::string_view token) {
    const auto colon = std::min(token.find(':'), token.size());
    const auto* who = pool.find_login(std::string(token.substr(0, colon)));
    if (who && colon < token.size() && token.substr(colon + 1) == who->password) return exchange_visitor{who};
    return ask(pool.settings().exchange);
}

visit by_ticket(const pool_state& pool, web_session& session, std::string_view token) {
    auth::gss::context context;
    const auto taken = take_ticket(pool.settings().keytab, auth::gss::spnego(), token, context);
    if (!taken) {
        pool.say("Exchange: " + taken.error());
        return ask(pool.settings().exchange);
    }
    session.user = pool.find_login(taken->principal);
    if (!session.user) return ask(pool.settings().exchange);
    return exchange_visitor{session.user, "Negotiate " + sip::base64(taken->answer)};
}

visit by_ntlm(
    pool_state& pool, web_session& session, const net::http::request& request, const std::string& host,
    const std::string& scheme, std::string_view message) {
    constexpr std::size_t least = 12;
    if (message.size() < least) return ask(pool.settings().exchange);
    if (message[8] == '\1') {
        auto challenge = plain_answer(401);
        challenge.headers.emplace_back(
            "WWW-Authenticate", scheme + " " + challenge_by_ntlm(pool, session, request, host));
        return std::unexpected(std::move(challenge));
    }
    const auto proven = session.ntlm ? session.ntlm->verify(message, pool.windows_passwords()) : std::nullopt;
    session.ntlm.reset();
    if (!proven) return ask(pool.settings().exchange);
    session.user = pool.find_windows_account(proven->domain, proven->user);
    return exchange_visitor{session.user};
}

}  // namespace

visit log_in_to_exchange(
    pool_state& pool, web_session& session, const net::http::request& request, const std::string& host) {
    const auto& of = pool.settings().exchange;
    const auto shown = header_of(request.headers, "Authorization");
    const auto blank = std::min(shown.find(' '), shown.size());
    const auto scheme = shown.substr(0, blank);
    const auto token = sip::from_base64(std::string_view(shown).substr(blank)).value_or("");
    if (scheme.empty() && session.user) return exchange_visitor{session.user};
    if (scheme.empty() || !takes(of, scheme)) return ask(of);
    if (sip::same_word(scheme, "Basic")) return by_basic(pool, token);
    const auto message = ntlm_message_in(token);
    const bool may_be_ticket = message.empty() && sip::same_word(scheme, "Negotiate");
    if (may_be_ticket && !pool.settings().keytab.empty()) return by_ticket(pool, session, token);
    return by_ntlm(pool, session, request, host, scheme, message);
}

}  // namespace ucsignin::lab
