// Each connection gets a tap that knows the role of the other end; the step is found by what the message is about, as
// connections outlive the steps that opened them.
#include "signin/base/wire.hpp"

#include "sip/lexical.hpp"

namespace ucsignin::signin {
namespace {

std::string media_type(const net::wire_message& m) {
    auto type = m.body_type;
    for (const auto& [name, value] : m.headers)
        if (type.empty() && (sip::same_word(name, "Content-Type") || (m.protocol == "SIP" && name == "c")))
            type = value;
    return std::string(type.substr(0, type.find_first_of("; \t")));
}

std::string_view web_role(std::string_view host, std::string_view target) {
    constexpr std::string_view folder = "/Autodiscover/";
    const bool asks = host.starts_with("lyncdiscover") || sip::same_word(target.substr(0, folder.size()), folder);
    return asks ? "autodiscover" : "web_service";
}

// Who is at the other end, and the subject of the step that began to talk to it; empty: what is asked for.
struct talk {
    trace::message_end end;
    std::string step;
    std::string origin;  // of a web server's URLs
};

// Connections are used again: what is asked for decides, not what they were opened for.
std::string role_for(const net::wire_message& m, const talk& with) {
    if (with.origin.empty() || m.protocol != "HTTP") return with.end.role;
    return std::string(web_role(with.end.host, m.about));
}

// A step's subject is what it asks for: the name, the URL, the server.
std::string step_of(const trace::recorder& to, const net::wire_message& m, const talk& with) {
    if (m.protocol == "HTTP") {
        const bool is_path = m.about.starts_with('/');
        return to.open_about(is_path ? with.origin + std::string(m.about) : std::string(m.about));
    }
    return to.open_about(with.step.empty() ? std::string(m.about) : with.step);
}

trace::message written(const net::wire_message& m, trace::message_end peer) {
    trace::message out;
    const bool is_sent = m.direction == net::wire_direction::sent;
    out.direction = is_sent ? trace::direction::sent : trace::direction::received;
    peer.address = m.peer;
    trace::message_end self{"client", {}, m.local};
    out.from = is_sent ? self : peer;
    out.to = is_sent ? std::move(peer) : std::move(self);
    out.protocol = m.protocol;
    out.start_line = m.start_line;
    out.headers.reserve(m.headers.size());
    for (const auto& [name, value] : m.headers) out.headers.push_back({name, value});
    out.body.type = media_type(m);
    out.body.bytes = static_cast<std::int64_t>(m.body.empty() ? m.body_bytes : m.body.size());
    return out;
}

net::wire_tap tap(trace::recorder& to, talk with) {
    if (to.keeps() == trace::message_detail::none) return nullptr;
    return [&to, with = std::move(with)](const net::wire_message& m) {
        auto one = written(m, {role_for(m, with), with.end.host, {}});
        one.span_id = step_of(to, m, with);
        to.message(std::move(one), m.body);
    };
}

}  // namespace

net::wire_tap tap_resolver(trace::recorder& to) { return tap(to, {{"resolver", {}, {}}, {}, {}}); }

net::wire_tap tap_server(trace::recorder& to, std::string_view role, net::host_port server, std::string step) {
    if (step.empty()) step = net::to_string(server);
    return tap(to, {{std::string(role), std::move(server.host), {}}, std::move(step), {}});
}

net::wire_tap tap_web(trace::recorder& to, const net::http::url& first) {
    auto origin = first;
    origin.target.clear();
    return tap(to, {{std::string(web_role(first.host, first.target)), first.host, {}}, first.text(), origin.text()});
}

}  // namespace ucsignin::signin
