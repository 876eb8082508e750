// Reads XML by libxml2 within limits, and JSON within a bound on depth. Published examples differ in case and blanks of
// names, so both are tolerated; a wrong root element is not.
#include "signin/discovery/autodiscover_document.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "signin/base/decision.hpp"
#include "signin/base/limits.hpp"
#include "sip/xml.hpp"
#include "trace/ascii.hpp"
#include "trace/json_text.hpp"

namespace ucsignin::signin::discovery {
namespace {

using trace::lower;
using trace::trim;
using json = nlohmann::json;
using kind = autodiscover_document::kind;
constexpr auto largest = sip::xml::limits::autodiscover.bytes;

// Published examples have stray blanks in names. A port that is not there is the usual one; one that is none spoils the
// entry.
std::optional<net::host_port> to_server(const std::string& fqdn, const std::string& port, std::uint16_t usual_port) {
    auto host = lower(trim(fqdn));
    if (host.ends_with('.')) host.pop_back();
    const auto digits = trim(port);
    if (!host.empty() && digits.empty()) return net::host_port{host, usual_port};
    std::uint16_t number = 0;
    const auto [end, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (host.empty() || bad != std::errc{} || end != digits.data() + digits.size() || number == 0) return std::nullopt;
    return net::host_port{host, number};
}

void add_access(autodiscover_document& into, std::string_view name, const std::string& fqdn, const std::string& port) {
    const bool inside = lower(name) == "sipclientinternalaccess";
    if (!inside && lower(name) != "sipclientexternalaccess") return;
    const auto server = to_server(fqdn, port, inside ? 5061 : 443);
    auto& servers = inside ? into.internal_access : into.external_access;
    if (server && servers.size() < limits::servers_per_document) servers.push_back(*server);
    else if (server) ++into.servers_left_out;
}

void add_link(autodiscover_document& into, link one) {
    if (into.links.size() < limits::links_per_document) into.links.push_back(std::move(one));
}

std::optional<kind> to_kind(std::string_view name) {
    const auto n = lower(name);
    if (n == "root") return kind::root;
    if (n == "user") return kind::user;
    if (n == "domain") return kind::domain;
    return std::nullopt;
}

// Published examples vary the case of names.
std::string attribute(const sip::xml::element& of, std::string_view name) {
    for (auto& [have, value] : of.attributes())
        if (lower(have) == lower(name)) return value;
    return {};
}

void read_children(const sip::xml::element& parent, autodiscover_document& into) {
    for (const auto& child : parent.children()) {
        if (lower(child.name()) == "link")
            add_link(into, {std::string(trim(attribute(child, "token"))), std::string(trim(attribute(child, "href")))});
        else add_access(into, child.name(), attribute(child, "fqdn"), attribute(child, "port"));
    }
}

std::expected<autodiscover_document, sip::parse_error> parse_xml(std::string_view body) {
    const auto document = sip::xml::document::read(body, sip::xml::limits::autodiscover);
    if (!document) return std::unexpected(document.error());
    const auto root = document->root();
    if (lower(root.name()) != "autodiscoverresponse")
        return std::unexpected(
            sip::parse_error{0, "the root element is " + root.name() + ", not AutodiscoverResponse"});
    autodiscover_document out;
    out.access_location = trim(attribute(root, "AccessLocation"));
    for (const auto& child : root.children()) {
        const auto what = to_kind(child.name());
        if (!what) continue;
        out.what = *what;
        read_children(child, out);
        return out;
    }
    return std::unexpected(sip::parse_error{0, "it has no Root, User or Domain"});
}

std::string text_of(const json& object, const char* name) {
    const auto at = object.find(name);
    if (at == object.end()) return {};
    if (at->is_string()) return at->get<std::string>();
    return at->is_number() ? at->dump() : std::string{};
}

// UCWA's form: {"_links": {"user": {"href": ...}}}
void read_hypermedia(const json& links, autodiscover_document& into) {
    for (const auto& [token, target] : links.items())
        if (target.is_object()) add_link(into, {token, text_of(target, "href")});
}

// Exchange's form: {"Root": {"Link": [{"token":..., "href":...}], "SipClientExternalAccess": {"fqdn":..., "port":...}}}
void read_object(const json& object, autodiscover_document& into) {
    for (const auto& [name, member] : object.items()) {
        if (lower(name) == "link" || lower(name) == "links") {
            for (const auto& l : member.is_array() ? member : json::array({member}))
                if (l.is_object()) add_link(into, {text_of(l, "token"), text_of(l, "href")});
        } else if (member.is_object()) {
            add_access(into, name, text_of(member, "fqdn"), text_of(member, "port"));
        }
    }
}

std::expected<autodiscover_document, sip::parse_error> parse_json(std::string_view body) {
    const auto read = trace::parse_json(body);
    if (!read || !read->is_object()) return std::unexpected(sip::parse_error{0, "not a JSON object"});
    const auto& document = *read;
    autodiscover_document out;
    out.access_location = text_of(document, "AccessLocation");
    if (const auto links = document.find("_links"); links != document.end() && links->is_object()) {
        read_hypermedia(*links, out);
        return out;
    }
    for (const auto& [name, member] : document.items()) {
        const auto what = to_kind(name);
        if (!what || !member.is_object()) continue;
        out.what = *what;
        read_object(member, out);
        return out;
    }
    return std::unexpected(sip::parse_error{0, "it has no Root, User, Domain or _links"});
}

}  // namespace

std::string autodiscover_document::href(std::string_view token) const {
    const auto at = std::ranges::find_if(links, [&](const auto& l) { return lower(l.token) == lower(token); });
    return at == links.end() ? std::string{} : at->href;
}

bool is_autodiscover_type(std::string_view content_type) {
    const auto type = lower(content_type);
    return type.starts_with("application/vnd.microsoft.rtc.autodiscover") ||
           type.starts_with("application/vnd.microsoft.com.ucwa") || type.starts_with("application/json") ||
           type.starts_with("application/xml") || type.starts_with("text/xml");
}

std::expected<autodiscover_document, sip::parse_error> parse_autodiscover(
    std::string_view content_type, std::string_view body) {
    if (body.size() > largest)
        return std::unexpected(sip::parse_error{largest, "more than " + std::to_string(largest) + " bytes"});
    if (lower(content_type).find("json") != std::string::npos) return parse_json(body);
    return parse_xml(body);
}

trace::decision decide_link(const autodiscover_document& root) {
    using trace::verdict;
    // Of a token that stands there twice the first counts, as href() takes it.
    const auto first = [&](std::string_view token) {
        return std::ranges::find_if(root.links, [&](const auto& l) { return lower(l.token) == token; });
    };
    const auto redirect = first("redirect"), user = first("user"), domain = first("domain");
    const bool elsewhere = !root.href("Redirect").empty(), for_user = !root.href("User").empty();
    std::vector<trace::considered> options;
    for (auto l = root.links.begin(); l != root.links.end(); ++l) {
        if (l == redirect && elsewhere)
            options.push_back({l->token, verdict::chosen, "a root that leads to another is followed first"});
        else if (l == user && for_user)
            options.push_back(
                {l->token, elsewhere ? verdict::passed_over : verdict::chosen,
                 elsewhere ? "the root leads to another" : "it names this user's servers"});
        else if (l == domain)
            options.push_back(
                {l->token,
                 elsewhere  ? verdict::passed_over
                 : for_user ? verdict::not_tried
                            : verdict::chosen,
                 elsewhere  ? "the root leads to another"
                 : for_user ? "read only when the user document names no server, or is late"
                            : "there is no user document"});
        else options.push_back({l->token, verdict::passed_over, "it does not lead to servers"});
    }
    return decided("Which link of this document is followed?", std::move(options));
}

}  // namespace ucsignin::signin::discovery
