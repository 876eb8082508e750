// Opens the SIP connection with its events, and writes the requests that belong to the registration. Only messages
// with a valid signature are believed: before the log-in, anybody at this address could have sent one.
#include "signin/base/session.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

#include "signin/base/notifications.hpp"
#include "signin/base/wire.hpp"
#include "sip/encoding.hpp"
#include "sip/identity.hpp"

namespace ucsignin::signin {
namespace {

// "deregistered;event=rejected" (protocol section 4.12)
std::string reason_in(const std::string& body) {
    constexpr std::size_t longest_word = 64;
    const auto at = body.find("event=");
    if (at == std::string::npos) return "deregistered";
    return body.substr(at + 6, std::min(body.find_first_of("\r\n;", at + 6) - at - 6, longest_word));
}

// A sign-in subscribes to three packages, and is told of the registration; a server may know more, but not without end.
constexpr std::size_t most_packages = 16, most_bytes = 8 * 1024 * 1024;

void keep(session& s, const std::string& name, const sip::message& m) {
    std::size_t bytes = m.body.size();
    for (const auto& [other, said] : s.notified)
        if (other != name) bytes += said.body.size();
    const bool known = s.notified.contains(name);
    if (bytes <= most_bytes && (known || s.notified.size() < most_packages)) s.notified[name] = m;
}

// One without a body tells of the subscription only: that it is pending, or that an older one has ended.
void keep_news(session& s, const std::string& event, const sip::message& m) {
    if (event.empty() || m.body.empty()) return;
    const auto dialog = dialog_name(event, m.header("Call-ID").value_or(""));
    keep(s, s.notified.contains(dialog) ? event : dialog, m);
}

void remember(session& s, const sip::message& m) {
    const auto event = m.header("Event").value_or("");
    if (event == "registration-notify") {
        if (m.body.starts_with("deregistered")) s.ended_by = reason_in(m.body);
        s.ended_diagnostics = sip::diagnostics_of(m);
        keep(s, event, m);
    } else {
        keep_news(s, event, m);
    }
    s.news.set();
}

}  // namespace

void require_meant(const credential_target& to, const session& s) {
    if (s.server.host != to.host())
        throw std::logic_error("credentials for " + to.host() + " were on their way to " + s.candidate);
}

session::session(context& c, net::host_port with)
    : epid(sip::epid_for(c.who.sip_uri, c.environment.host->machine_id())),
      instance(sip::instance_from_epid(epid)),
      call_id(sip::random_hex(16)),
      from_tag(sip::random_hex(5)),
      server(std::move(with)),
      candidate(net::to_string(server)),
      news(c.executor),
      ms_opaque_(sip::random_hex(5)),
      user_agent_(c.options.user_agent),
      who_(c.who) {}

std::shared_ptr<session> open_session(
    context& c, net::host_port with, net::verified_stream over, const net::tls_facts& facts) {
    auto s = std::make_shared<session>(c, std::move(with));
    s->local_address = over.look().local_address();
    s->client_certificate_wanted = facts.client_certificate_wanted;
    auto events = session::events_for(s);
    events.wire = tap_server(c.trace, "registrar", s->server);
    s->sip = sip::connection::start(std::move(over).release(), c.executor, std::move(events));
    return s;
}

void session::note_end(const net::error& why) {
    const auto now = net::clock::now();
    const auto seconds = [](net::clock::duration d) { return std::chrono::duration<double>(d).count(); };
    lost = loss{seconds(now - opened), sip ? seconds(now - sip->last_active()) : 0, why};
    if (ended_by.empty()) ended_by = "connection_lost";
    news.set();
}

// The connection holds its events and the session holds the connection: the events must not hold the session.
sip::connection_events session::events_for(std::weak_ptr<session> self) {
    sip::connection_events events;
    events.request = [self](const sip::message& m, sip::protector::verdict signature) {
        // What nobody signed is anybody's word: before the log-in, that of whoever answers at this address.
        const auto s = self.lock();
        if (s && signature == sip::protector::verdict::valid) remember(*s, m);
    };
    events.discarded = [self](const sip::message&, std::string) {
        if (const auto s = self.lock()) s->news.set();
    };
    events.closed = [self](const net::error& why) {
        if (const auto s = self.lock()) s->note_end(why);
    };
    return events;
}

std::string session::via() const {
    return fmt::format("SIP/2.0/TLS {};branch=z9hG4bK{}", local_address, sip::random_hex(10));
}

std::string session::contact_uri() const {
    return gruu.empty() ? fmt::format("sip:{};transport=tls;ms-opaque={}", local_address, ms_opaque_) : gruu;
}

sip::message session::make_register() {
    sip::message m;
    m.method = "REGISTER";
    m.request_uri = "sip:" + who_.domain;
    m.add("Via", via()).add("Max-Forwards", "70");
    m.add("From", fmt::format("<{}>;tag={};epid={}", who_.sip_uri, from_tag, epid))
        .add("To", fmt::format("<{}>", who_.sip_uri));
    m.add("Call-ID", call_id).add("CSeq", fmt::format("{} REGISTER", ++register_cseq_));
    m.add(
        "Contact",
        fmt::format(
            "<sip:{};transport=tls;ms-opaque={}>;methods=\"INVITE, MESSAGE, INFO, OPTIONS, BYE, CANCEL, NOTIFY, ACK, "
            "REFER, BENOTIFY\";proxy=replace;+sip.instance=\"<urn:uuid:{}>\"",
            local_address, ms_opaque_, instance));
    m.add("User-Agent", user_agent_);
    m.add("Supported", "gruu-10, adhoclist, msrtc-event-categories").add("Supported", "ms-forking");
    m.add("Supported", "ms-cluster-failover").add("Supported", "ms-userservices-state-notification");
    m.add("ms-keep-alive", "UAC;hop-hop=yes").add("Event", "registration");
    return m;
}

sip::message session::make_request(const std::string& method, const std::string& uri) {
    sip::message m;
    m.method = method;
    m.request_uri = uri;
    m.add("Via", via()).add("Max-Forwards", "70");
    m.add("From", fmt::format("<{}>;tag={};epid={}", who_.sip_uri, sip::random_hex(5), epid))
        .add("To", fmt::format("<{}>", uri));
    m.add("Call-ID", sip::random_hex(16)).add("CSeq", "1 " + method);
    m.add("Contact", fmt::format("<{}>", contact_uri())).add("User-Agent", user_agent_);
    return m;
}

}  // namespace ucsignin::signin
