// Whether there are relay credentials, what of the relays answers from here, and whether they take the credentials
// (protocol 02, section 6).

#include <algorithm>
#include <fmt/format.h>
#include <span>

#include "signin/provisioning/requests.hpp"
#include "sip/lexical.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::signin::provisioning {
namespace {

namespace ev = trace::ev;
using trace::outcome;
using decided_here = decided_at<"provisioning.media_relay">;

std::string in_words(std::string_view protocol, int port, std::string_view state) {
    const auto at = port == 0 ? std::string(protocol) : fmt::format("{} {}", protocol, port);
    if (state == "answers" || state == "connects") return at + " answers";
    if (state == "timed_out" || state == "silent") return at + " is silent";
    if (state == "refused") return at + " is refused";
    if (state == "reset") return at + " is reset";
    if (state == "proxy") return at + ": not through the proxy";
    return at + (state == "not_tried" ? " was not tried" : " is unreachable");
}

// Of Microsoft's dialect no more than that is known: no relay that others wrote was ever asked in it by this program.
std::string grant_in_words(const relay_seen& one) {
    std::string words = one.dialect == "microsoft" ? "an allocation is likely granted" : "an allocation is granted";
    if (one.allocation.word() == "open") words += " without credentials";
    if (one.allocation.word() == "unproven") words += ", but the relay does not show that it knows the password";
    return words + (one.released ? " and given back" : ", and its return is not confirmed");
}

std::string allocation_in_words(const relay_seen& one) {
    const auto state = one.allocation.word();
    if (state == "not_tried") return {};
    if (one.was_granted()) return ", " + grant_in_words(one);
    const auto code = one.allocation_code ? fmt::format(" ({})", *one.allocation_code) : std::string{};
    if (state == "refused") return ", the credentials are refused" + code;
    if (state == "quota") return ", no allocation is left" + code;
    if (state == "mismatch") return ", an allocation of this address is there already" + code;
    if (state == "silent") return ", no answer to the credentials";
    return ", no allocation is granted" + code;
}

std::string reach_in_words(const relay_seen& one) {
    const auto name = one.relay.host.empty() ? std::string("a relay without a name") : one.relay.host;
    if (one.tcp.word() == "no_address" || one.udp.word() == "no_address")
        if (!one.is_alive()) return "no address is found for " + name;
    if (one.connects() && one.answers())
        return fmt::format("{} answers (UDP {}, TCP {})", name, one.relay.udp_port, one.relay.tcp_port);
    return fmt::format(
        "{}: {}, {}", name, in_words("UDP", one.relay.udp_port, one.udp.word()),
        in_words("TCP", one.relay.tcp_port, one.tcp.word()));
}

std::string in_words(const relay_seen& one) { return reach_in_words(one) + allocation_in_words(one); }

std::span<const relay_seen> tried(const relays_seen& seen) {
    return std::span(seen.all).first(std::min(seen.all.size(), most_relays_tried));
}

std::string in_words(const relays_seen& seen) {
    std::string words;
    for (const auto& one : tried(seen)) words += (words.empty() ? "" : "; ") + in_words(one);
    if (seen.all.size() > most_relays_tried)
        words += fmt::format("; {} more not tried", seen.all.size() - most_relays_tried);
    return words;
}

std::vector<trace::fact> facts_of(const relay_seen& one) {
    std::vector<trace::fact> facts{{ev::relay_host, one.relay.host}};
    if (!one.relay.location.empty()) facts.emplace_back(ev::relay_location, one.relay.location);
    if (!one.address.empty()) facts.emplace_back(ev::relay_address, one.address);
    facts.emplace_back(ev::relay_udp_port, one.relay.udp_port);
    facts.emplace_back(ev::relay_udp, one.udp);
    if (const auto dialect = ev::turn_dialect_word::from(one.dialect)) {
        facts.emplace_back(ev::relay_dialect, *dialect);
        facts.emplace_back(ev::relay_udp_ms, one.answered_ms);
    }
    if (one.error_code) facts.emplace_back(ev::relay_udp_code, *one.error_code);
    if (one.answers()) facts.emplace_back(ev::relay_allocation, one.allocation);
    if (one.allocation_code) facts.emplace_back(ev::relay_allocation_code, *one.allocation_code);
    if (one.stale_once) facts.emplace_back(ev::relay_allocation_stale, true);
    if (one.was_granted()) facts.emplace_back(ev::relay_allocation_released, one.released);
    facts.emplace_back(ev::relay_tcp_port, one.relay.tcp_port);
    facts.emplace_back(ev::relay_tcp, one.tcp);
    for (const auto& error : one.errors) facts.emplace_back(ev::relay_error, error);
    return facts;
}

decided_here without_relay(const answer& said, const sip::media_relay_answer* came) {
    if (said.unsent && said.unsent->why.empty()) return {"none", outcome::expected, "no relay is provisioned"};
    if (!came) return {"refused", outcome::warning, "no relay credentials: " + said.why_nothing()};
    if (!came->is_granted())
        return {
            "refused", outcome::warning,
            came->reason.empty() || sip::same_word(came->reason, "OK")
                ? "no relay credentials: the answer holds none"
                : fmt::format("no relay credentials: {}", came->reason)};
    return {"refused", outcome::warning, "relay credentials, but the answer names no relay"};
}

// A grant that nobody proves is to be taken for none (RFC 8489 9.2.5); what an Edge proves is not known so well.
bool is_well(const relay_seen& one) {
    const bool is_dubious = one.allocation.word() == "unproven" && one.dialect == "standard";
    return one.connects() && one.answers() && !one.grants_nothing() && !is_dubious;
}

decided_here of_relays(const relays_seen& seen) {
    const bool all_well = std::ranges::all_of(tried(seen), is_well);
    const bool any = std::ranges::any_of(seen.all, &relay_seen::is_alive);
    if (!any) return {"credentials_only", outcome::warning, "no relay answers: " + in_words(seen)};
    return {"answers", all_well ? outcome::ok : outcome::warning, in_words(seen)};
}

decided_here decide_media_relay(const answers& all) {
    const auto& said = all.at(asked::media_relay);
    const auto* came = all.read(asked::media_relay);
    const auto* seen = all.read(asked::relays);
    auto found = seen ? of_relays(*seen) : without_relay(said, came);
    if (const auto* error = said.unreadable())
        found.note(ev::body_error, fmt::format("{} (offset {})", error->what, error->offset));
    if (!said.unsent) found.facts.emplace_back(ev::mras_asked_for, location_for(all.remote));
    if (!came) return found;
    if (!came->reason.empty()) found.note(ev::mras_reason, came->reason);
    if (came->duration_min > 0) found.note(ev::mras_duration, came->duration_min);
    found.note(ev::relays, static_cast<std::int64_t>(came->relays.size() + came->left_out));
    if (seen)
        for (const auto& one : seen->all) found.groups.push_back(facts_of(one));
    return found;
}

constexpr node_row relay_table[] = {node<decide_media_relay>({asked::media_relay, asked::relays})};

}  // namespace

std::span<const node_row> relay_nodes() { return relay_table; }

}  // namespace ucsignin::signin::provisioning
