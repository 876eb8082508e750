#pragma once
// The user's mailbox: found by Autodiscover, asked by Exchange Web Services (protocol 02, section 8). All of it within
// a share of time of its own, beside what is asked of the pool.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "signin/provisioning/exchange_web.hpp"
#include "signin/provisioning/tables.hpp"
#include "sip/bodies.hpp"
#include "sip/exchange_services.hpp"

namespace ucsignin::signin::provisioning {

// The way on which it was reached: what is asked later goes the same way, by the log-in that was taken.
struct mailbox_way {
    std::shared_ptr<exchange_client> by;
    net::http::url url;
    naming named;
    net::deadline until;  // the end of the share that Exchange has
};

struct mailbox_seen {
    std::string address;        // by which it was looked for at last
    bool other_domain = false;  // the card names an address outside of the SIP domain
    std::vector<exchange_step> steps;
    std::string ews_url;  // "" when it was not found
    std::string version;
    std::string_view release;
    std::optional<sip::ews::availability> calendar;
    std::optional<ev::busy_word> now;
    std::optional<sip::ews::out_of_office> out_of_office;
    std::optional<sip::ews::item_count> voicemail, missed;
    std::string missed_since;
    std::optional<sip::ews::contacts> contacts;
    [[nodiscard]] bool has_contacts() const { return contacts && contacts->head.succeeded; }
    std::optional<mailbox_way> way;  // none where nothing that is asked next would be answered
    bool cut_short = false;          // the share of time was over
    int password_uses = 0, password_refused = 0, password_unjudged = 0;

    // The last of its kind; null when there was none.
    [[nodiscard]] const exchange_step* step(ev::exchange_step_word what) const;
    // The one of Autodiscover that tells most, where no web services were found.
    [[nodiscard]] const exchange_step* telling_step() const;
};

// By the address that the contact card names, and by the SIP address where that leads to nothing.
[[nodiscard]] wish look_for_mailbox(const endpoint& me, const sip::roaming_self& self);

// The state that an answer's code of its own means; "error" for a code that says nothing more. Pure.
[[nodiscard]] ev::exchange_state_word state_of_code(std::string_view code);

}  // namespace ucsignin::signin::provisioning
