#include "lab/exchange.hpp"

#include <fmt/format.h>

#include "lab/exchange_documents.hpp"
#include "lab/exchange_log_in.hpp"
#include "lab/web_services_soap.hpp"
#include "sip/lexical.hpp"
#include "sip/xml.hpp"

namespace ucsignin::lab {
namespace {

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
    const auto of_photo = wanted.name() == "GetUserPhoto" ? wanted.descendant("Email").text() : std::string();
    const auto address = !of_photo.empty() ? of_photo : !named.empty() ? named : !alone.empty() ? alone : who.address;
    const bool is_own = of_photo.empty() && alone.empty() && !who.email.empty();
    auto text = ews_xml(
        of, mailbox_of(pool, is_own ? who.email : address), pool.settings().contacts, wanted.name(), request.body,
        pool.real_now());
    const int status = text.find("<s:Fault>") == std::string::npos ? 200 : 500;
    return xml_answer(status, std::move(text));
}

net::http::response answer_as_exchange(
    pool_state& pool, web_session& session, const net::http::request& request, const std::string& host,
    const std::string& path) {
    const bool finds = path == "/autodiscover/autodiscover.xml";
    if (!finds && path != "/ews/exchange.asmx") return plain_answer(404);
    const auto visitor = log_in_to_exchange(pool, session, request, host);
    if (!visitor) return visitor.error();
    if (request.method != "POST") return plain_answer(finds ? 200 : 405, finds ? "text/xml" : "");
    auto out = finds ? answer_autodiscover(pool, request) : answer_ews(pool, *visitor->who, request);
    if (!visitor->header.empty()) out.headers.emplace_back("WWW-Authenticate", visitor->header);
    return out;
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
