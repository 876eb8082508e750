#include "signin/provisioning/own_presence.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "sip/lexical.hpp"

namespace ucsignin::signin::provisioning {
namespace {

namespace ev = trace::ev;

constexpr std::uint32_t raw_states_container = 2;

ev::presence_kind_word kind_of(std::string_view state_type) {
    struct row {
        std::string_view type;
        ev::presence_kind_word kind;
    };
    static constexpr row rows[] = {
        {"userState", "user"}, {"machineState", "machine"}, {"calendarState", "calendar"}, {"phoneState", "phone"}};
    for (const auto& one : rows)
        if (sip::same_word(one.type, state_type)) return one.kind;
    return "other";
}

bool is_aggregate(const sip::category& one) { return sip::lower(one.state_type).starts_with("aggregate"); }

// The user's own word comes before all others; then what makes a machine's state busier.
int rank_of(const other_state& one) {
    if (one.kind.word() == "user") return 0;
    return one.kind.word() == "machine" ? 2 : 1;
}

void mark_the_one_that_outweighs(std::vector<other_state>& all, int seen) {
    other_state* best = nullptr;
    for (auto& one : all)
        if (one.availability == seen && (!best || rank_of(one) < rank_of(*best))) best = &one;
    if (best) best->outweighs = true;
}

ev::access_level_word level_of(std::uint32_t container) {
    switch (container) {
        case 0: return "default";
        case 100: return "external";
        case 200: return "colleagues";
        case 300: return "workgroup";
        case 400: return "personal";
        case 32000: return "blocked";
        default: return "other";
    }
}

trace::fact whom(const sip::container_member& one) {
    if (sip::same_word(one.type, "user")) return {ev::access_user, one.value};
    if (sip::same_word(one.type, "domain")) return {ev::access_domain, one.value};
    return {ev::access_group, one.type};
}

}  // namespace

std::vector<other_state> other_states(const sip::roaming_self& from, std::uint32_t own_machine_state, int seen) {
    std::vector<other_state> all;
    for (const auto& one : from.categories) {
        const bool is_raw = one.name == "state" && one.container == raw_states_container && one.availability > 0;
        if (!is_raw || is_aggregate(one) || one.instance == own_machine_state) continue;
        all.push_back({kind_of(one.state_type), one.availability, one.activity, one.endpoint, one.publish_time, false});
    }
    mark_the_one_that_outweighs(all, seen);
    return all;
}

std::vector<trace::fact> facts_of(const other_state& one) {
    std::vector<trace::fact> facts{
        {ev::presence_state, one.kind}, {ev::presence_state_availability, std::int64_t{one.availability}}};
    if (!one.activity.empty()) facts.emplace_back(ev::presence_state_activity, one.activity);
    if (!one.endpoint.empty()) facts.emplace_back(ev::presence_state_endpoint, one.endpoint);
    if (!one.since.empty()) facts.emplace_back(ev::presence_state_since, one.since);
    facts.emplace_back(ev::presence_state_outweighs, one.outweighs);
    return facts;
}

std::string words_of(const other_state& one) {
    const auto kind = one.kind.word();
    auto words = [&]() -> std::string {
        if (kind == "user") return "the state that the user chose by hand";
        if (kind == "calendar") return "a state of the calendar";
        return kind == "phone" ? "the state of a call" : "the state of another endpoint";
    }();
    if (!one.activity.empty()) words += " (" + one.activity + ")";
    if (one.endpoint.empty()) words += ", of an endpoint that the server does not name";
    else words += ", of endpoint " + one.endpoint;
    return one.since.empty() ? words : words + ", since " + one.since;
}

std::string_view words_of_availability(int availability) {
    struct row {
        int below;
        std::string_view words;
    };
    static constexpr row rows[] = {{3000, "unknown"},        {4500, "available"},  {6000, "available, idle"},
                                   {7500, "busy"},           {9000, "busy, idle"}, {12000, "do not disturb"},
                                   {15000, "be right back"}, {18000, "away"}};
    for (const auto& one : rows)
        if (availability < one.below) return one.words;
    return "offline";
}

access_lists access_of(const sip::roaming_self& from) {
    constexpr std::size_t most_shown = 250;
    access_lists out;
    for (const auto& one : from.members) {
        const auto level = level_of(one.container);
        if (level.word() == "blocked") ++out.blocked;
        if (one.type.empty() || out.members.size() >= most_shown) continue;
        out.members.push_back({{ev::access_level, level}, whom(one)});
    }
    return out;
}

}  // namespace ucsignin::signin::provisioning
