// What roaming self and the contact list say of the account: delegates, notes, voicemail, line, groups and kinds of
// contacts.

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "signin/base/decision.hpp"
#include "signin/provisioning/contact_kinds.hpp"
#include "signin/provisioning/requests.hpp"
#include "signin/provisioning/settings.hpp"
#include "sip/lexical.hpp"
#include "sip/line_uri.hpp"
#include "trace/evidence_exchange.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::signin::provisioning {
namespace {

namespace ev = trace::ev;
using trace::outcome;

// So many contacts or delegates are told one by one; the counts are of all.
constexpr std::size_t most_told = 250;

constexpr auto unreadable_self = "roaming self can't be read";

std::string count_of(std::int64_t number, std::string_view what) {
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

decided_at<"provisioning.delegates"> decide_delegates(const answers& all) {
    using decided_here = decided_at<"provisioning.delegates">;
    const auto* self = all.read(asked::roaming_self);
    if (!self) return {"refused", outcome::expected, unreadable_self};
    if (self->delegates.empty()) return {"none", outcome::ok, "the server names none"};
    decided_here found{"some", outcome::ok, count_of(static_cast<std::int64_t>(self->delegates.size()), "delegate")};
    for (std::size_t i = 0; i < std::min(self->delegates.size(), most_told); ++i)
        found.note(ev::delegate, self->delegates[i]);
    return found;
}

trace::decision where_notes_are_looked_for() {
    using enum trace::verdict;
    return signin::decided(
        "Where are the notes before this one looked for?",
        {{"in the pool", chosen, "clients publish them there (category noteHistory)"},
         {"in Exchange", passed_over, "no public document says that, or how, a mailbox keeps them"}});
}

decided_at<"provisioning.notes"> decide_notes(const answers& all) {
    using decided_here = decided_at<"provisioning.notes">;
    const auto* self = all.read(asked::roaming_self);
    if (!self) return {"none", outcome::expected, unreadable_self};
    const std::int64_t count = self->notes + self->kept_notes;
    auto found = count == 0 ? decided_here{"none", outcome::ok, "no personal note"}
                            : decided_here{
                                  "read", outcome::ok,
                                  fmt::format(
                                      "{}, {} before it", self->notes > 0 ? "a personal note" : "no personal note",
                                      self->kept_notes)};
    found.decision = where_notes_are_looked_for();
    return found.note(ev::notes, count);
}

decided_at<"provisioning.voicemail"> decide_voicemail(const answers& all) {
    using decided_here = decided_at<"provisioning.voicemail">;
    const auto* self = all.read(asked::roaming_self);
    if (!self) return {"refused", outcome::expected, unreadable_self};
    const bool enabled = self->properties && self->properties->um_enabled;
    auto found = [&]() -> decided_here {
        if (self->messages)
            return {
                "count", outcome::ok,
                fmt::format("{} not yet heard, {} heard", self->messages->unread, self->messages->read)};
        // A server tells no count before it heard of Exchange, and that of a mailbox in the cloud never.
        if (enabled) return {"refused", outcome::expected, "a voice mailbox, and the server tells no count"};
        // A mailbox in the cloud need not show here.
        return {"no_um", outcome::ok, "the server tells of no voice mailbox"};
    }();
    if (self->messages)
        found.note(ev::voicemail_unread, self->messages->unread).note(ev::voicemail_read, self->messages->read);
    if (self->properties) found.note(ev::um_enabled, enabled);
    // The folder itself, where Exchange was reached: the count of the pool is what the lamp goes by.
    const auto* mailbox = all.read(asked::mailbox);
    if (mailbox && mailbox->voicemail && mailbox->voicemail->head.succeeded)
        found.note(ev::voicemail_folder, mailbox->voicemail->count);
    return found;
}

std::string_view words_of_mode(const sip::user_properties& mine) {
    const auto& mode = mine.telephony_mode;
    if (sip::same_word(mode, "Uc")) return "Enterprise Voice";
    if (sip::same_word(mode, "Rcc")) return "remote call control";
    if (sip::same_word(mode, "Dual")) return "Enterprise Voice and remote call control";
    return sip::same_word(mode, "None") ? "no Enterprise Voice" : "";
}

decided_at<"provisioning.line"> decide_line(const answers& all) {
    using decided_here = decided_at<"provisioning.line">;
    const auto* self = all.read(asked::roaming_self);
    const auto* mine = self && self->properties ? &*self->properties : nullptr;
    if (!mine) return {"none", outcome::expected, self ? "the server tells no line" : unreadable_self};
    std::string fault, words;
    std::vector<std::vector<trace::fact>> lines;
    for (const auto& one : mine->lines) {
        auto& facts = lines.emplace_back(std::vector<trace::fact>{{ev::line_uri, one.uri}});
        const auto line = sip::parse_line_uri(one.uri);
        if (!line) {
            fault = fmt::format("{} {}", one.uri, line.error().what);
            facts.emplace_back(ev::line_fault, line.error().what);
            continue;
        }
        facts.emplace_back(ev::line_number, line->number);
        if (!line->extension.empty()) facts.emplace_back(ev::line_extension, line->extension);
        words += fmt::format(
            "{}{}{}{}", words.empty() ? "" : ", ", line->is_main_number() ? "main number " : "", line->number,
            line->extension.empty() ? "" : " extension " + line->extension);
    }
    const auto mode = words_of_mode(*mine);
    auto found = [&]() -> decided_here {
        if (!fault.empty()) return {"malformed", outcome::warning, fault};
        const auto line = words.empty() ? std::string("no line") : words;
        const auto summary = mode.empty() ? line : fmt::format("{}, {}", line, mode);
        if (words.empty()) return {"none", outcome::ok, summary};
        return {"parsed", outcome::ok, summary};
    }();
    found.groups = std::move(lines);
    if (!mine->telephony_mode.empty()) found.note(ev::telephony_mode, mine->telephony_mode);
    if (!mine->um_address.empty()) found.note(ev::um_address, mine->um_address);
    return found;
}

decided_at<"provisioning.contact_groups"> decide_contact_groups(const answers& all) {
    using decided_here = decided_at<"provisioning.contact_groups">;
    const auto* list = all.read(asked::list);
    std::set<int> known{1};  // that of the server, for whom no group was made (section 4.1)
    for (const auto& group : list->groups) known.insert(group.id);
    std::vector<std::vector<trace::fact>> strangers;
    for (const auto& contact : list->contacts)
        for (const auto id : contact.groups)
            if (!known.contains(id))
                strangers.push_back({{ev::contact_uri, contact.uri}, {ev::contact_unknown_group, id}});
    if (strangers.empty()) return {"yes", outcome::ok, count_of(static_cast<std::int64_t>(known.size()), "group")};
    decided_here found{
        "unknown_groups", outcome::warning,
        count_of(static_cast<std::int64_t>(strangers.size()), "place") + " in groups that the list lacks"};
    if (strangers.size() > most_told) strangers.resize(most_told);
    found.groups = std::move(strangers);
    return found;
}

decided_at<"provisioning.contact_kinds"> decide_contact_kinds(const answers& all) {
    using decided_here = decided_at<"provisioning.contact_kinds">;
    const auto* list = all.read(asked::list);
    const contact_kinds kinds(all.own_address, all.read(asked::configuration));
    std::int64_t same = 0, federated = 0, open = 0;
    std::vector<std::vector<trace::fact>> told;
    for (const auto& contact : list->contacts) {
        const auto [kind, why] = kinds.of(contact.uri);
        ++(kind == "same" ? same : kind == "public" ? open : federated);
        if (told.size() < most_told)
            told.push_back({{ev::contact_uri, contact.uri}, {ev::contact_kind, kind}, {ev::contact_kind_why, why}});
    }
    const auto words = list->contacts.empty()
                           ? std::string("no contacts")
                           : fmt::format("{} of the enterprise, {} of partners, {} public", same, federated, open);
    auto found = [&]() -> decided_here {
        if (open > 0) return {"public", outcome::ok, words};
        if (federated > 0) return {"federated", outcome::ok, words};
        return {"same", outcome::ok, words};
    }();
    found.groups = std::move(told);
    return found.note(ev::contacts_same, same).note(ev::contacts_federated, federated).note(ev::contacts_public, open);
}

// clang-format off
constexpr node_row account_table[] = {
    node<decide_delegates>({asked::roaming_self}),
    node<decide_notes>({asked::roaming_self}),
    node<decide_voicemail>({asked::roaming_self}).also({asked::mailbox}),
    node<decide_line>({asked::roaming_self}),
    node<decide_contact_groups>({asked::list}),
    node<decide_contact_kinds>({asked::list, asked::configuration}),
};
// clang-format on

}  // namespace

std::span<const node_row> account_nodes() { return account_table; }

}  // namespace ucsignin::signin::provisioning
