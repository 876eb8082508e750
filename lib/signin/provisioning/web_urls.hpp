#pragma once
// The web addresses that in-band provisioning names for this side of the Edge: address book, its search, group
// expansion (protocol 02, section 2.3). One GET without credentials to each server says whether it is there.

#include <string>
#include <vector>

#include "signin/provisioning/tables.hpp"
#include "sip/bodies.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::signin::provisioning {

struct web_url_seen {
    std::string setting, url;
    trace::ev::web_url_word state = "not_tried";
    int status = 0;     // of an answer, whatever it says
    std::string error;  // for people
    [[nodiscard]] bool answers() const { return state.word() == "answers"; }
};
struct web_urls_seen {
    std::vector<web_url_seen> all;  // one for each server
};

// The settings' names and values, those of the other side left out, and of several at one server the first.
[[nodiscard]] std::vector<web_url_seen> web_urls_of(const sip::provisioning&, bool remote);

[[nodiscard]] wish look_at_web_urls(const endpoint& me, const sip::provisioning&);

}  // namespace ucsignin::signin::provisioning
