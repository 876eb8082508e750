#pragma once
// The web addresses that in-band provisioning names for this side of the Edge: address book, its search, group
// expansion (protocol 02, section 2.3). One GET without credentials to each says whether it is there, and one with the
// ticket that is at hand, where one is wanted, whether it lets the user in.

#include <optional>
#include <string>
#include <vector>

#include "signin/provisioning/address_book.hpp"
#include "signin/provisioning/tables.hpp"
#include "sip/bodies.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::signin::provisioning {

struct web_url_seen {
    std::string setting, url;
    trace::ev::web_url_word state = "not_tried";
    int status = 0;     // of an answer, whatever it says
    std::string error;  // for people
    std::optional<address_book_seen> book = {};
    [[nodiscard]] bool answers() const { return state.word() == "answers"; }
};
struct web_urls_seen {
    std::vector<web_url_seen> all;
};

// The settings' names and values, those of the other side left out; an address that several name stands there once.
[[nodiscard]] std::vector<web_url_seen> web_urls_of(const sip::provisioning&, bool remote);

[[nodiscard]] wish look_at_web_urls(const endpoint& me, const sip::provisioning&);

}  // namespace ucsignin::signin::provisioning
