// Stage 5, of contacts: whose presence the user does not see, and who keeps it from them. The same silence has many
// causes; only a number tells them apart.
#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>

#include <fmt/format.h>

#include "diagnosis/answers_after_log_in.hpp"
#include "diagnosis/ms_diagnostics.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;
using trace::values;

bool is_here(const span& s) { return s.is_at("provisioning.contact_presence"); }

std::int64_t number_of(const values& one) { return one.number(ev::diagnostics_id).value_or(0); }

bool has_number(const values& one, std::initializer_list<std::int64_t> ids) {
    return std::ranges::find(ids, number_of(one)) != ids.end();
}

std::string domain_of(const std::string& uri) { return lower(uri.substr(uri.rfind('@') + 1)); }

bool is_outside(const case_view& view, const std::string& uri) { return !is_under(domain_of(uri), view.domain); }

// What was said of one contact: "erin@fabrikam.example: 403 Forbidden, 1002 (...)".
std::string words_about(const values& one) {
    auto words = one.text(ev::contact_uri) + ":";
    if (const auto status = one.number(ev::sip_status))
        words += fmt::format(" {} {}", *status, one.text(ev::sip_reason));
    else if (const auto reason = one.text(ev::contact_presence_reason); !reason.empty()) words += " " + reason;
    else words += " " + one.word(ev::contact_presence).str();
    if (const auto id = number_of(one))
        words += ", " + describe_number(one.text(ev::diagnostics_header), id, one.text(ev::diagnostics_reason));
    return words;
}

std::vector<values> contacts_that(const span& s, const auto& is_meant) {
    std::vector<values> found;
    if (!is_here(s)) return found;
    for (const auto& one : s.together(ev::contact_presence))
        if (is_meant(one)) found.push_back(one);
    return found;
}

draft about_contacts(const case_view& view, const span& s, finding_ref id, const std::vector<values>& who) {
    constexpr std::size_t most_named = 5;
    draft found(view, id);
    found.seen(s).about(view.user);
    std::string words;
    for (std::size_t i = 0; i < std::min(who.size(), most_named); ++i)
        words += fmt::format("{}{}", i == 0 ? "" : "; ", words_about(who[i]));
    if (who.size() > most_named) words += fmt::format("; and {} more", who.size() - most_named);
    found.known_by(words + ".");
    return found;
}

maybe blocked(const case_view& view, const span& s) {
    const auto who = contacts_that(s, [](const values& one) {
        const auto reason = lower(one.text(ev::contact_presence_reason));
        return has_number(one, {2004}) || (one.word(ev::contact_presence) == "terminated" && reason == "rejected");
    });
    if (who.empty()) return {};
    return about_contacts(view, s, "presence-not-authorized", who).as(certainty::likely).done();
}

maybe too_many_followers(const case_view& view, const span& s) {
    const auto who = contacts_that(s, [](const values& one) { return has_number(one, {2012}); });
    if (who.empty()) return {};
    return about_contacts(view, s, "category-subscription-limit", who)
        .not_because("presence-privacy-mode", "the number names the limit")
        .done();
}

// Somebody of another partner: what refuses these is no policy about all.
bool sees_other_partners(const case_view& view, const span& s, const std::set<std::string>& refused) {
    const auto others = contacts_that(s, [&](const values& one) {
        const auto state = one.word(ev::contact_presence);
        const auto uri = one.text(ev::contact_uri);
        return is_outside(view, uri) && !refused.contains(domain_of(uri)) &&
               (state == "active" || state == "pending" || state == "polled");
    });
    return !others.empty();
}

bool is_said_by_partner(const values& one) {
    const auto source = one.text(ev::diagnostics_source);
    return !source.empty() && is_under(lower(source), domain_of(one.text(ev::contact_uri)));
}

maybe no_federation(const case_view& view, const span& s) {
    const auto who = contacts_that(s, [](const values& one) { return has_number(one, {1001, 1002, 1012}); });
    if (who.empty()) return {};
    auto found = about_contacts(view, s, "federation-disabled", who);
    found.not_because("federation-no-route", "the number names a policy");
    std::set<std::string> domains;
    for (const auto& one : who) domains.insert(domain_of(one.text(ev::contact_uri)));
    if (std::ranges::all_of(who, is_said_by_partner))
        return found.as(certainty::likely)
            .weigh(severity::warning)
            .title(fmt::format("The servers of {} refuse {}", fmt::join(domains, ", "), view.user))
            .remedy(
                "SfB admin", "Ask the partner's administrators: it is their server that refuses, by its own policy.")
            .done();
    if (sees_other_partners(view, s, domains))
        return found.as(certainty::likely)
            .weigh(severity::warning)
            .title(fmt::format("{} may not communicate with contacts at {}", view.user, fmt::join(domains, ", ")))
            .known_by("Contacts of another partner are seen.")
            .done();
    if (std::ranges::all_of(who, [](const values& one) { return has_number(one, {1001}); }))
        found.title(fmt::format("{} may not communicate with contacts of public providers", view.user));
    return found.done();
}

// What DNS said of those partners from here, which need not be what the Edge hears.
std::string records_of(const case_view& view, const std::vector<values>& who) {
    const auto* looked_up = view.trace.latest("provisioning.contact_lookup");
    std::set<std::string> domains;
    for (const auto& one : who) domains.insert(domain_of(one.text(ev::contact_uri)));
    std::string words;
    if (looked_up)
        for (const auto& one : looked_up->together(ev::partner_domain)) {
            const auto domain = one.text(ev::partner_domain);
            const auto state = one.word(ev::partner_found);
            if (!domains.contains(domain) || (!(state == "no_record") && !(state == "no_service"))) continue;
            words += (words.empty() ? "" : ", ") + domain;
        }
    return words.empty() ? words : fmt::format("DNS as asked from here has no _sipfederationtls._tcp for {}.", words);
}

maybe no_route(const case_view& view, const span& s) {
    bool numbered = true;
    const auto who = contacts_that(s, [&](const values& one) {
        if (has_number(one, {1008, 1009, 1027, 1034, 1046, 1047})) return true;
        const auto status = one.number(ev::sip_status).value_or(0);
        const bool silent = one.word(ev::contact_presence) == "no_answer" || status == 408 || status == 504;
        const bool meant = silent && !has_number(one, {1001, 1002, 1012}) &&
                           is_outside(view, one.text(ev::contact_uri));
        numbered = numbered && !meant;
        return meant;
    });
    if (who.empty()) return {};
    auto found = about_contacts(view, s, "federation-no-route", who);
    found.as(numbered ? certainty::likely : certainty::possible);
    if (!numbered) found.weigh(severity::warning).title("Contacts of a partner were not answered for in time");
    else found.not_because("federation-disabled", "the number names no policy");
    if (const auto words = records_of(view, who); !words.empty()) found.known_by(words);
    return found.done();
}

// -- the one subscription about all contacts, answered as a whole --

draft about_all(const case_view& view, const span& s, finding_ref id) {
    draft found(view, id);
    return found.seen(s).about(view.user).known_by(fmt::format(
        "The subscription to the presence of the contacts was {}.",
        status_of(s) == 0 ? std::string("not answered") : "answered with " + words_of_answer(s)));
}

std::optional<finding_ref> by_number_of_all(const span& s) {
    const auto numbers = server_numbers(s);
    if (find_number(numbers, {2012})) return "category-subscription-limit"_finding;
    if (find_number(numbers, {1001, 1002, 1012})) return "federation-disabled"_finding;
    if (find_number(numbers, {2013})) return "sub-event-unsupported"_finding;
    if (find_number(numbers, {2014, 2016})) return "sub-481-dialog-gone"_finding;
    return {};
}

finding_ref by_status_of_all(std::int64_t status) {
    if (status == 413 || status == 513) return "message-too-large"_finding;
    if (status == 489) return "sub-event-unsupported"_finding;
    if (status == 481) return "sub-481-dialog-gone"_finding;
    return server_trouble(status) ? "limited-functionality"_finding : "presence-refused"_finding;
}

// It was accepted, or not answered at all, and tells of nobody.
maybe nothing_of_all(const case_view& view, const span& s) {
    const auto why = s.text(ev::body_error);
    if (!why.empty())
        return about_all(view, s, "presence-refused")
            .title(fmt::format("The presence of the contacts of {} came and cannot be read: {}", view.user, why))
            .as(certainty::likely)
            .not_because("limited-functionality", "the pool accepted the subscription")
            .done();
    auto found = about_all(view, s, "prov-no-answer");
    if (came_empty(s))
        found.known_by(
            s.has(ev::contact_presence) ? "It told of none of them."
                                        : "Nothing was in it, and no notification followed.");
    return found.title(fmt::format("Nothing came of the presence of the contacts of {}", view.user))
        .weigh(severity::warning)
        .as(certainty::likely)
        .not_because("reg-signature-mismatch", "no answer had to be discarded")
        .done();
}

// Contacts that were asked about one by one have their own words.
maybe batch_refused(const case_view& view, const span& s) {
    const auto is_told_of = [](const values& one) { return !(one.word(ev::contact_presence) == "not_told"); };
    if (!is_here(s) || s.branch != "refused" || ended_with_connection(s)) return {};
    if (!contacts_that(s, is_told_of).empty()) return {};
    if (auto why = explain_any_answer(view, s)) return why;
    if (status_of(s) < 300) return nothing_of_all(view, s);
    const auto numbered = by_number_of_all(s);
    const auto id = numbered ? *numbered : by_status_of_all(status_of(s));
    auto found = about_all(view, s, id);
    if (id == "limited-functionality") found.as(certainty::likely);
    if (id == "presence-refused")
        found.title(fmt::format("The presence of the contacts of {} is refused: {}", view.user, words_of_answer(s)));
    return found.done();
}

constexpr auto presence_note_table = std::to_array<span_rule>(
    {blocked, too_many_followers, no_federation, no_route, batch_refused});

}  // namespace

std::span<const span_rule> presence_notes() { return presence_note_table; }

}  // namespace ucsignin::diagnosis
