#include "lab/web_services_address_book.hpp"

#include <fmt/format.h>

#include "lab/web_services_documents.hpp"
#include "lab/web_services_soap.hpp"
#include "lab/web_services_ticket.hpp"
#include "sip/xml.hpp"

namespace ucsignin::lab {
namespace {

// A search that finds nobody: this pool has no photos. Named as WCF names the answer to an operation.
constexpr std::string_view nobody =
    R"(<SearchAbEntryResponse xmlns="DistributionListExpander"><SearchAbEntryResult><Items/></SearchAbEntryResult></SearchAbEntryResponse>)";

net::http::response search(pool_state& pool, const net::http::request& request, const std::string& url) {
    if (auto scripted = refused_by(pool, pool.play_soap("group_expansion", "POST"))) return *scripted;
    const auto document = sip::xml::document::read(request.body, sip::xml::limits::request);
    const auto assertion = document ? document->root().find("Security").child("Assertion") : sip::xml::element();
    const auto by = document ? check_ticket(pool, assertion, url, ticket_scope::host)
                             : std::unexpected(ticket_fault::invalid);
    if (!by)
        return soap_fault_answer(
            pool, {"wsse:InvalidSecurityToken", std::string(reason_of(by.error())), error_id(by.error()), "", 500});
    pool.say("address book: a search by " + by->user);
    return soap_answer(nobody);
}

}  // namespace

net::http::response answer_address_book(
    pool_state& pool, const net::http::request& request, const std::string& host, const std::string& path) {
    if (request.method != "GET") return plain_answer(405);
    if (auto scripted = refused_by(pool, pool.play_soap("address_book", "GET"))) return *scripted;
    const auto by = ticket_in_header(pool, request, "https://" + host + request.target, ticket_scope::host);
    if (!by) return ask_for_ticket(pool, by.error());
    pool.say("address book: asked by " + by->user);
    // Files and photos are below it; there are none.
    return path == "/abs/handler" ? plain_answer(200, "text/plain", "\n") : plain_answer(404);
}

net::http::response answer_group_expansion(
    pool_state& pool, const net::http::request& request, const std::string& host, const std::string& path) {
    if (path == "/groupexpansion/service.svc/mex") {
        if (auto scripted = refused_by(pool, pool.play_soap("group_expansion", "mex"))) return *scripted;
        return plain_answer(200, "text/xml; charset=utf-8", group_expansion_wsdl(pool.settings(), host));
    }
    if (path != "/groupexpansion/service.svc/webticket_bearer") return plain_answer(404);
    if (request.method != "POST") return plain_answer(405);
    return search(pool, request, "https://" + host + request.target);
}

}  // namespace ucsignin::lab
