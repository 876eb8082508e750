// What the answers of stage 5 mean at each node: pure functions, and their table.

#include <algorithm>
#include <fmt/format.h>

#include "signin/provisioning/own_presence.hpp"
#include "signin/provisioning/requests.hpp"
#include "sip/dial_rules.hpp"
#include "sip/lexical.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::signin::provisioning {
namespace {

namespace ev = trace::ev;
using trace::outcome;

template <class Decided>
Decided&& note_unreadable(Decided&& found, const answer& a) {
    if (const auto* error = a.unreadable())
        found.note(ev::body_error, fmt::format("{} (offset {})", error->what, error->offset));
    return std::forward<Decided>(found);
}

// The log-in counts as accepted when the server takes any of the requests that follow the 200.
constexpr needs login_needs{asked::roaming_self, asked::configuration, asked::contacts, asked::location_profile};

decided_at<"provisioning.login"> decide_login(const answers& all) {
    std::optional<std::size_t> accepted, answered;
    for (const auto one : login_needs) {
        if (!accepted && all.at(one).accepted()) accepted = one;
        if (!answered && all.at(one).reply) answered = one;
    }
    const auto about = accepted ? *accepted : answered.value_or(asked::roaming_self);
    const auto& said = all.at(about);
    auto found = [&]() -> decided_at<"provisioning.login"> {
        if (accepted) return {"yes", outcome::ok, fmt::format("{} was answered {}", said.name, said.in_words())};
        if (answered)
            return {"refused", outcome::failed, "every request after the 200 was refused: " + said.in_words()};
        return {"silent", outcome::failed, "no answer to any request after the 200"};
    }
    ();
    found.about = about;
    return found;
}

decided_at<"provisioning.subscription"> decide_subscription(const answers& all) {
    const auto& said = all.at(asked::roaming_self);
    if (!said.reply) return {"silent", outcome::failed, "no answer to the subscription: " + said.in_words()};
    if (!said.accepted()) return {"refused", outcome::failed, said.in_words()};
    const auto* self = all.read(asked::roaming_self);
    if (!self)
        return note_unreadable(
            decided_at<"provisioning.subscription">{
                "active", outcome::warning,
                (said.body ? "active, but its data can't be read: " : "active, but without data: ") +
                    said.why_nothing()},
            said);
    decided_at<"provisioning.subscription"> found{
        "active", self->has_categories ? outcome::ok : outcome::warning,
        self->has_categories ? fmt::format("active, {} categories", self->categories.size())
                             : "active, but without any category"};
    for (const auto& category : self->categories) found.note(ev::presence_category, category.name);
    auto access = access_of(*self);
    found.groups = std::move(access.members);
    if (access.blocked > 0) found.summary += fmt::format("; {} blocked by the user", access.blocked);
    return found.note(ev::access_blocked, access.blocked);
}

decided_at<"provisioning.presentity"> decide_presentity(const answers& all) {
    const auto& said = all.at(asked::publication);
    auto found = [&]() -> decided_at<"provisioning.presentity"> {
        if (said.accepted() && said.conflicts.empty()) return {"yes", outcome::ok, "machine state 3500 was accepted"};
        if (said.accepted())
            return {"conflict_resolved", outcome::ok, fmt::format("accepted at attempt {}", said.attempts())};
        if (said.reply && said.reply->answer.status == 409)
            return {"refused", outcome::failed, fmt::format("version conflict, {} times", said.attempts())};
        return {"refused", outcome::failed, "the publication was refused: " + said.in_words()};
    }
    ();
    return found.note(ev::publish_attempts, std::int64_t{said.attempts()});
}

decided_at<"provisioning.location_profile"> decide_location_profile(const answers& all) {
    using decided_here = decided_at<"provisioning.location_profile">;
    const auto& said = all.at(asked::location_profile);
    const auto* profile = all.read(asked::location_profile);
    if (!profile)
        return note_unreadable(decided_here{"refused", outcome::warning, "no dial plan: " + said.why_nothing()}, said);
    const auto rules = profile->rules.size();
    auto found = rules == 0 ? decided_here{"empty", outcome::warning, profile->name + " has no rules"}
                            : decided_here{"profile", outcome::ok, fmt::format("{}, {} rules", profile->name, rules)};
    const auto faults = sip::dial_rules(*profile).faults();
    if (std::ranges::any_of(faults, [](const auto& one) { return !one.ours; })) found.how = outcome::warning;
    for (const auto& one : faults)
        found.groups.push_back(
            {{ev::dial_rule, static_cast<std::int64_t>(one.rule) + 1},
             {ev::dial_pattern, profile->rules.at(one.rule).pattern},
             {one.ours ? ev::dial_rule_foreign : ev::dial_rule_error, one.what}});
    return found.note(ev::dial_plan, profile->name).note(ev::dial_rules, static_cast<std::int64_t>(rules));
}

decided_at<"provisioning.contacts"> decide_contacts(const answers& all) {
    using decided_here = decided_at<"provisioning.contacts">;
    const auto& said = all.at(asked::contacts);
    const auto* list = all.read(asked::list);
    const auto words = list ? fmt::format("{} contacts in {} groups", list->contacts.size(), list->groups.size())
                            : all.at(asked::list).why_nothing();
    auto found = [&]() -> decided_here {
        if (builders::is_list_in_exchange(all))
            return {"exchange", outcome::ok, list ? "in Exchange: " + words : words};
        if (list) return {"server", outcome::ok, words};
        return {"refused", outcome::failed, "no contacts: " + said.why_nothing()};
    }();
    if (list)
        found.note(ev::contacts, static_cast<std::int64_t>(list->contacts.size()))
            .note(ev::contact_groups, static_cast<std::int64_t>(list->groups.size()));
    const auto* of_pool = all.read(asked::contacts);
    if (of_pool && !of_pool->ucs_mode.empty()) found.note(ev::ucs_mode, of_pool->ucs_mode);
    return note_unreadable(std::move(found), said);
}

constexpr const char* wanted_groups[] = {
    "ServerConfiguration", "meetingPolicy", "ucPolicy", "userSetting", "endpointConfiguration"};

decided_at<"provisioning.configuration"> decide_configuration(const answers& all) {
    using decided_here = decided_at<"provisioning.configuration">;
    const auto& said = all.at(asked::configuration);
    const auto* came = all.read(asked::configuration);
    if (!came)
        return note_unreadable(
            decided_here{"refused", outcome::failed, "no configuration: " + said.why_nothing()}, said);
    std::vector<std::string> missing;
    for (const auto* name : wanted_groups)
        if (std::ranges::none_of(came->groups, [&](const sip::provision_group& one) {
                return sip::same_word(one.name, name) && !one.settings.empty();
            }))
            missing.emplace_back(name);
    auto found = missing.empty()
                     ? decided_here{"all", outcome::ok, fmt::format("{} groups", came->groups.size())}
                     : decided_here{
                           "some_missing", outcome::warning, fmt::format("did not come: {}", fmt::join(missing, ", "))};
    for (const auto& group : came->groups) {
        found.note(ev::provisioning_group, group.name);
        for (const auto& [name, value] : group.settings)
            found.groups.push_back(
                {{ev::setting_group, group.name}, {ev::setting_name, name}, {ev::setting_value, value}});
    }
    for (auto& name : missing) found.note(ev::provisioning_missing, std::move(name));
    return found;
}

constexpr int available_from = 3000, available_to = 4499;
constexpr std::size_t most_states_shown = 50;

// The answer to the publication has all states where the server keeps to the rule that sets come complete.
std::vector<other_state> states_beside_ours(const answers& all, int seen) {
    std::vector<other_state> states;
    if (const auto* published = all.read(asked::publication))
        states = other_states(*published, all.own_machine_state, seen);
    const auto* self = all.read(asked::roaming_self);
    if (states.empty() && self) states = other_states(*self, all.own_machine_state, seen);
    return states;
}

std::string words_of_outweighed(int seen, const std::vector<other_state>& states) {
    const auto known = std::ranges::find_if(states, &other_state::outweighs);
    return fmt::format(
        "others see {} ({}): {} outweighs this endpoint's 3500", seen, words_of_availability(seen),
        known == states.end() ? std::string("another state of the user") : words_of(*known));
}

decided_at<"provisioning.available"> decide_available(const answers& all) {
    using decided_here = decided_at<"provisioning.available">;
    const auto* published = all.read(asked::publication);
    const auto* told_later = all.read(asked::aggregate);
    const int seen = told_later ? *told_later : published ? published->aggregate_availability() : -1;
    if (seen < 0) return {"refused", outcome::warning, "the server did not say what others see"};
    const bool available = seen >= available_from && seen <= available_to;
    // Who is available is so by this endpoint: nothing outweighs it.
    const auto states = states_beside_ours(all, available ? -1 : seen);
    auto found = available ? decided_here{"confirmed", outcome::ok, fmt::format("others see {}: available", seen)}
                           : decided_here{"outweighed", outcome::warning, words_of_outweighed(seen, states)};
    for (std::size_t i = 0; i < std::min(states.size(), most_states_shown); ++i)
        found.groups.push_back(facts_of(states[i]));
    return found.note(ev::presence_availability, std::int64_t{seen});
}

// clang-format off
constexpr node_row table[] = {
    node<decide_login>(login_needs, nullptr, when::first_accepted),
    node<decide_subscription>({asked::roaming_self}, chart::find("provisioning.login")),
    node<decide_presentity>({asked::publication}, chart::find("provisioning.subscription")),
    node<decide_location_profile>({asked::location_profile}),
    node<decide_contacts>({asked::contacts}).also({asked::list}),
    node<decide_configuration>({asked::configuration}),
    node<decide_available>({asked::publication, asked::aggregate}, chart::find("provisioning.presentity")),
};
// clang-format on

}  // namespace

std::span<const node_row> nodes() {
    static const auto all = [] {
        std::vector<node_row> rows(std::begin(table), std::end(table));
        for (const auto more :
             {configuration_nodes(), relay_nodes(), account_nodes(), presence_nodes(), mailbox_nodes()})
            rows.insert(rows.end(), more.begin(), more.end());
        return rows;
    }();
    return all;
}

}  // namespace ucsignin::signin::provisioning
