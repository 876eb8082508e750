#include "sip/media_relay.hpp"

#include "sip/lexical.hpp"
#include "sip/xml.hpp"

namespace ucsignin::sip {
namespace {

constexpr std::size_t most_relays = 16;

// Absent: the port that every deployment uses.
void read_port(const xml::element& in, std::string_view name, std::uint16_t& into) {
    if (const auto said = in.child(name)) into = to_number<std::uint16_t>(said.text()).value_or(0);
}

media_relay read_relay(const xml::element& in) {
    media_relay out;
    out.location = in.child("location").text();
    out.host = in.child("hostName").text();
    if (out.host.empty()) out.host = in.child("directIPAddress").text();
    read_port(in, "udpPort", out.udp_port);
    read_port(in, "tcpPort", out.tcp_port);
    return out;
}

}  // namespace

std::string media_relay_request(std::string_view from, std::string_view to, std::string_view location) {
    const auto own = xml::escape(from), service = xml::escape(to);
    return R"(<request xmlns="http://schemas.microsoft.com/2006/09/sip/mrasp" requestID="1" version="1.0" from=")" +
           own + R"(" to=")" + service +
           R"(" route="loadbalanced"><credentialsRequest credentialsRequestID="1"><identity>)" + own +
           "</identity><location>" + std::string(location) +
           "</location><duration>480</duration></credentialsRequest></request>";
}

bool media_relay_answer::is_granted() const { return has_credentials && (reason.empty() || same_word(reason, "OK")); }

std::expected<media_relay_answer, parse_error> parse_media_relay(std::string_view text) {
    const auto body = xml::document::read(text, xml::limits::media_relay, "response");
    if (!body) return std::unexpected(body.error());
    const auto root = body->root();
    media_relay_answer out;
    out.reason = root.attribute("reasonPhrase");
    for (const auto& one : root.children("credentialsResponse")) {
        const auto credentials = one.child("credentials");
        if (!credentials.child("username").text().empty() && !credentials.child("password").text().empty())
            out.has_credentials = true;
        if (out.duration_min == 0)
            out.duration_min = to_number<std::int64_t>(credentials.child("duration").text()).value_or(0);
        for (const auto& relay : one.child("mediaRelayList").children("mediaRelay")) {
            if (out.relays.size() < most_relays) out.relays.push_back(read_relay(relay));
            else ++out.left_out;
        }
    }
    return out;
}

}  // namespace ucsignin::sip
