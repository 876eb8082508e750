#pragma once
// The user's photo in Exchange: asked for where policy lets clients show photos, by the log-in that the mailbox took
// (protocol 02, section 8.7). Whether there is one is of interest, not what is in it.

#include <optional>
#include <string>

#include "signin/provisioning/mailbox.hpp"
#include "signin/provisioning/tables.hpp"
#include "sip/bodies.hpp"

namespace ucsignin::signin::provisioning {

struct photo_seen {
    bool switched_off = false;          // by policy
    std::optional<exchange_step> step;  // of the request, as far as there was something to ask
    std::string why_not;                // asked
    std::int64_t bytes = 0;             // 0: there is none
    std::string type;
};

[[nodiscard]] bool are_photos_off(const sip::provisioning&);

// Of whom the card's pointer names, else of whom the mailbox was found for.
[[nodiscard]] wish look_for_photo(
    const mailbox_seen&, const sip::provisioning&, const std::optional<sip::contact_card>& card);

}  // namespace ucsignin::signin::provisioning
