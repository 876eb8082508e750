#include "lab/exchange.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lab/exchange_documents.hpp"
#include "lab/web_services_issue.hpp"
#include "lab/web_services_soap.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"
#include "sip/xml.hpp"

namespace ucsignin::lab {
namespace {

std::string header_of(const net::http::request& request, std::string_view name) {
    for (const auto& [key, value] : request.headers)
        if (sip::same_word(key, name)) return value;
    return {};
}

bool takes(const exchange_settings& of, std::string_view scheme) {
    return std::ranges::any_of(of.schemes, [&](const std::string& one) { return sip::same_word(one, scheme); });
}

net::http::response ask_to_log_in(const exchange_settings& of) {
    auto out = plain_answer(401);
    for (const auto& scheme : of.schemes)
        out.headers.emplace_back(
            "WWW-Authenticate", sip::same_word(scheme, "Basic") ? R"(Basic realm=")" + of.host + R"(")" : scheme);
    return out;
}

// Who sends it, or the 401 that asks for that. NTLM authenticates the connection, Basic each request.
std::expected<const account*, net::http::response> authenticate(
    pool_state& pool, web_session& session, const net::http::request& request, const std::string& host) {
    const auto& of = pool.settings().exchange;
    const auto shown = header_of(request, "Authorization");
    const auto blank = std::min(shown.find(' '), shown.size());
    const auto scheme = shown.substr(0, blank);
    const auto token = sip::from_base64(std::string_view(shown).substr(blank)).value_or("");
    if (scheme.empty() && session.user) return session.user;
    if (scheme.empty() || !takes(of, scheme)) return std::unexpected(ask_to_log_in(of));
    if (sip::same_word(scheme, "Basic")) {
        const auto colon = std::min(token.find(':'), token.size());
        const auto* who = pool.find_login(token.substr(0, colon));
        if (who && colon < token.size() && token.substr(colon + 1) == who->password) return who;
        return std::unexpected(ask_to_log_in(of));
    }
    const auto message = ntlm_message_in(token);
    if (message.size() < 12) return std::unexpected(ask_to_log_in(of));
    if (message[8] == '\1') {
        auto challenge = plain_answer(401);
        challenge.headers.emplace_back(
            "WWW-Authenticate", scheme + " " + challenge_by_ntlm(pool, session, request, host));
        return std::unexpected(std::move(challenge));
    }
    const auto proven = session.ntlm ? session.ntlm->verify(message, pool.windows_passwords()) : std::nullopt;
    session.ntlm.reset();
    if (!proven) return std::unexpected(ask_to_log_in(of));
    session.user = pool.find_windows_account(proven->domain, proven->user);
    return session.user;
}

const mailbox* mailbox_of(const pool_state& pool, const std::string& address) {
    const auto& settings = pool.settings();
    for (const auto& one : settings.exchange.mailboxes) {
        const auto& own = one.address.empty() ? settings.users.front().address : one.address;
        if (sip::same_word(own, address)) return &one;
    }
    return nullptr;
}

net::http::response xml_answer(int status, std::string body) {
    return plain_answer(status, "text/xml; charset=utf-8", std::move(body));
}

net::http::response answer_autodiscover(const pool_state& pool, const net::http::request& request) {
    const auto document = sip::xml::document::read(request.body, sip::xml::limits::request, "Autodiscover");
    const auto address = document ? document->root().descendant("EMailAddress").text() : std::string();
    if (address.empty()) return xml_answer(200, autodiscover_error_xml(600, "Invalid Request"));
    if (!mailbox_of(pool, address))
        return xml_answer(200, autodiscover_error_xml(500, "The e-mail address cannot be found."));
    return xml_answer(200, autodiscover_settings_xml(pool.settings().exchange, address));
}

// Requests without an address are about the mailbox of who logged in.
net::http::response answer_ews(const pool_state& pool, const account& who, const net::http::request& request) {
    const auto& of = pool.settings().exchange;
    const auto document = sip::xml::document::read(request.body, sip::xml::limits::request, "Envelope");
    const auto body = document ? document->root().child("Body").children() : std::vector<sip::xml::element>();
    if (body.empty()) return xml_answer(500, ews_fault_xml(of, "ErrorSchemaValidation", "The request is no SOAP."));
    const auto& wanted = body.front();
    const auto named = wanted.descendant("Address").descendant("Address").text();
    const auto alone = wanted.descendant("Address").text();
    const auto address = !named.empty() ? named : !alone.empty() ? alone : who.address;
    auto text = ews_xml(
        of, mailbox_of(pool, alone.empty() && !who.email.empty() ? who.email : address), pool.settings().contacts,
        wanted.name(), request.body, pool.real_now());
    const int status = text.find("<s:Fault>") == std::string::npos ? 200 : 500;
    return xml_answer(status, std::move(text));
}

net::http::response answer_as_exchange(
    pool_state& pool, web_session& session, const net::http::request& request, const std::string& host,
    const std::string& path) {
    const bool finds = path == "/autodiscover/autodiscover.xml";
    if (!finds && path != "/ews/exchange.asmx") return plain_answer(404);
    const auto who = authenticate(pool, session, request, host);
    if (!who) return who.error();
    if (request.method != "POST") return plain_answer(finds ? 200 : 405, finds ? "text/xml" : "");
    return finds ? answer_autodiscover(pool, request) : answer_ews(pool, **who, request);
}

}  // namespace

bool is_for_exchange(const pool_state& pool, const std::string& host, const std::string& target) {
    const auto path = sip::lower(target);
    return pool.settings().exchange.there &&
           (host == pool.settings().exchange.host || path.starts_with("/autodiscover/autodiscover.xml") ||
            path.starts_with("/ews/"));
}

net::http::response answer_exchange(
    pool_state& pool, web_session& session, const net::http::request& request, const std::string& host, bool secure) {
    const auto path = sip::lower(std::string_view(request.target).substr(0, request.target.find('?')));
    auto out = secure ? answer_as_exchange(pool, session, request, host, path) : plain_answer(404);
    out.headers.emplace_back("Server", "Microsoft-IIS/10.0");
    pool.say(fmt::format("Exchange: {} {}{}: {}", request.method, host, path, out.status));
    return out;
}

}  // namespace ucsignin::lab
