#include "lab/sip_service_answer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::lab {
namespace {

std::string new_tag() {
    std::string tag = sip::random_hex(16);
    std::transform(tag.begin(), tag.end(), tag.begin(), [](char c) {
        return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
    });
    return tag;
}

std::string instance_of(const sip::message& request) {
    const auto contact = request.header("Contact");
    if (!contact) return {};
    std::string text = sip::lower(sip::parse_name_addr(*contact).parameter("+sip.instance"));
    const auto at = text.find("urn:uuid:");
    if (at == std::string::npos) return {};
    text = text.substr(at + 9);
    return text.substr(0, text.find('>'));
}

// The server writes into the topmost Via which address and connection it saw.
std::string stamped_via(const std::string& via, const hop& at) {
    const auto colon = at.peer.rfind(':');
    const std::string host = at.peer.substr(0, colon),
                      port = colon == std::string::npos ? "0" : at.peer.substr(colon + 1);
    std::string out = via;
    if (via.find(host) == std::string::npos) out += ";received=" + host;
    return out + fmt::format(";ms-received-port={};ms-received-cid={}", port, at.cid);
}

}  // namespace

incoming read_request(std::string wire, sip::message request) {
    incoming out;
    const sip::name_addr from = sip::parse_name_addr(request.header("From").value_or(""));
    out.user = bare_address(from.uri);
    out.epid = sip::lower(from.parameter("epid"));
    out.instance = instance_of(request);
    auto credentials = request.header("Authorization");
    if (!credentials) credentials = request.header("Proxy-Authorization");
    if (credentials) out.credentials = sip::parse_auth_header(*credentials);
    out.wire = std::move(wire);
    out.request = std::move(request);
    return out;
}

std::string_view reason_phrase(int status) {
    switch (status) {
        case 200: return "OK";
        case 301: return "Redirect request to Home Server";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 406: return "Not Acceptable";
        case 409: return "Conflict";
        case 420: return "Bad Extension";
        case 421: return "Extension Required";
        case 423: return "Interval Too Brief";
        case 480: return "Temporarily Unavailable";
        case 481: return "Call Leg/Transaction Does Not Exist";
        case 485: return "Ambiguous";
        case 488: return "Not Acceptable Here";
        case 489: return "Bad Event";
        case 500: return "Server Internal Error";
        case 501: return "Not Implemented";
        case 503: return "Service Unavailable";
        case 504: return "Server Time-out";
        default: return "Answer of the Lab";
    }
}

sip::message make_answer(
    const pool_state& pool, const hop& at, const sip::message& request, int status, std::string reason) {
    sip::message out;
    out.status = status;
    out.reason = reason.empty() ? std::string(reason_phrase(status)) : std::move(reason);
    if (pool.settings().edge) out.add("ms-user-logon-data", "RemoteUser");
    out.add("From", request.header("From").value_or(""));
    std::string to = request.header("To").value_or("");
    if (sip::parse_name_addr(to).parameter("tag").empty()) to += ";tag=" + new_tag();
    out.add("To", std::move(to));
    out.add("Call-ID", request.header("Call-ID").value_or(""));
    out.add("CSeq", request.header("CSeq").value_or(""));
    auto vias = request.all("Via");
    if (!vias.empty()) vias.front() = stamped_via(vias.front(), at);
    for (auto& via : vias) out.add("Via", std::move(via));
    out.add("Server", pool.settings().server_header);
    return out;
}

void add_diagnostics(sip::message& answer, const hop& at, std::string_view header, int id, std::string_view reason) {
    const bool topology = header != "ms-diagnostics-public";  // the public form may leave the enterprise
    answer.add(
        std::string(header), fmt::format(
                                 R"({};reason="{}"{})", id, reason,
                                 topology ? fmt::format(R"(;source="{}")", at.server_name) : std::string()));
}

}  // namespace ucsignin::lab
