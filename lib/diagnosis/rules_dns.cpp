// Stage 2: what the names and records of the domain say.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

std::string name_of(const trace::span& s) {
    const auto name = s.text(ev::dns_name.name);
    return name.empty() ? s.subject : name;
}

// Whether one of the questions of this span ended in `state` ("SRV SERVFAIL").
bool ended_in(const trace::span& s, std::string_view state) {
    return std::ranges::any_of(s.texts(ev::dns_state.name), [&](const std::string& t) { return after_first_word(t) == state; });
}

bool absent(const trace::span& s) {
    const auto states = s.texts(ev::dns_state.name);
    return !states.empty() && std::ranges::all_of(states, [](const std::string& t) {
        const auto state = after_first_word(t);
        return state == "NXDOMAIN" || state == "NODATA";
    });
}

bool nothing_exists(const case_view& view) {
    const auto names = name_spans(view.trace);
    return !names.empty() && std::ranges::all_of(names, [](const trace::span* s) { return absent(*s); });
}

std::string zone_told(const case_view& view) {
    for (const auto* s : name_spans(view.trace))
        if (auto zone = s->text(ev::dns_zone.name); !zone.empty()) {
            if (zone.size() > 1 && zone.ends_with('.')) zone.pop_back();
            return zone;
        }
    return {};
}

// The negative answers came from a zone above the SIP domain, so the domain has no zone of its own.
bool zone_is_above(const std::string& zone, const std::string& domain) {
    return !zone.empty() && !is_under(zone, domain) && (zone == "." || is_under(domain, zone));
}

maybe no_such_domain(const case_view& view) {
    const auto zone = zone_told(view);
    if (!nothing_exists(view) || !zone_is_above(zone, view.domain)) return {};
    draft found(view, "dns-user-domain-typo");
    for (const auto* s : name_spans(view.trace)) found.seen(*s);
    found.about(view.domain).as(zone.find('.') == std::string::npos || zone == "." ? certainty::certain : certainty::likely);
    found.known_by(fmt::format("Every question was answered with 'does not exist' by the zone {} above it.", zone));
    found.not_because("dns-no-records", fmt::format("there is no zone {}; {} answered for it", view.domain, zone));
    return found.done();
}

maybe no_records(const case_view& view) {
    const auto zone = zone_told(view);
    if (!nothing_exists(view) || zone_is_above(zone, view.domain)) return {};
    draft found(view, "dns-no-records");
    const auto names = name_spans(view.trace);
    for (const auto* s : names) found.seen(*s);
    found.about(view.domain).as(zone.empty() ? certainty::likely : certainty::certain);
    found.known_by(fmt::format("All {} names that a client asks for were answered with 'does not exist'.", names.size()));
    if (!zone.empty()) found.not_because("dns-user-domain-typo", fmt::format("the zone {} answered", zone));
    found.not_because("dns-servfail", "the questions were answered");
    return found.done();
}

maybe unanswered(const case_view& view, std::string_view state, std::string_view id, std::string_view words) {
    std::vector<const trace::span*> hit;
    const auto names = name_spans(view.trace);
    std::ranges::copy_if(names, std::back_inserter(hit), [&](const trace::span* s) { return ended_in(*s, state); });
    if (hit.empty()) return {};
    draft found(view, id);
    for (const auto* s : hit) found.seen(*s);
    found.about(hit.size() == names.size() ? view.domain : name_of(*hit.front()));
    found.known_by(fmt::format("{} of {} questions {}, the first for {}.", hit.size(), names.size(), words, name_of(*hit.front())));
    return found.done();
}

maybe servfail(const case_view& view) { return unanswered(view, "SERVFAIL", "dns-servfail", "ended in SERVFAIL"); }
maybe refused(const case_view& view) { return unanswered(view, "REFUSED", "dns-refused", "were answered with REFUSED"); }

maybe truncated(const case_view& view) {
    for (const auto* s : name_spans(view.trace)) {
        if (!s->find(ev::dns_truncated.name) || !(ended_in(*s, "timeout") || ended_in(*s, "unreachable"))) continue;
        draft found(view, "dns-truncated-no-tcp");
        found.seen(*s).about(name_of(*s));
        return found.known_by(fmt::format("The answer for {} was cut off and could not be had by TCP.", name_of(*s))).done();
    }
    return {};
}

maybe timed_out(const case_view& view) {
    const auto names = name_spans(view.trace);
    if (std::ranges::any_of(names, [](const trace::span* s) { return s->find(ev::dns_truncated.name) && ended_in(*s, "timeout"); })) return {};
    auto found = unanswered(view, "timeout", "dns-timeout", "stayed without an answer");
    if (found) found->ruled_out.push_back({"local-resolver-none", "the questions were not rejected, nothing came back"});
    return found;
}

// "<host> records" etc. of an SRV target.
maybe target_missing(const case_view& view) {
    for (const std::string_view node : {"discovery.srv_internal", "discovery.srv_external"}) {
        const auto* s = view.trace.latest(node);
        if (!s) continue;
        const auto lines = s->texts(ev::dns_target_state.name);
        for (const auto& line : lines) {
            const auto state = after_first_word(line);
            // A and AAAA are asked for: a target is missing when neither is there.
            const bool missing = std::ranges::all_of(lines, [&](const std::string& other) {
                const auto told = after_first_word(other);
                return first_word(other) != first_word(line) || told == "NXDOMAIN" || told == "NODATA";
            });
            if (!missing) continue;
            const auto target = host_of(first_word(line));
            draft found(view, "dns-srv-target-missing");
            found.seen(*s).about(target).with("host", target);
            found.title(fmt::format("The SRV record {} names {}, which has no address", name_of(*s), target));
            found.known_by(fmt::format("{} was answered with {}.", target, state));
            found.not_because("dns-stale-a", fmt::format("{} does not resolve at all", target));
            return found.done();
        }
    }
    return {};
}

maybe target_alias(const case_view& view) {
    for (const std::string_view node : {"discovery.srv_internal", "discovery.srv_external"}) {
        const auto* s = view.trace.latest(node);
        const auto alias = s ? s->text(ev::dns_cname.name) : std::string{};
        if (alias.empty()) continue;
        draft found(view, "dns-srv-target-is-cname");
        const auto target = host_of(s->text(ev::dns_target.name));
        found.seen(*s).about(target).with("host", target);
        return found.title(fmt::format("The SRV record {} names {}, which is an alias for {}", name_of(*s), target, alias)).done();
    }
    return {};
}

const trace::span* wildcard_of(const case_view& view) {
    const auto* s = view.trace.latest("discovery.wildcard");
    return s && s->branch == "yes" ? s : nullptr;
}

maybe internal_name_outside(const case_view& view) {
    const auto* s = view.trace.latest("discovery.autodiscover_internal");
    if (!s || wildcard_of(view) || (s->branch != "unexpected_there" && !(s->branch == "address" && view.outside()))) return {};
    draft found(view, "dns-lyncdiscoverinternal-visible-outside");
    found.seen(*s).about(name_of(*s));
    found.known_by(fmt::format("It leads to {}, asked from outside.", fmt::join(s->texts(ev::dns_address.name), ", ")));
    if (view.trace.latest("discovery.wildcard")) found.not_because("dns-wildcard-catch-all", "a name that nobody made does not resolve");
    return found.done();
}

maybe internal_name_missing(const case_view& view) {
    const auto* vantage = view.trace.latest("discovery.vantage");
    const auto* s = view.trace.latest("discovery.autodiscover_internal");
    const auto* outer = view.trace.latest("discovery.autodiscover_external");
    if (!vantage || vantage->branch != "inside_disagrees" || !s || s->branch != "not_there") return {};
    if (!outer || outer->branch != "address") return {};
    draft found(view, "dns-split-brain-missing-internal");
    return found.seen(*vantage).seen(*s).about(name_of(*s)).done();
}

maybe internal_srv_missing(const case_view& view) {
    const auto* inner = view.trace.latest("discovery.srv_internal");
    const auto* outer = view.trace.latest("discovery.srv_external");
    const auto* disco = view.trace.latest("discovery.autodiscover_internal");
    if (!view.inside() || !inner || inner->branch != "not_there" || !outer || outer->branch != "records") return {};
    if (!disco || disco->branch != "address") return {};
    draft found(view, "dns-internal-srv-missing");
    return found.seen(*inner).about(name_of(*inner)).done();
}

maybe wildcard(const case_view& view) {
    const auto* s = wildcard_of(view);
    if (!s) return {};
    draft found(view, "dns-wildcard-catch-all");
    found.seen(*s).about("*." + view.domain).weigh(severity::warning);
    const auto addresses = s->texts(ev::dns_address.name);
    return found.known_by(fmt::format("A made-up name led to {}.", addresses.empty() ? "an address" : addresses.front())).done();
}

constexpr std::array<case_rule, 12> rules{no_such_domain, no_records, servfail, refused, truncated, timed_out, target_missing,
                                          target_alias, internal_name_outside, internal_name_missing, internal_srv_missing, wildcard};

}  // namespace

std::span<const case_rule> dns_rules() { return rules; }

}  // namespace ucsignin::diagnosis
