// Stage 5: what the user lost though signed in, or what is odd; asked of every span of stage 5 that ran.
#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "diagnosis/answers_after_log_in.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

bool setting_says(const case_view& view, std::string_view name, std::string_view value) {
    const auto* s = view.trace.latest("provisioning.configuration");
    return s && std::ranges::any_of(s->together(ev::setting_name), [&](const trace::values& one) {
               return holds(one.text(ev::setting_name), name) && lower(one.text(ev::setting_value)) == lower(value);
           });
}

// Who has no Enterprise Voice needs no voice policy and no dial plan. Where the server does not tell, one may have it.
bool is_without_voice(const case_view& view) {
    const auto* line = view.trace.latest("provisioning.line");
    if (!line || !went_well(*line)) return false;
    const auto mode = lower(line->text(ev::telephony_mode));
    return mode == "none" || mode == "rcc" ||
           (mode.empty() && line->branch == "none" && line->outcome == trace::outcome::ok);
}

maybe conflict_resolved(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.presentity") || s.branch != "conflict_resolved") return {};
    return about_user(view, s, "publish-conflict")
        .weigh(severity::info)
        .known_by("The second attempt, with the server's version, was accepted.")
        .done();
}

maybe no_configuration(const case_view& view, const span& s) {
    if (auto why = explain_any_answer(view, s)) return why;
    if (const auto why = s.text(ev::body_error); !why.empty())
        return loss(view, s, "prov-error")
            .title(fmt::format("The provisioning data that came cannot be read: {}", why))
            .as(certainty::likely)
            .not_because("prov-no-answer", "an answer came")
            .done();
    if (status_of(s) >= 300) return loss(view, s, "prov-error").not_because("prov-no-answer", "an answer came").done();
    auto found = loss(view, s, "prov-no-answer");
    if (came_empty(s)) found.known_by("Nothing was in it, and no notification followed.");
    return found.not_because("prov-error", "no refusal came").done();
}

maybe configuration(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.configuration") || ended_with_connection(s)) return {};
    if (s.branch == "refused") return no_configuration(view, s);
    auto missing = s.texts(ev::provisioning_missing);
    if (is_without_voice(view))
        std::erase_if(missing, [](const std::string& name) { return lower(name) == "ucpolicy"; });
    if (s.branch != "some_missing" || missing.empty()) return {};
    draft found(view, "prov-group-missing");
    found.seen(s).about(missing.front());
    found.title(fmt::format("The server did not send {}", fmt::join(missing, ", ")));
    // Releases differ in these two, and clients have their own values for what they lack.
    if (std::ranges::all_of(missing, [](const std::string& name) {
            return lower(name) == "usersetting" || lower(name) == "meetingpolicy";
        }))
        found.weigh(severity::warning);
    const auto came = s.texts(ev::provisioning_group);
    return found.known_by(fmt::format("{} other group{} came.", came.size(), came.size() == 1 ? "" : "s"))
        .not_because("prov-no-answer", "other groups came")
        .done();
}

// Where the server tells nothing of it, or a mode that is not known here, no dial plan may be just as it should be.
bool may_be_without_voice(const case_view& view) {
    const auto* line = view.trace.latest("provisioning.line");
    if (!line || line->branch == "parsed" || line->branch == "malformed") return false;
    const auto mode = lower(line->text(ev::telephony_mode));
    return !mode.starts_with("uc") && mode != "dual";
}

// 404, or a number of the translation service; but not where the user is what was not found.
bool says_that_there_is_none(const span& s) {
    const auto numbers = server_numbers(s);
    if (std::ranges::any_of(numbers, [](const server_number& n) { return n.id >= 14000 && n.id < 15000; })) return true;
    return status_of(s) == 404 && !find_number(numbers, {1003, 2005, 4005, 4006});
}

maybe dial_plan_not_fetched(const case_view& view, const span& s, bool is_wanted) {
    if (is_wanted)
        if (auto why = explain_any_answer(view, s)) return why;
    auto found = loss(view, s, "prov-no-dialplan");
    const auto unreadable = s.text(ev::body_error);
    found.title(
        unreadable.empty() ? fmt::format("The dial plan of {} could not be fetched: {}", view.user, words_of_answer(s))
                           : fmt::format("The dial plan of {} that came cannot be read: {}", view.user, unreadable));
    if (!is_wanted) found.weigh(severity::info);
    return found.as(certainty::likely)
        .remedy(
            "SfB admin",
            "Check that the translation application of the pool runs, and follow the number in the answer; "
            "Test-CsDialPlan shows whether the plan itself is sound.")
        .done();
}

maybe dial_plan(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.location_profile") || (s.branch != "refused" && s.branch != "empty")) return {};
    if (is_without_voice(view) || ended_with_connection(s)) return {};
    const bool is_wanted = !setting_says(view, "EnterpriseVoice", "false") &&
                           !setting_says(view, "TelephonyMode", "none");
    if (s.branch == "refused" && !says_that_there_is_none(s)) return dial_plan_not_fetched(view, s, is_wanted);
    auto found = loss(view, s, "prov-no-dialplan");
    if (!is_wanted) found.weigh(severity::info);
    else if (may_be_without_voice(view)) return found.weigh(severity::warning).as(certainty::possible).done();
    return found.as(s.branch == "empty" ? certainty::likely : certainty::certain).done();
}

maybe dial_rules(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.location_profile") || is_without_voice(view)) return {};
    std::vector<std::string> faults;
    for (const auto& one : s.together(ev::dial_rule_error))
        faults.push_back(fmt::format(
            "rule {}, {}: {}", one.number(ev::dial_rule).value_or(0), one.text(ev::dial_pattern),
            one.text(ev::dial_rule_error)));
    if (faults.empty()) return {};
    return draft(view, "prov-dialplan-pattern")
        .seen(s)
        .about(view.user)
        .as(certainty::likely)
        .known_by(a_few(faults, "; ") + ".")
        .not_because("prov-no-dialplan", "the rules came")
        .done();
}

maybe contradictory(const case_view& view, const span& s) {
    const auto how = s.texts(ev::contradiction);
    const auto* node = chart::find(s.node);
    if (!node || s.branch != "contradictory" || how.empty()) return {};
    return draft(view, "prov-group-contradictory")
        .seen(s)
        .about(std::string(node->title))
        .as(certainty::likely)
        .title(fmt::format("Settings of the pool exclude one another: {}", how.front()))
        .known_by(fmt::format("In-band provisioning says: {}.", fmt::join(how, "; ")))
        .not_because("prov-group-missing", "the settings came")
        .done();
}

maybe privacy_mode(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.configuration") || !setting_says(view, "EnablePrivacyMode", "true")) return {};
    return draft(view, "presence-privacy-mode")
        .seen(s)
        .about(view.user)
        .known_by("In-band provisioning says EnablePrivacyMode: true.")
        .done();
}

maybe other_dial_plan(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.dial_plan") || s.branch != "contradictory") return {};
    return draft(view, "prov-dialplan-mismatch")
        .seen(s)
        .about(view.user)
        .as(certainty::possible)
        .known_by(fmt::format(
            "Provisioning names {}, the rules that came are those of {}.", s.text(ev::dial_plan_named),
            s.text(ev::dial_plan)))
        .not_because("prov-no-dialplan", "rules came")
        .done();
}

maybe unknown_groups(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.contact_groups") || s.branch != "unknown_groups") return {};
    std::vector<std::string> who;
    for (const auto& one : s.together(ev::contact_unknown_group)) {
        auto uri = one.text(ev::contact_uri);
        if (std::ranges::find(who, uri) == who.end()) who.push_back(std::move(uri));
    }
    return draft(view, "contacts-unknown-group")
        .seen(s)
        .about(view.user)
        .as(certainty::certain)
        .known_by(fmt::format("{} contact{}: {}.", who.size(), who.size() == 1 ? "" : "s", a_few(who, ", ")))
        .not_because("roaming-contacts-failed", "the list came")
        .done();
}

// Whether the list can be had there is known where Exchange was asked for it.
maybe contacts_in_exchange(const case_view& view, const span& s) {
    using state = exchange_list::state;
    const auto list = list_in_exchange(view);
    if (list.now == state::read) return {};
    draft found(view, "contacts-in-ucs-unreachable");
    found.seen(s).about(view.user).as(certainty::possible).weigh(severity::info);
    const auto mode = s.text(ev::ucs_mode);
    const auto says = mode.empty() ? std::string("The server says so")
                                   : fmt::format("The server says ucsmode '{}'", mode);
    if (list.now == state::not_asked) return found.known_by(says + "; Exchange was not asked.").done();
    found.seen(*list.seen).not_because("roaming-contacts-failed", "the server says that the list is in Exchange");
    if (list.now == state::not_found)
        return found.weigh(severity::warning)
            .known_by(fmt::format("{}, and Exchange is not found from here: {}.", says, list.why))
            .done();
    if (list.now == state::not_shown)
        return found.weigh(severity::warning)
            .known_by(fmt::format("{}, and this program does not get to see it; a client may: {}.", says, list.why))
            .remedy(
                "Exchange admin",
                "Nothing is to be done where clients show the contacts. Where they do not: repair EWS.")
            .done();
    return found.weigh(severity::failure)
        .as(list.was_asked ? certainty::certain : certainty::likely)
        .title(fmt::format("The contacts of {} are kept in Exchange, and cannot be had there", view.user))
        .known_by(fmt::format(
            "{}. {} it came to this: {}.", says, list.was_asked ? "Asked for the list," : "On the way to the list",
            list.why))
        .done();
}

// The status of a refusal proves that there is no list, not that the back end is why.
maybe no_contacts(const case_view& view, const span& s) {
    if (auto why = explain_any_answer(view, s)) return why;
    if (const auto why = s.text(ev::body_error); !why.empty())
        return loss(view, s, "roaming-data-corrupt")
            .title(fmt::format("The contact list of {} came and cannot be read: {}", view.user, why))
            .as(certainty::likely)
            .not_because("roaming-contacts-failed", "the pool handed the list out")
            .done();
    auto found = loss(view, s, "roaming-contacts-failed");
    if (came_empty(s)) found.known_by("Nothing was in it, and no notification followed.");
    const auto status = status_of(s);
    if (status >= 300 && !server_trouble(status))
        found.title(fmt::format("The contact list of {} is refused: {}", view.user, words_of_answer(s)));
    return found.as(status == 0 || server_trouble(status) ? certainty::likely : certainty::possible)
        .not_because("contacts-in-ucs-unreachable", "the server does not say that the list is in Exchange")
        .done();
}

maybe contacts(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.contacts") || ended_with_connection(s)) return {};
    if (s.branch == "refused") return no_contacts(view, s);
    return s.branch == "exchange" ? contacts_in_exchange(view, s) : maybe{};
}

// 0 where it is not named, or no number.
std::int64_t number_of_setting(const span& configuration, std::string_view name) {
    std::int64_t number = 0;
    for (const auto& one : configuration.together(ev::setting_name)) {
        const auto value = one.text(ev::setting_value);
        if (lower(one.text(ev::setting_name)) == lower(name))
            std::from_chars(value.data(), value.data() + value.size(), number);
    }
    return number;
}

// Who has the list in Exchange is held to Exchange's limits.
maybe contact_quota(const case_view& view, const span& s) {
    constexpr std::int64_t near_percent = 90;
    const auto* from = view.trace.latest("provisioning.configuration");
    const auto count = s.number(ev::contacts);
    if (!s.is_at("provisioning.contacts") || s.branch != "server" || !from || !count) return {};
    const auto limit = number_of_setting(*from, "MaximumNumberOfContacts");
    if (limit <= 0 || *count * 100 <= limit * near_percent) return {};
    const bool full = *count >= limit;
    return draft(view, full ? "contacts-quota"_finding : "w-near-quota"_finding)
        .seen(s)
        .seen(*from)
        .about(view.user)
        .as(full ? certainty::likely : certainty::certain)
        .weigh(severity::warning)
        .known_by(fmt::format(
            "The list has {} contacts; in-band provisioning says MaximumNumberOfContacts: {}.", *count, limit))
        .not_because("contacts-readonly-migration", "the server does not say that the list is being moved")
        .done();
}

maybe damaged_self(const case_view& view, const span& s) {
    const auto why = s.text(ev::body_error);
    if (!s.is_at("provisioning.subscription") || why.empty() || !went_well(s)) return {};
    return about_user(view, s, "roaming-data-corrupt")
        .weigh(severity::warning)
        .as(certainty::possible)
        .known_by(fmt::format("The data received cannot be read: {}.", why))
        .done();
}

// What a server tells of the user at all, it tells with access or categories; a subscription without any told nothing.
maybe nothing_of_self(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.subscription") || s.branch != "active" || !came_empty(s)) return {};
    if (s.has(ev::access_blocked) || s.has(ev::presence_category)) return {};
    return about_user(view, s, "prov-no-answer")
        .title(fmt::format("The server accepts the subscription of {} to their own data, and sends none", view.user))
        .weigh(severity::warning)
        .as(certainty::likely)
        .known_by("Nothing was in it, and no notification followed.")
        .not_because("roaming-data-corrupt", "nothing came that could be damaged")
        .done();
}

maybe availability(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.available") || s.branch != "refused" || !went_wrong(s)) return {};
    return loss(view, s, "publish-refused").as(certainty::likely).done();
}

maybe no_relay(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.configuration")) return {};
    const auto of_server = std::ranges::count_if(
        s.texts(ev::setting_group), [](const std::string& group) { return lower(group) == "serverconfiguration"; });
    const bool named = std::ranges::any_of(s.together(ev::setting_name), [](const trace::values& one) {
        return holds(one.text(ev::setting_name), "mrasuri") && !one.text(ev::setting_value).empty();
    });
    if (of_server < 3 || named) return {};
    return draft(view, "prov-no-mras")
        .seen(s)
        .about(view.user)
        .as(certainty::likely)
        .weigh(severity::warning)
        .known_by("The server configuration has no relay address.")
        .done();
}

constexpr auto provisioning_note_table = std::to_array<span_rule>(
    {conflict_resolved, configuration, dial_plan, dial_rules, privacy_mode, contradictory, other_dial_plan,
     unknown_groups, contacts, damaged_self, nothing_of_self, availability, no_relay, contact_quota});

}  // namespace

std::span<const span_rule> provisioning_notes() { return provisioning_note_table; }

}  // namespace ucsignin::diagnosis
