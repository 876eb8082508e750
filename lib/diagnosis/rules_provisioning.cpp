// Stage 5: what stops the sign-in after registration, and what the user lost though signed in.
#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "diagnosis/ms_diagnostics.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

std::int64_t status_of(const span& s) { return s.number(ev::sip_status).value_or(0); }

bool server_trouble(std::int64_t status) { return status == 480 || (status >= 500 && status < 600); }

std::string answer_of(const span& s) {
    const auto reason = s.text(ev::sip_reason);
    auto words = status_of(s) == 0 ? std::string("no answer")
                                   : fmt::format("{}{}{}", status_of(s), reason.empty() ? "" : " ", reason);
    for (const auto& n : server_numbers(s)) words += ", " + describe_number(n.header, n.id, n.reason);
    return words;
}

draft about_user(const case_view& view, const span& s, finding_ref id) {
    draft found(view, id);
    found.seen(s).about(view.user);
    const auto event = s.text(ev::sip_event), method = s.text(ev::sip_method);
    const auto request = fmt::format(
        "{}{}{}", method.empty() ? "The request" : method, event.empty() ? "" : " for ", event);
    found.known_by(
        status_of(s) == 0 ? fmt::format("{} was not answered.", request)
                          : fmt::format("{} was answered with {}.", request, answer_of(s)));
    return found;
}

// A function that the user lost, though signed in.
// What was asked for then says nothing about who was asked: the loss of the connection is told by itself.
bool ended_with_connection(const span& s) {
    const auto how = s.word(ev::sip_error);
    return status_of(s) == 0 && (how == "reset" || how == "closed");
}

draft loss(const case_view& view, const span& s, finding_ref id) {
    auto found = about_user(view, s, id);
    found.weigh(severity::failure);
    return found;
}

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

// -- the three gates --

maybe publications_discarded(const case_view& view, const span& s) {
    const auto count = s.number(ev::sip_discarded).value_or(0);
    if (count == 0 || status_of(s) != 0) return {};
    draft found(view, "reg-signature-mismatch");
    found.seen(s)
        .about(candidate_of(s))
        .known_by(fmt::format(
            "{} answer(s) after the sign-in came and were discarded, because the signature was wrong or missing.",
            count));
    return found.not_because("prov-no-answer", "answers did come").done();
}

maybe unknown_event(const case_view& view, const span& s) {
    if (status_of(s) != 489 && !find_number(server_numbers(s), {2013})) return {};
    return about_user(view, s, "sub-event-unsupported")
        .not_because("sub-481-dialog-gone", "the event itself was refused")
        .done();
}

maybe dialog_gone(const case_view& view, const span& s) {
    if (status_of(s) != 481 && !find_number(server_numbers(s), {2014, 2016})) return {};
    return about_user(view, s, "sub-481-dialog-gone").done();
}

maybe publication(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.presentity") || status_of(s) == 0) return {};
    const auto status = status_of(s), tries = s.number(ev::publish_attempts).value_or(1);
    finding_ref id = "publish-refused";
    if (status == 409) id = tries > 2 ? "roaming-data-corrupt"_finding : "publish-conflict"_finding;
    else if (status == 413) id = "roaming-data-corrupt";
    else if (server_trouble(status)) id = "limited-functionality";
    auto found = about_user(view, s, id);
    found.as(id == "publish-refused" || id == "publish-conflict" ? certainty::certain : certainty::likely);
    if (id == "publish-refused")
        found.title(fmt::format("The server refuses the presence of {}: {}", view.user, answer_of(s)));
    if (id == "limited-functionality")
        found.title(fmt::format("{} is registered, but the pool refuses the publication: {}", view.user, answer_of(s)));
    if (id == "roaming-data-corrupt")
        found.not_because(
            "roaming-version-conflict",
            fmt::format(
                "it was refused {} time{} with the version that the server named", tries, tries == 1 ? "" : "s"));
    return found.done();
}

maybe unreadable(const case_view& view, const span& s) {
    const auto why = s.text(ev::body_error);
    if (why.empty() || !s.is_at("provisioning.subscription")) return {};
    return about_user(view, s, "roaming-data-corrupt")
        .as(certainty::likely)
        .known_by(fmt::format("The answer could not be read: {}.", why))
        .done();
}

maybe connection_lost(const case_view& view, const span& s) {
    if (!ended_with_connection(s)) return {};
    const auto how = s.word(ev::sip_error);
    draft found(view, "reg-connection-lost");
    const auto* kept = view.trace.latest("registration.kept");
    if (kept && kept->number(ev::connections_lost).value_or(0) > 1)
        found.known_by("So was a first one, right before it.");
    return found.seen(s)
        .about(view.user)
        .as(certainty::likely)
        .known_by(fmt::format(
            "The connection was {} before {} was answered.", how == "reset" ? "reset" : "closed",
            s.text(ev::sip_event).empty() ? "what was asked for" : s.text(ev::sip_event)))
        .not_because("prov-no-answer", "it was the connection that ended, no answer was late")
        .done();
}

maybe silence(const case_view& view, const span& s) {
    if (s.branch != "silent" && status_of(s) != 0) return {};
    auto found = about_user(view, s, "prov-no-answer");
    return found.as(certainty::likely).not_because("reg-signature-mismatch", "no answer had to be discarded").done();
}

maybe refused(const case_view& view, const span& s) {
    if (status_of(s) < 300) return {};
    const bool provisioning = holds(s.text(ev::sip_event), "provisioning");
    if (server_trouble(status_of(s)) && !provisioning) {
        auto found = about_user(view, s, "limited-functionality");
        return found.as(certainty::likely)
            .title(fmt::format("{} is registered, but the pool cannot serve: {}", view.user, answer_of(s)))
            .done();
    }
    if (provisioning || status_of(s) == 401)
        return about_user(view, s, "prov-error")
            .title(fmt::format("The front end refuses the provisioning request: {}", answer_of(s)))
            .done();
    return explain_refusal(view, s);
}

constexpr auto provisioning_cause_table = std::to_array<span_rule>(
    {publications_discarded, unknown_event, dialog_gone, publication, unreadable, connection_lost, silence, refused});

// -- what was lost or is odd though signed in; asked of every span of stage 5 that ran --

maybe conflict_resolved(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.presentity") || s.branch != "conflict_resolved") return {};
    return about_user(view, s, "publish-conflict")
        .weigh(severity::info)
        .known_by("The second attempt, with the server's version, was accepted.")
        .done();
}

maybe configuration(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.configuration") || ended_with_connection(s)) return {};
    if (s.branch == "refused") {
        auto found = loss(view, s, status_of(s) >= 300 ? "prov-error"_finding : "prov-no-answer"_finding);
        return found
            .not_because(
                status_of(s) >= 300 ? "prov-no-answer"_finding : "prov-error"_finding,
                status_of(s) >= 300 ? "an answer came" : "no refusal came")
            .done();
    }
    auto missing = s.texts(ev::provisioning_missing);
    if (is_without_voice(view))
        std::erase_if(missing, [](const std::string& name) { return lower(name) == "ucpolicy"; });
    if (s.branch != "some_missing" || missing.empty()) return {};
    draft found(view, "prov-group-missing");
    found.seen(s).about(missing.front());
    found.title(fmt::format("The server did not send {}", fmt::join(missing, ", ")));
    const auto came = s.texts(ev::provisioning_group);
    return found.known_by(fmt::format("{} other group{} came.", came.size(), came.size() == 1 ? "" : "s"))
        .not_because("prov-no-answer", "other groups came")
        .done();
}

maybe dial_plan(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.location_profile") || (s.branch != "refused" && s.branch != "empty")) return {};
    if (is_without_voice(view) || ended_with_connection(s)) return {};
    auto found = loss(view, s, "prov-no-dialplan");
    if (setting_says(view, "EnterpriseVoice", "false") || setting_says(view, "TelephonyMode", "none"))
        found.weigh(severity::info);
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
            .done();
    return found.weigh(severity::failure)
        .as(list.was_asked ? certainty::certain : certainty::likely)
        .title(fmt::format("The contacts of {} are kept in Exchange, and cannot be had there", view.user))
        .known_by(fmt::format(
            "{}. {} it came to this: {}.", says, list.was_asked ? "Asked for the list," : "On the way to the list",
            list.why))
        .done();
}

maybe contacts(const case_view& view, const span& s) {
    if (!s.is_at("provisioning.contacts") || ended_with_connection(s)) return {};
    if (s.branch == "refused")
        return loss(view, s, "roaming-contacts-failed")
            .not_because("contacts-in-ucs-unreachable", "the server does not say that the list is in Exchange")
            .done();
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
     unknown_groups, contacts, damaged_self, availability, no_relay, contact_quota});

}  // namespace

std::span<const span_rule> provisioning_causes() { return provisioning_cause_table; }
std::span<const span_rule> provisioning_notes() { return provisioning_note_table; }

}  // namespace ucsignin::diagnosis
