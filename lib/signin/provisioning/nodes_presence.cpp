// Which partners can be found, and who of the contacts can be seen: each by what the pool, or a partner's servers, said
// of them.

#include <algorithm>
#include <fmt/format.h>

#include "signin/base/notes.hpp"
#include "signin/provisioning/requests.hpp"
#include "sip/lexical.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::signin::provisioning {
namespace {

namespace ev = trace::ev;
using trace::outcome;

constexpr std::size_t most_listed = 250;  // contacts one by one; the counts are of all

struct seen_contact {
    ev::presence_state_word state;
    std::string reason = {};
    std::int64_t availability = -1;
    const sip::message* answer = nullptr;  // of one who was asked about alone
};

// What a resource list says of a contact, beside the data that came of them.
seen_contact by_list(const sip::watched_contact& one) {
    if (one.state == "pending") return {"pending", {}, one.availability};
    if (one.state == "terminated") return {"terminated", one.reason};
    if (one.state == "active" || one.availability >= 0 || !one.activity.empty())
        return {"active", {}, one.availability};
    return {"not_told", one.state};
}

// An answer that ends with itself: the partner wants to be asked again.
bool is_for_now(const sip::message& answer) {
    const auto state = sip::lower(answer.header("subscription-state").value_or(""));
    return state.starts_with("terminated") || answer.header("Expires") == "0";
}

seen_contact by_itself(const one_answer& one, std::string_view uri) {
    if (!one.reply) return {"no_answer", signin::in_words(one.error)};
    const auto& answer = one.reply->answer;
    if (!one.accepted()) return {"refused", {}, -1, &answer};
    const auto* told = answers::read(one, asked::presence_elsewhere);
    const auto* entry = told ? told->find(uri) : nullptr;
    if (!entry) return {"pending", "nothing was said yet", -1, &answer};
    auto found = by_list(*entry);
    if (found.state == "not_told") found = {"active"};  // accepted, and no state was published
    if (found.state == "active" && is_for_now(answer)) found.state = "polled";
    found.answer = &answer;
    return found;
}

const one_answer* find_about(const answer& all, std::string_view about) {
    const auto at = std::ranges::find_if(all.each, [&](const one_answer& one) { return one.about == about; });
    return at == all.each.end() ? nullptr : &*at;
}

seen_contact look_at(const answers& all, const std::string& uri) {
    const auto& batch = all.at(asked::presence);
    if (!batch.each.empty()) {
        const auto* alone = find_about(batch, uri);
        return alone ? by_itself(*alone, uri) : seen_contact{"not_asked"};
    }
    const auto* told = all.read(asked::presence);
    const auto* entry = told ? told->find(uri) : nullptr;
    if (!entry) return {"not_told"};
    if (entry->state != "resubscribe") return by_list(*entry);
    const auto* elsewhere = find_about(
        all.at(asked::presence_elsewhere), entry->pool.empty() ? entry->uri : entry->pool);
    return elsewhere ? by_itself(*elsewhere, uri) : seen_contact{"not_asked"};
}

std::vector<trace::fact> facts_of(const std::string& uri, const seen_contact& seen) {
    std::vector<trace::fact> facts{{ev::contact_uri, uri}, {ev::contact_presence, seen.state}};
    if (!seen.reason.empty()) facts.emplace_back(ev::contact_presence_reason, seen.reason);
    if (seen.availability >= 0) facts.emplace_back(ev::contact_availability, seen.availability);
    if (!seen.answer) return facts;
    facts.emplace_back(ev::sip_status, std::int64_t{seen.answer->status});
    facts.emplace_back(ev::sip_reason, seen.answer->reason);
    for (const auto& d : sip::diagnostics_of(*seen.answer)) {
        facts.emplace_back(ev::diagnostics_id, std::int64_t{d.id});
        facts.emplace_back(ev::diagnostics_header, d.header);
        facts.emplace_back(ev::diagnostics_reason, d.reason);
        if (!d.source.empty()) facts.emplace_back(ev::diagnostics_source, d.source);
    }
    return facts;
}

// "12 active, 1 refused", of whatever there is.
std::string in_words(const std::map<std::string, std::int64_t>& counts) {
    std::string words;
    for (const auto& [state, count] : counts) {
        auto shown = state;
        std::ranges::replace(shown, '_', ' ');
        words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count, shown);
    }
    return words;
}

decided_at<"provisioning.contact_presence"> decide_contact_presence(const answers& all) {
    using decided_here = decided_at<"provisioning.contact_presence">;
    const auto& batch = all.at(asked::presence);
    if (batch.each.empty() && !all.read(asked::presence)) {
        decided_here nothing{"refused", outcome::warning, "no contact's presence: " + batch.why_nothing()};
        if (const auto* error = batch.unreadable())
            nothing.note(ev::body_error, fmt::format("{} (offset {})", error->what, error->offset));
        return nothing;
    }
    std::map<std::string, std::int64_t> counts;
    std::vector<std::vector<trace::fact>> told;
    for (const auto& one : builders::watched(all)) {
        const auto seen = look_at(all, one.uri);
        ++counts[std::string(seen.state.word())];
        if (told.size() >= most_listed && !one.asked_for) continue;
        auto& facts = told.emplace_back(facts_of(one.uri, seen));
        if (one.asked_for) facts.emplace_back(ev::contact_asked_for, true);
    }
    const auto any = [&](auto... state) { return (counts.contains(state) || ...); };
    const auto how = any("refused", "no_answer") ? outcome::warning : outcome::ok;
    const auto words = in_words(counts);
    auto found = [&]() -> decided_here {
        if (any("active", "pending")) return {"active", how, words};
        if (any("polled")) return {"polled", how, words};
        return {"refused", how, words};
    }();
    found.groups = std::move(told);
    return found;
}

std::vector<trace::fact> facts_of(const partner_seen& one) {
    std::vector<trace::fact> facts{{ev::partner_domain, one.domain}, {ev::partner_found, one.state}};
    if (one.answer) facts.emplace_back(ev::partner_answer, *one.answer);
    if (one.server.empty()) return facts;
    facts.emplace_back(ev::partner_server, one.server);
    facts.emplace_back(ev::partner_port, std::int64_t{one.port});
    return facts;
}

// Of partners DNS tells only what can be known from here: the Edge may ask elsewhere, or have a list of its own.
// Whether a contact is seen is contact_presence's to say.
decided_at<"provisioning.contact_lookup"> decide_contact_lookup(const answers& all) {
    using decided_here = decided_at<"provisioning.contact_lookup">;
    static const partners_seen none;
    const auto* partners = all.read(asked::partners);
    if (!partners) partners = &none;
    std::size_t records = 0;
    std::string missing;
    std::vector<std::vector<trace::fact>> told;
    for (const auto& one : partners->all) {
        told.push_back(facts_of(one));
        if (one.state == "found") ++records;
        if (one.state == "no_record" || one.state == "no_service")
            missing += (missing.empty() ? "" : ", ") + one.domain;
    }
    const auto words = partners->all.empty() ? std::string("no contacts of partners to look up")
                                             : fmt::format(
                                                   "{} of {} domains of partners with a federation record", records,
                                                   partners->all.size() + partners->not_asked);
    auto found = [&]() -> decided_here {
        if (missing.empty()) return {"found", outcome::ok, words};
        return {"partner_not_found", outcome::expected, words + "; from here none of " + missing};
    }();
    found.groups = std::move(told);
    if (partners->not_asked > 0) found.note(ev::partners_not_asked, static_cast<std::int64_t>(partners->not_asked));
    return found;
}

// clang-format off
constexpr node_row presence_table[] = {
    node<decide_contact_lookup>({asked::list, asked::configuration, asked::partners}),
    node<decide_contact_presence>({asked::list, asked::presence, asked::presence_elsewhere}),
};
// clang-format on

}  // namespace

std::span<const node_row> presence_nodes() { return presence_table; }

}  // namespace ucsignin::signin::provisioning
