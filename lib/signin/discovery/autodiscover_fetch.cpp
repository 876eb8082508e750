// Asks for one document, with or without a ticket. What came instead of one (a redirect, a refusal that names the
// ticket service, a page) is kept, as the next step depends on it.
#include "signin/discovery/autodiscover_fetch.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "signin/base/notes.hpp"
#include "trace/ascii.hpp"

namespace ucsignin::signin::discovery {
namespace {

constexpr std::size_t most_hops = 10;
constexpr const char* wanted_type = "application/vnd.microsoft.rtc.autodiscover+xml;v=1";

void read_document(document_answer& a, const net::http::url& url) {
    if (!a.web.response) {
        a.trouble = in_words(a.web);
        return;
    }
    const auto& r = *a.web.response;
    if (r.status >= 300 && r.status < 400) {
        const auto where = net::http::resolve(url, r.header("Location"));
        if (where) a.redirect = where->text();
        else a.trouble = in_words(a.web) + ", with a Location that is not a URL";
        return;
    }
    if (r.status != 200) {
        a.trouble = in_words(a.web);
        return;
    }
    const auto type = r.header("Content-Type");
    if (!is_autodiscover_type(type)) {
        // A gateway may lose the type on its way: then the body decides. What calls itself a page is one.
        auto untyped = parse_autodiscover(r.body.starts_with('{') ? "application/json" : "text/xml", r.body);
        if (untyped && !untyped->links.empty() && trace::lower(type).find("html") == std::string::npos) {
            a.document = std::move(*untyped);
            return;
        }
        a.not_autodiscover = true;
        a.trouble = "something else answers there: " + (type.empty() ? "no media type" : type);
        return;
    }
    auto document = parse_autodiscover(type, r.body);
    if (document) a.document = std::move(*document);
    else {
        a.not_autodiscover = true;
        a.trouble = fmt::format(
            "not an Autodiscover document: {} (offset {})", document.error().what, document.error().offset);
    }
}

net::http::request document_request() {
    net::http::request wanted;
    wanted.headers = {{"Accept", wanted_type}};
    return wanted;
}

// The word of a server that proved its name and may have credentials itself is worth something.
naming says(const net::http::url& from, const trust_decision& trust, const web_answer& answer) {
    naming out{naming_way::autodiscover, from.host, !from.secure(), {}};
    if (trust && answer.proven()) out.voucher = *trust;
    return out;
}

document_answer to_answer(const place& from, const trust_decision& trust, web_answer web) {
    document_answer a;
    a.says = says(from.url, trust, web);
    a.web = std::move(web);
    read_document(a, from.url);
    return a;
}

}  // namespace

void walk::add(const std::string& url, const std::string& with_cookies) {
    visited.push_back(url);
    cookies.push_back(with_cookies);
}

bool walk::loops(const std::string& url, const std::string& with_cookies) const {
    for (std::size_t i = 0; i < visited.size(); ++i)
        if (visited[i] == url && cookies[i] == with_cookies) return true;
    return false;
}

bool walk::too_long() const { return visited.size() >= most_hops; }

net::awaitable<document_answer> fetch_document(context& c, place from) {
    const auto trust = decide_trust(c, from.url.host, from.named);
    auto wanted = document_request();
    auto web = co_await c.web.fetch(c, from.url, std::move(wanted), c.until.http());
    co_return to_answer(from, trust, std::move(web));
}

net::awaitable<document_answer> fetch_document(context& c, place from, credential_target to, auth::web_ticket ticket) {
    auto wanted = document_request();
    credentials proof{{{"X-MS-WebTicket", ticket.header_value()}}, {}};
    auto web = co_await c.web.send(c, to, from.url, std::move(wanted), std::move(proof), c.until.http());
    co_return to_answer(from, to, std::move(web));
}

std::string link_of(const document_answer& a, const net::http::url& from, std::string_view token) {
    const auto href = a.document ? a.document->href(token) : std::string{};
    const auto where = href.empty() ? net::result<net::http::url>(std::unexpected(net::error{}))
                                    : net::http::resolve(from, href);
    return where ? where->text() : href;
}

void note_place(context& c, trace::scope& span, const std::string& url, const naming& named, const walk& so_far) {
    span.note(ev::http_url, url);
    for (const auto& hop : so_far.visited) span.note(ev::http_hop, hop);
    const auto parsed = net::http::parse_url(url);
    if (!parsed) return;
    span.note(ev::under_domain, is_under(parsed->host, c.who.domain));
    span.note(ev::trust_own_name, c.trusted_names.covers(parsed->host, naming::by_dns(parsed->host)).has_value());
    span.note(ev::candidate_trusted, c.trusted_names.covers(parsed->host, named).has_value());
}

void note_document(trace::scope& span, const document_answer& a) {
    note_web(span, a.web);
    if (a.not_autodiscover && a.web.response) span.note(ev::http_body, a.web.response->body.substr(0, 200));
    if (!a.document) return;
    if (!a.document->access_location.empty()) span.note(ev::access_location, a.document->access_location);
    for (const auto& l : a.document->links) span.group().note(ev::link_purpose, l.token).note(ev::link_href, l.href);
    const auto note_side = [&](std::string_view side, const std::vector<net::host_port>& servers) {
        for (const auto& s : servers)
            span.group().note(ev::sip_access_side, side).note(ev::sip_access_server, net::to_string(s));
    };
    note_side("internal", a.document->internal_access);
    note_side("external", a.document->external_access);
    if (a.document->servers_left_out > 0)
        span.note(ev::candidates_left_out, static_cast<std::int64_t>(a.document->servers_left_out));
}

}  // namespace ucsignin::signin::discovery
