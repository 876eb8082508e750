// Stage 5, of contacts: whose presence the user does not see, and who keeps it from them. The same silence has many
// causes; only a number tells them apart.
#include <algorithm>
#include <array>
#include <initializer_list>

#include <fmt/format.h>

#include "diagnosis/ms_diagnostics.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;
using trace::values;

bool is_here(const span& s) { return s.is_at("provisioning.contact_presence"); }

std::int64_t number_of(const values& one) { return one.number(ev::diagnostics_id).value_or(0); }

bool has_number(const values& one, std::initializer_list<std::int64_t> ids) {
    return std::ranges::find(ids, number_of(one)) != ids.end();
}

bool is_outside(const case_view& view, const std::string& uri) {
    return !is_under(lower(uri.substr(uri.rfind('@') + 1)), view.domain);
}

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

maybe no_federation(const case_view& view, const span& s) {
    const auto who = contacts_that(s, [](const values& one) { return has_number(one, {1001, 1002, 1012}); });
    if (who.empty()) return {};
    return about_contacts(view, s, "federation-disabled", who)
        .not_because("federation-no-route", "the number names a policy")
        .done();
}

maybe no_route(const case_view& view, const span& s) {
    bool numbered = true;
    const auto who = contacts_that(s, [&](const values& one) {
        if (has_number(one, {1008, 1009, 1027, 1034, 1047})) return true;
        const auto status = one.number(ev::sip_status).value_or(0);
        const bool silent = one.word(ev::contact_presence) == "no_answer" || status == 408 || status == 504;
        const bool meant = silent && number_of(one) == 0 && is_outside(view, one.text(ev::contact_uri));
        numbered = numbered && !meant;
        return meant;
    });
    if (who.empty()) return {};
    auto found = about_contacts(view, s, "federation-no-route", who);
    found.as(numbered ? certainty::likely : certainty::possible);
    if (!numbered) found.weigh(severity::warning);
    else found.not_because("federation-disabled", "the number names no policy");
    return found.done();
}

// The subscription about all contacts was refused as a whole.
maybe batch_refused(const case_view& view, const span& s) {
    if (!is_here(s) || s.branch != "refused") return {};
    for (const auto& one : s.together(ev::sip_status)) {
        const auto status = one.number(ev::sip_status).value_or(0);
        if (!one.text(ev::contact_uri).empty() || status < 300) continue;
        std::optional<finding_ref> id;
        if (status == 413) id = "message-too-large"_finding;
        else if (status == 489 || find_number(server_numbers(s), {2013})) id = "sub-event-unsupported"_finding;
        else if (status == 480 || status >= 500) id = "limited-functionality"_finding;
        if (!id) return {};
        draft found(view, *id);
        found.seen(s).about(view.user);
        if (*id == "limited-functionality"_finding) found.as(certainty::likely);
        return found
            .known_by(fmt::format(
                "The subscription to the presence of the contacts was answered with {} {}.", status,
                one.text(ev::sip_reason)))
            .done();
    }
    return {};
}

constexpr auto notes = std::to_array<span_rule>({blocked, too_many_followers, no_federation, no_route, batch_refused});

}  // namespace

std::span<const span_rule> presence_notes() { return notes; }

}  // namespace ucsignin::diagnosis
