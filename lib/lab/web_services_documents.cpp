#include "lab/web_services_documents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "lab/web_services_soap.hpp"
#include "sip/lexical.hpp"
#include "sip/xml.hpp"

namespace ucsignin::lab {
namespace {

using links = std::vector<std::pair<std::string, std::string>>;  // token, href

constexpr std::string_view definitions =
    R"(<wsdl:definitions name="{0}" targetNamespace="http://tempuri.org/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/")"
    R"( xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy")"
    R"( xmlns:sp="http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702" xmlns:wsa10="http://www.w3.org/2005/08/addressing">{1}<wsdl:service name="{0}">{2}</wsdl:service></wsdl:definitions>)";

// Part 01 section 7.2: how the settings, the metadata and the URL name each.
struct ticket_port {
    std::string_view way, name, path;
};
constexpr ticket_port ticket_ports[] = {
    {"WinNegotiate", "WebTicketServiceWinNegotiate", "/NegotiateAuth"},
    {"WinNtlm", "WebTicketServiceWinNtlm", "/NtlmAuth"},
    {"Auth", "WebTicketServiceAuth", "/Auth"},
    {"Anon", "WebTicketServiceAnon", "/Anon"},
    {"Cert", "WebTicketServiceCert", "/Cert"},
    {"WsFedBearer", "WsFedBearer", "/WsFed_bearer"},
    {"OAuth", "OAuth", "/OAuth"}};

// One ExactlyOne, one All, one token: clients look into the first of each only.
std::string ticket_policy(std::string_view port, std::string_view kind, const std::string& issuer) {
    return fmt::format(
        R"(<wsp:Policy wsu:Id="{0}_policy"><wsp:ExactlyOne><wsp:All><sp:{1}><wsp:Policy>)"
        R"(<sp:IssuedToken sp:IncludeToken="http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702/IncludeToken/AlwaysToRecipient"><sp:Issuer><wsa10:Address>{2}</wsa10:Address></sp:Issuer><sp:RequestSecurityTokenTemplate/></sp:IssuedToken>)"
        R"(</wsp:Policy></sp:{1}></wsp:All></wsp:ExactlyOne></wsp:Policy>)",
        port, kind, issuer);
}

std::string port_xml(std::string_view name, const std::string& location) {
    return fmt::format(
        R"(<wsdl:port name="{0}" binding="{0}"><soap:address location="{1}"/></wsdl:port>)", name,
        sip::xml::escape(location));
}

std::string service_url(const pool_settings& settings, std::string_view path) {
    return fmt::format("https://{}{}", web_host(settings), path);
}
std::string autodiscover_url(const pool_settings& settings, std::string_view path) {
    return service_url(settings, "/Autodiscover/AutodiscoverService.svc/root") + std::string(path);
}

std::string_view location_of(const pool_settings& settings) { return settings.edge ? "External" : "Internal"; }

std::string json_text(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

struct access {
    std::string element, fqdn;
    int port;
};
std::vector<access> accesses(const pool_settings& settings) {
    return {
        {"SipServerInternalAccess", settings.pool, settings.internal_port},
        {"SipClientInternalAccess", settings.pool, settings.internal_port},
        {"SipServerExternalAccess", settings.edge_host, 5061},
        {"SipClientExternalAccess", settings.edge_host, settings.external_port}};
}

net::http::response xml_document_of(
    const pool_settings& settings, std::string_view resource, const std::vector<access>& sip, const links& all) {
    std::string inner;
    for (const auto& one : sip)
        inner += fmt::format(R"(<{} fqdn="{}" port="{}"/>)", one.element, sip::xml::escape(one.fqdn), one.port);
    for (const auto& [token, href] : all)
        inner += fmt::format(R"(<Link token="{}" href="{}"/>)", token, sip::xml::escape(href));
    return plain_answer(
        200, "application/vnd.microsoft.rtc.autodiscover+xml; v=1",
        fmt::format(
            R"(<?xml version="1.0" encoding="utf-8"?><AutodiscoverResponse xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" AccessLocation="{0}"><{1}>{2}</{1}></AutodiscoverResponse>)",
            location_of(settings), resource, inner));
}

net::http::response json_document_of(
    const pool_settings& settings, std::string_view resource, const std::vector<access>& sip, const links& all) {
    std::string inner, list;
    for (const auto& one : sip)
        inner += fmt::format(R"({}:{{"fqdn":{},"port":"{}"}},)", json_text(one.element), json_text(one.fqdn), one.port);
    for (const auto& [token, href] : all)
        list += fmt::format(
            R"({}{{"token":{},"href":{}}})", list.empty() ? "" : ",", json_text(token), json_text(href));
    return plain_answer(
        200, "application/vnd.microsoft.rtc.autodiscover+json; v=1",
        fmt::format(
            R"({{"AccessLocation":"{}",{}:{{{}"Link":[{}]}}}})", location_of(settings), json_text(resource), inner,
            list));
}

net::http::response ucwa_document_of(const links& all) {
    std::string list;
    for (const auto& [token, href] : all)
        list += fmt::format(
            R"({}{}:{{"href":{}}})", list.empty() ? "" : ",", json_text(sip::lower(token)), json_text(href));
    return plain_answer(200, "application/json", fmt::format(R"({{"_links":{{{}}}}})", list));
}

net::http::response document_of(
    const pool_settings& settings, autodiscover_form form, std::string_view resource, const std::vector<access>& sip,
    const links& all) {
    if (form == autodiscover_form::xml) return xml_document_of(settings, resource, sip, all);
    if (form == autodiscover_form::json) return json_document_of(settings, resource, sip, all);
    return ucwa_document_of(all);
}

}  // namespace

std::string cert_prov_wsdl(const pool_settings& settings) {
    const std::string issuer = service_url(settings, "/WebTicket/WebTicketService.svc");
    constexpr std::string_view proof = "CertProvisioningServiceWebTicketProof_SHA1",
                               bearer = "CertProvisioningServiceWebTicketBearer";
    return fmt::format(
        definitions, "CertProvisioningService",
        ticket_policy(proof, "EndorsingSupportingTokens", issuer) +
            ticket_policy(bearer, "SignedSupportingTokens", issuer),
        port_xml(proof, service_url(settings, "/CertProv/CertProvisioningService.svc/WebTicket_Proof_SHA1")) +
            port_xml(bearer, service_url(settings, "/CertProv/CertProvisioningService.svc/WebTicket_Bearer")));
}

std::string web_ticket_wsdl(const pool_settings& settings) {
    const std::string base = service_url(settings, "/WebTicket/WebTicketService.svc");
    std::string ports;
    for (const auto& [way, name, path] : ticket_ports)
        if (std::find(settings.ticket_ways.begin(), settings.ticket_ways.end(), way) != settings.ticket_ways.end())
            ports += port_xml(name, base + std::string(path));
    return fmt::format(definitions, "WebTicketService", "", ports);
}

std::string group_expansion_wsdl(const pool_settings& settings, const std::string& host) {
    constexpr std::string_view bearer = "AddressBookWebTicketBearer";
    return fmt::format(
        definitions, "DistributionListExpander",
        ticket_policy(bearer, "SignedSupportingTokens", service_url(settings, "/WebTicket/WebTicketService.svc")),
        port_xml(bearer, "https://" + host + "/groupexpansion/service.svc/WebTicket_Bearer"));
}

autodiscover_form form_wanted(std::string_view accept) {
    const std::string text = sip::lower(accept);
    if (text.find("autodiscover+xml") != std::string::npos) return autodiscover_form::xml;
    if (text.find("autodiscover+json") != std::string::npos) return autodiscover_form::json;
    return text.find("text/xml") != std::string::npos ? autodiscover_form::xml : autodiscover_form::ucwa;
}

std::string user_url(const pool_settings& settings) { return autodiscover_url(settings, "/user"); }

net::http::response autodiscover_root(const pool_settings& settings, autodiscover_form form) {
    return document_of(
        settings, form, "Root", {},
        {{"Domain", autodiscover_url(settings, "/domain")},
         {"User", user_url(settings)},
         {"Self", autodiscover_url(settings, "")},
         {"OAuth", autodiscover_url(settings, "/oauth/user")}});
}

net::http::response autodiscover_redirect(
    const pool_settings& settings, autodiscover_form form, std::string_view query) {
    return document_of(settings, form, "Root", {}, {{"Redirect", autodiscover_url(settings, query)}});
}

net::http::response autodiscover_access(
    const pool_settings& settings, autodiscover_form form, std::string_view resource) {
    const std::string outside = "https://" + settings.web_external, inside = "https://" + settings.web_internal;
    const std::string root = "/Autodiscover/AutodiscoverService.svc/root";
    links all = {{"External/Autodiscover", outside + root}, {"Internal/Autodiscover", inside + root}};
    if (resource == "User")
        all.insert(
            all.end(), {{"External/AuthBroker", outside + "/Reach/sip.svc"},
                        {"Internal/AuthBroker", inside + "/Reach/sip.svc"},
                        {"External/WebScheduler", outside + "/Scheduler"},
                        {"Internal/WebScheduler", inside + "/Scheduler"},
                        {"External/Mcx", outside + "/Mcx/McxService.svc"},
                        {"Internal/Mcx", outside + "/Mcx/McxService.svc"},
                        {"External/Ucwa", outside + "/ucwa/v1/applications"},
                        {"Internal/Ucwa", inside + "/ucwa/v1/applications"},
                        {"Self", autodiscover_url(settings, "/user")}});
    return document_of(settings, form, resource, accesses(settings), all);
}

}  // namespace ucsignin::lab
