// What Exchange said: the calendar, missed conversations; and the contact card, which is to show where the mailbox is.

#include <algorithm>
#include <fmt/format.h>

#include "signin/provisioning/requests.hpp"
#include "signin/provisioning/settings.hpp"
#include "sip/lexical.hpp"
#include "trace/evidence_exchange.hpp"

namespace ucsignin::signin::provisioning {
namespace {

namespace ev = trace::ev;
using trace::outcome;

std::vector<trace::fact> facts_of(const exchange_step& one) {
    std::vector<trace::fact> facts{
        {ev::exchange_step, one.what}, {ev::exchange_url, one.url}, {ev::exchange_state, one.state}};
    if (one.status != 0) facts.emplace_back(ev::exchange_status, std::int64_t{one.status});
    if (!one.retry_after.empty()) facts.emplace_back(ev::exchange_retry_after, one.retry_after);
    if (!one.code.empty()) facts.emplace_back(ev::exchange_code, one.code);
    if (!one.error.empty()) facts.emplace_back(ev::exchange_error, one.error);
    if (!one.led_to.empty()) facts.emplace_back(ev::exchange_led_to, one.led_to);
    if (!one.led_to_address.empty()) facts.emplace_back(ev::exchange_led_to_address, one.led_to_address);
    if (!one.is_ok() && !one.server.empty()) facts.emplace_back(ev::http_server, one.server);
    if (!one.is_ok() && !one.via.empty()) facts.emplace_back(ev::http_via, one.via);
    for (const auto& scheme : one.offered) facts.emplace_back(ev::exchange_offered, scheme);
    if (!one.scheme.empty()) facts.emplace_back(ev::exchange_scheme, one.scheme);
    if (one.accepted) facts.emplace_back(ev::exchange_logged_in, *one.accepted);
    if (one.withheld) facts.emplace_back(ev::credentials_withheld, *one.withheld);
    return facts;
}

std::string in_words(const exchange_step& one) {
    auto words = one.url;
    if (one.status != 0) words += fmt::format(": {}", one.status);
    if (!one.code.empty()) words += fmt::format(", {}", one.code);
    if (!one.error.empty()) words += fmt::format("{} {}", one.status != 0 || !one.code.empty() ? "," : ":", one.error);
    return words;
}

// A web site at the domain itself, or nothing at all.
bool is_nobody_there(const exchange_step& why, const mailbox_seen& seen) {
    const auto word = why.state.word();
    const auto at_the_domain = "//" + sip::lower(seen.address.substr(seen.address.rfind('@') + 1)) + "/";
    // A record is asked for where nothing else is found: its silence is DNS's.
    const bool is_record = why.url.find("//") == std::string::npos;
    return is_record || word == "dns" || word == "not_found" || word == "page" || word == "redirect" ||
           (why.url.find(at_the_domain) != std::string::npos && word != "error" &&
            (word != "refused_login" || why.scheme == "Basic"));
}

using calendar = decided_at<"provisioning.calendar">;

calendar without_services(const mailbox_seen& seen) {
    const auto* why = seen.telling_step();
    if (!why) return {"not_found", outcome::expected, "Exchange was not looked for: the address has no domain"};
    if (why->state.word() == "no_mailbox")
        return {"no_mailbox", outcome::expected, fmt::format("{} has no mailbox ({})", seen.address, in_words(*why))};
    const auto led = std::ranges::find_if(
        seen.steps, [](const exchange_step& one) { return !one.led_to_address.empty(); });
    if (is_nobody_there(*why, seen) && led != seen.steps.end())
        return {
            "not_found", outcome::warning,
            fmt::format("{} leads to {}, for which no Exchange is found", led->url, led->led_to_address)};
    if (is_nobody_there(*why, seen))
        return {
            "not_found", outcome::expected,
            fmt::format("no Exchange is found for {}", seen.address.substr(seen.address.rfind('@') + 1))};
    const bool unreachable = why->state.word() == "unreachable" || why->state.word() == "timed_out";
    if (unreachable) return {"not_found", outcome::warning, "Exchange does not answer: " + in_words(*why)};
    return {"refused", outcome::warning, in_words(*why)};
}

std::string in_words(ev::busy_word now) {
    if (now == ev::busy_word("out_of_office")) return "out of office";
    return now == ev::busy_word("no_data") ? "no data" : std::string(now.word());
}

calendar of_calendar(const mailbox_seen& seen) {
    const auto* why = seen.step("availability");
    if (why->state.word() == "no_mailbox")
        return {"no_mailbox", outcome::expected, fmt::format("{} has no mailbox ({})", seen.address, in_words(*why))};
    if (!seen.calendar || !seen.calendar->head.succeeded) return {"refused", outcome::warning, in_words(*why)};
    auto words = fmt::format(
        "{} event{}, now {}", seen.calendar->events, seen.calendar->events == 1 ? "" : "s",
        seen.now ? in_words(*seen.now) : "untold");
    if (!seen.release.empty()) words = fmt::format("{}: {}", seen.release, words);
    return {"read", outcome::ok, words};
}

void note_calendar(calendar& found, const mailbox_seen& seen) {
    if (!seen.calendar || !seen.calendar->head.succeeded) return;
    found.note(ev::calendar_events, seen.calendar->events);
    if (seen.now) found.facts.emplace_back(ev::calendar_now, *seen.now);
    if (!seen.calendar->working_hours.empty()) found.note(ev::calendar_working_hours, seen.calendar->working_hours);
}

void note_contents(calendar& found, const mailbox_seen& seen) {
    note_calendar(found, seen);
    if (seen.out_of_office && !seen.out_of_office->state.empty())
        found.note(ev::out_of_office, seen.out_of_office->state);
    if (!seen.has_contacts()) return;
    const auto& list = seen.contacts->list;
    found.note(ev::exchange_contacts, static_cast<std::int64_t>(list.contacts.size()))
        .note(ev::exchange_contact_groups, static_cast<std::int64_t>(list.groups.size()));
}

// Settings of the client policy come in several groups.
bool is_switched_off(const answers& all) {
    const auto* self = all.read(asked::roaming_self);
    if (self && self->options.calendar_off) return true;
    const auto* came = all.read(asked::configuration);
    if (!came) return false;
    return std::ranges::any_of(came->groups, [](const sip::provision_group& group) {
        return sip::same_word(group.setting("DisableCalendarPresence"), "true");
    });
}

bool sent_in_clear(const exchange_step& one) { return one.scheme == "Basic"; }

calendar decide_calendar(const answers& all) {
    const auto* seen = all.read(asked::mailbox);
    if (!seen) return {"not_found", outcome::expected, "Exchange was not looked for"};
    auto found = seen->ews_url.empty() ? without_services(*seen) : of_calendar(*seen);
    if (is_switched_off(all)) {
        found.note(ev::calendar_policy_off, true);
        if (found.branch.name() == "read") {
            auto off = calendar{
                "switched_off", outcome::ok, found.summary + "; policy or the user keeps it out of presence"};
            off.facts = std::move(found.facts);
            found = std::move(off);
        }
    }
    if (seen->cut_short) found.summary += "; its share of time was over before all was asked";
    if (std::ranges::any_of(seen->steps, sent_in_clear))
        found.summary += "; the password itself was sent, since no other way is offered there";
    found.note(ev::exchange_scp_asked, false);
    if (!seen->address.empty()) found.note(ev::exchange_address, seen->address);
    if (seen->other_domain) found.note(ev::exchange_other_domain, true);
    if (seen->cut_short) found.note(ev::exchange_cut_short, true);
    if (!seen->ews_url.empty()) found.note(ev::exchange_ews_url, seen->ews_url);
    if (!seen->version.empty()) found.note(ev::exchange_version, seen->version);
    if (!seen->release.empty()) found.note(ev::exchange_release, std::string(seen->release));
    note_contents(found, *seen);
    if (seen->password_uses > 0)
        found.note(ev::password_uses, std::int64_t{seen->password_uses})
            .note(ev::password_refused, std::int64_t{seen->password_refused})
            .note(ev::password_unjudged, std::int64_t{seen->password_unjudged});
    for (const auto& one : seen->steps) found.groups.push_back(facts_of(one));
    return found;
}

using missed = decided_at<"provisioning.missed_conversations">;

missed decide_missed(const answers& all) {
    const auto* seen = all.read(asked::mailbox);
    const auto* step = seen ? seen->step("missed") : nullptr;
    if (!step) return {"refused", outcome::expected, "no mailbox was reached that would tell"};
    if (seen->missed && seen->missed->head.succeeded) {
        missed found{
            "count", outcome::ok,
            fmt::format(
                "{}{}", seen->missed->count,
                seen->missed_since.empty() ? " in all: when the user last looked is not told"
                                           : " since " + seen->missed_since)};
        found.note(ev::missed_conversations, seen->missed->count);
        if (!seen->missed_since.empty()) found.note(ev::missed_since, seen->missed_since);
        return found;
    }
    if (step->state.word() == "not_found") return {"count", outcome::ok, "none: no conversation was ever kept"};
    const bool as_it_is = step->state.word() == "unsupported";
    return {"refused", as_it_is ? outcome::expected : outcome::warning, in_words(*step)};
}

using card = decided_at<"provisioning.contact_card">;

// The parts that follow from what the server says elsewhere (section 8.10); those that the user types aren't known.
std::vector<std::string> parts_to_update(const sip::contact_card& has, const answers& all) {
    std::vector<std::string> parts;
    const auto* self = all.read(asked::roaming_self);
    const auto* came = all.read(asked::configuration);
    const auto mailbox = came ? setting_of(*came, {"ServerConfiguration", "voiceMailUri"}) : std::string{};
    if (!mailbox.empty() && self->properties && self->properties->um_enabled && !sip::same_word(has.voicemail, mailbox))
        parts.push_back(
            has.voicemail.empty() ? "the address of the voice mailbox is not in it"
                                  : "it has another address of the voice mailbox");
    const bool can_call = self->properties && self->properties->has_voice();
    if (can_call && !has.communications_on.value_or(false))
        parts.emplace_back("it does not say that the user can be called (isUCEnabled)");
    return parts;
}

void note_card_photo(card& found, const sip::card_photo& its) {
    if (!its.type.empty()) found.note(ev::card_photo_type, its.type);
    if (!its.url.empty()) found.note(ev::card_photo_url, its.url);
    if (!its.hash.empty()) found.note(ev::card_photo_hash, its.hash);
    if (!its.ews_url.empty()) found.note(ev::card_photo_ews_url, its.ews_url);
    if (!its.address.empty()) found.note(ev::card_photo_address, its.address);
}

card decide_card(const answers& all) {
    const auto* self = all.read(asked::roaming_self);
    if (!self || !self->card)
        return {
            "absent", self ? outcome::warning : outcome::expected,
            self ? "the server has no contact card of the user" : "roaming self can't be read"};
    const auto parts = parts_to_update(*self->card, all);
    card found = parts.empty()
                     ? card{"unchanged", outcome::ok, "nothing that the server says elsewhere differs from it"}
                     : card{"would_be_updated", outcome::ok, fmt::format("{}", fmt::join(parts, "; "))};
    if (!self->card->name.empty()) found.note(ev::contact_card_name, self->card->name);
    if (!self->card->email.empty()) found.note(ev::contact_card_address, self->card->email);
    for (const auto& part : parts) found.note(ev::contact_card_part, part);
    if (self->card->photo) note_card_photo(found, *self->card->photo);
    return found;
}

std::string photo_in_words(const photo_seen& seen) {
    if (seen.switched_off) return "photos are switched off by policy";
    if (!seen.step) return "the photo in Exchange is not asked for: " + seen.why_not;
    const auto state = seen.step->state.word();
    if (state == "unsupported") return "photos in Exchange: not in this version";
    const bool none = state == "not_found" || (seen.step->is_ok() && seen.bytes == 0);
    if (none) return "no photo in Exchange";
    if (!seen.step->is_ok()) return "the photo is not given: " + in_words(*seen.step);
    return fmt::format(
        "photo in Exchange: {} bytes, {}", seen.bytes, seen.type.empty() ? "of no known kind" : seen.type);
}

bool is_normal(const exchange_step& of_photo) {
    const auto state = of_photo.state.word();
    return of_photo.is_ok() || state == "not_found" || state == "unsupported";
}

// A photo that is refused is a warning, and one that nobody has is nothing at all.
card decide_card_with_photo(const answers& all) {
    auto found = decide_card(all);
    const auto* seen = all.read(asked::photo);
    if (!seen) return found;
    found.summary += "; " + photo_in_words(*seen);
    if (seen->switched_off) found.note(ev::photo_switched_off, true);
    if (!seen->step) return found;
    if (!is_normal(*seen->step)) found.how = outcome::warning;
    if (seen->bytes > 0) found.note(ev::photo_bytes, seen->bytes);
    if (!seen->type.empty()) found.note(ev::photo_type, seen->type);
    found.groups.push_back(facts_of(*seen->step));
    return found;
}

constexpr node_row mailbox_table[] = {
    node<decide_calendar>({asked::mailbox}).also({asked::configuration}),
    node<decide_card_with_photo>({asked::roaming_self}).also({asked::configuration, asked::photo}),
    node<decide_missed>({asked::mailbox}),
};

}  // namespace

std::span<const node_row> mailbox_nodes() { return mailbox_table; }

}  // namespace ucsignin::signin::provisioning
