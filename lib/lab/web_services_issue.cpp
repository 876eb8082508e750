#include "lab/web_services_issue.hpp"

#include <fmt/format.h>

#include "lab/username_token.hpp"
#include "lab/web_services_soap.hpp"
#include "lab/web_services_ticket.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"
#include "sip/xml.hpp"
#include "trace/dates.hpp"

namespace ucsignin::lab {
namespace {

constexpr std::int64_t lifetime_s = 8 * 3600;

// Client entropy must not stand before the server's: clients take the first BinarySecret. Lifetime is written so that
// its inner text is canonical where it will be copied to (wsu is declared on the envelope only).
net::http::response ticket_answer(const issued_ticket& issued, const std::string& context) {
    return soap_answer(fmt::format(
        R"(<RequestSecurityTokenResponseCollection xmlns="http://docs.oasis-open.org/ws-sx/ws-trust/200512"><RequestSecurityTokenResponse Context="{}">)"
        R"(<TokenType>http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1</TokenType><RequestedSecurityToken>{}</RequestedSecurityToken>)"
        R"(<RequestedProofToken><ComputedKey>http://docs.oasis-open.org/ws-sx/ws-trust/200512/CK/PSHA1</ComputedKey></RequestedProofToken>)"
        R"(<Entropy><BinarySecret>{}</BinarySecret></Entropy><Lifetime><wsu:Created>{}</wsu:Created><wsu:Expires>{}</wsu:Expires></Lifetime>)"
        R"(<KeySize>256</KeySize></RequestSecurityTokenResponse></RequestSecurityTokenResponseCollection>)",
        sip::xml::escape(context), issued.assertion, sip::base64(issued.server_entropy),
        trace::iso_time(issued.record.created), trace::iso_time(issued.record.expires)));
}

net::http::response refuse(pool_state& pool, std::string code, std::string text, int id) {
    pool.say(fmt::format("RST refused: {} {}", id, text));
    return soap_fault_answer(pool, {std::move(code), std::move(text), id, "", 500});
}

net::http::response issue_for(pool_state& pool, const account& who, std::string_view body, const soap_rule* rule) {
    const auto document = sip::xml::document::read(body, sip::xml::limits::request);
    const auto request = document ? document->root().find("RequestSecurityToken") : sip::xml::element();
    const std::string audience = request.find("AppliesTo").find("Address").text();
    const auto entropy = sip::from_base64(request.find("Entropy").find("BinarySecret").text());
    if (!request || audience.empty() || !entropy || entropy->empty())
        return refuse(pool, "wst:InvalidRequest", "The request was invalid or malformed.", 28020);
    const std::string claimed = request.find("Claims").find("Value").text();
    if (!claimed.empty() && bare_address(claimed) != who.address)
        return refuse(
            pool, "wst:FailedAuthentication",
            "The requested SIP URI differs from the one that belongs to the presented credentials.", 28020);
    if (!who.sip_enabled) return refuse(pool, "wsse:FailedAuthentication", "User is not SIP enabled.", 28000);

    std::int64_t created = pool.now(), expires = created + lifetime_s;
    if (rule && rule->ticket == "expired") {
        created -= 2 * lifetime_s;
        expires -= 2 * lifetime_s;
    }
    if (rule && rule->ticket == "not_yet_valid") {
        created += lifetime_s;
        expires += lifetime_s;
    }
    const issued_ticket issued = issue_ticket(pool, who.address, audience, *entropy, created, expires);
    pool.say("RST: ticket issued to " + who.address + " for " + audience);
    return ticket_answer(issued, request.attribute("Context"));
}

net::http::response ask_to_log_in(const std::string& answer = {}) {
    net::http::response out = plain_answer(401);
    if (answer.empty()) {
        out.headers.emplace_back("WWW-Authenticate", "Negotiate");
        out.headers.emplace_back("WWW-Authenticate", "NTLM");
    } else {
        out.headers.emplace_back("WWW-Authenticate", answer);
    }
    return out;
}

// The account whose name and password these are.
const account* owner_of(const pool_state& pool, const username_token& shown) {
    const account* const who = pool.find_login(shown.name);
    return who && shown.password == auth::secret(who->password) ? who : nullptr;
}

// What Authorization holds: a scheme, and the bytes of its token.
struct login {
    std::string scheme, token;
    [[nodiscard]] std::string_view message() const { return ntlm_message_in(token); }
};
login login_in(const net::http::request& request) {
    const std::string credentials = header_of(request.headers, "Authorization");
    const auto blank = std::min(credentials.find(' '), credentials.size());
    return {credentials.substr(0, blank), sip::from_base64(std::string_view(credentials).substr(blank)).value_or("")};
}

}  // namespace

std::string challenge_by_ntlm(
    const pool_state& pool, web_session& session, const net::http::request& request, const std::string& host) {
    const login shown = login_in(request);
    session.ntlm.emplace(pool.settings().sip_domain, host);
    const std::string challenge = session.ntlm->challenge(shown.message());
    return sip::base64(shown.message().size() == shown.token.size() ? challenge : wrap_for_spnego(challenge));
}

net::http::response issue_by_windows_login(
    pool_state& pool, web_session& session, const net::http::request& request, const std::string& host) {
    const soap_rule* rule = pool.play_soap("web_ticket", "RST");
    if (auto scripted = refused_by(pool, rule)) return *scripted;
    const login shown = login_in(request);
    const std::string_view message = shown.message();
    if (shown.scheme.empty() && session.user) return issue_for(pool, *session.user, request.body, rule);
    if (!(sip::same_word(shown.scheme, "NTLM") || sip::same_word(shown.scheme, "Negotiate")) || message.size() < 12)
        return ask_to_log_in();
    if (message[8] == '\1') return ask_to_log_in(shown.scheme + " " + challenge_by_ntlm(pool, session, request, host));
    const auto who = session.ntlm ? session.ntlm->verify(message, pool.windows_passwords()) : std::nullopt;
    session.ntlm.reset();
    if (!who) {
        pool.say("RST: NTLM log-in refused");
        return ask_to_log_in();
    }
    session.user = pool.find_windows_account(who->domain, who->user);
    return issue_for(pool, *session.user, request.body, rule);
}

net::http::response issue_by_username(pool_state& pool, const net::http::request& request) {
    const soap_rule* rule = pool.play_soap("web_ticket", "RST");
    if (auto scripted = refused_by(pool, rule)) return *scripted;
    const auto document = sip::xml::document::read(request.body, sip::xml::limits::request);
    const username_token shown = document ? read_username_token(document->root().child("Header")) : username_token();
    const username_form form = pool.settings().username_token;
    const account* who = form == username_form::base64 ? nullptr : owner_of(pool, shown);
    if (const auto decoded = shown.decoded(); !who && decoded && form != username_form::clear)
        who = owner_of(pool, *decoded);
    if (!who) return refuse(pool, "wsse:FailedAuthentication", "No valid security token.", 28020);
    return issue_for(pool, *who, request.body, rule);
}

}  // namespace ucsignin::lab
