// Stage 5, of contacts: whose presence the user does not see, and who keeps it from them. The same silence has many
// causes; only a number tells them apart.
#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>

#include <fmt/format.h>

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

maybe no_federation(const case_view& view, const span& s) {
    const auto who = contacts_that(s, [](const values& one) { return has_number(one, {1001, 1002, 1012}); });
    if (who.empty()) return {};
    auto found = about_contacts(view, s, "federation-disabled", who);
    if (std::ranges::all_of(who, [](const values& one) { return has_number(one, {1001}); }))
        found.title(fmt::format("{} may not communicate with contacts of public providers", view.user));
    return found.not_because("federation-no-route", "the number names a policy").done();
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
    if (!numbered) found.weigh(severity::warning).title("Contacts of a partner were not answered for in time");
    else found.not_because("federation-disabled", "the number names no policy");
    if (const auto words = records_of(view, who); !words.empty()) found.known_by(words);
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

constexpr auto presence_note_table = std::to_array<span_rule>(
    {blocked, too_many_followers, no_federation, no_route, batch_refused});

}  // namespace

std::span<const span_rule> presence_notes() { return presence_note_table; }

}  // namespace ucsignin::diagnosis
