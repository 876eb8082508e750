// Stage 1: adapters, routes, resolvers, hosts file, proxy.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

maybe no_network(const case_view& view) {
    const auto* adapters = view.trace.latest("devices.adapters");
    if (!adapters || adapters->branch != "none_usable" || !went_wrong(*adapters)) return {};
    draft found(view, "local-no-network");
    found.seen(*adapters);
    const auto rejected = adapters->texts(ev::adapter_rejected.name);
    if (rejected.empty()) found.known_by("No adapter was found at all.");
    else found.known_by(fmt::format("Every adapter was rejected: {}.", fmt::join(rejected, "; ")));
    return found.done();
}

maybe no_route(const case_view& view) {
    const auto* adapters = view.trace.latest("devices.adapters");
    if (adapters && adapters->branch == "none_usable") return {};
    const auto routes = view.trace.all("devices.route");
    const auto is_closed = [](const trace::span* s) { return s->branch == "no_route"; };
    
    if (std::ranges::none_of(routes, is_closed)) return {};
    if (std::ranges::any_of(routes, [&](const trace::span* s) { return ran(*s) && !is_closed(s); })) return {};
    draft found(view, "local-no-default-route");
    for (const auto* s : routes)
        if (is_closed(s)) {
            found.seen(*s);
            if (const auto why = s->text(ev::route_error.name); !why.empty()) found.known_by(fmt::format("{}: {}.", s->subject, why));
        }
    found.not_because("net-host-unreachable", "this PC itself knows no route; no router was asked");
    return found.done();
}

// "<addr> no: timeout" is silence; "no: refused" or "unreachable" is a host that rejects the question.
bool rejects(const std::string& answer) {
    return answer.find(" no") != std::string::npos &&
           (answer.ends_with("unreachable") || answer.ends_with(" refused") || answer.ends_with(":refused"));
}

maybe no_resolver(const case_view& view) {
    const auto* resolvers = view.trace.latest("devices.resolvers");
    if (!resolvers || resolvers->branch != "none") return {};
    const auto configured = resolvers->texts(ev::resolver.name);
    const auto answers = resolvers->texts(ev::resolver_answers.name);
    const bool none_listed = configured.empty() && answers.empty();
    if (!none_listed && (answers.empty() || !std::ranges::all_of(answers, rejects))) return {};
    draft found(view, "local-resolver-none");
    found.seen(*resolvers);
    if (none_listed) found.title("No DNS server is configured on this PC").known_by("The list of resolvers is empty.");
    else {
        std::vector<std::string> who;
        for (const auto& a : answers) who.push_back(first_word(a));
        found.title(fmt::format("Nothing listens at the configured DNS server {}", fmt::join(who, ", ")));
        found.known_by(fmt::format("Every configured resolver rejected the question: {}.", fmt::join(answers, "; ")));
        found.not_because("dns-timeout", "the question was rejected at once, not left unanswered");
    }
    return found.done();
}

maybe hosts_override(const case_view& view) {
    const auto* hosts = view.trace.latest("devices.hosts");
    if (!hosts || hosts->branch != "yes_different") return {};
    const auto lines = hosts->texts(ev::hosts_entry.name);
    const auto stopped = view.stop ? host_of(candidate_of(*view.stop)) : std::string{};
    const auto names_it = std::ranges::find_if(lines, [&](const std::string& l) { return !stopped.empty() && holds(l, stopped); });
    const auto line = names_it != lines.end() ? *names_it : lines.empty() ? std::string{} : lines.front();
    const auto name = names_it != lines.end() ? stopped : line.substr(line.find_last_of(" \t") + 1);
    draft found(view, "local-hosts-override");
    found.seen(*hosts).with("host", name).about(name);
    found.known_by(fmt::format("The line is '{}'; DNS says something else.", line));
    if (names_it == lines.end()) found.weigh(severity::warning);
    return found.done();
}

maybe dead_proxy(const case_view& view) {
    const auto* proxy = view.trace.latest("devices.proxy");
    if (!proxy || proxy->branch != "dead") return {};
    draft found(view, "local-proxy-dead-leftover");
    const auto url = proxy->text(ev::proxy.name), who = proxy->text(ev::proxy_source.name);
    found.seen(*proxy).about(host_of_url(url) + ":" + port_of_url(url));
    found.title(fmt::format("The proxy {} does not answer", url));
    if (!who.empty()) found.known_by(fmt::format("It is set by {}.", who));
    found.not_because("net-proxy-407", "the proxy gave no answer at all");
    return found.done();
}

maybe tunnel_wins(const case_view& view) {
    for (const auto* s : view.trace.all("devices.route")) {
        if (s->branch != "tunnel_wins") continue;
        const bool blocked = view.stop && view.stop->node == "connection.tcp" &&
                             (view.stop->branch == "filtered" || view.stop->branch == "unreachable");
        if (!blocked) return {};
        draft found(view, "local-vpn-adapter-preferred");
        found.seen(*s).seen(*view.stop).as(certainty::possible);
        found.about(s->subject);
        found.known_by(fmt::format("The route leaves by {} and the connection does not come up.", s->text(ev::adapter_name.name)));
        return found.weigh(severity::warning).done();
    }
    return {};
}

constexpr std::array<case_rule, 6> rules{no_network, no_route, no_resolver, hosts_override, dead_proxy, tunnel_wins};

}  // namespace

std::span<const case_rule> device_rules() { return rules; }

}  // namespace ucsignin::diagnosis
