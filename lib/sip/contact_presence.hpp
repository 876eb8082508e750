#pragma once
// The presence of contacts: one batched subscription for all of them, and what comes back (MS-PRES 2.2.2, RFC 4662;
// PIDF, RFC 3863, from partners).

#include <cstdint>
#include <expected>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sip/message.hpp"

namespace ucsignin::sip {

struct watched_contact {
    std::string uri;          // without "sip:"
    std::string state = {};   // of the instance: active, pending, resubscribe, terminated; "" when no list names it
    std::string reason = {};  // of a terminated one: rejected, noresource, ...
    std::string pool = {};    // poolFqdn of one that lives elsewhere: a SIP URI
    std::int64_t availability = -1;  // of the last state that came, -1 for none
    std::string activity = {};       // its token; of PIDF, "open" or "closed"
};
struct contact_presence {
    std::vector<watched_contact> contacts;                       // in the order in which they were named
    std::map<std::string, std::size_t, std::less<>> by_address;  // in lower case, without "sip:" and parameters
    [[nodiscard]] const watched_contact* find(std::string_view uri) const;  // without case, with or without "sip:"
};

// multipart/related with a resource list (RLMI) and a part for each contact, or one of these documents alone.
[[nodiscard]] std::expected<contact_presence, parse_error> parse_contact_presence(std::string_view body);

// application/msrtc-adrl-categorylist+xml. `contacts` without "sip:".
[[nodiscard]] std::string presence_request(std::string_view own_uri, std::span<const std::string> contacts);

}  // namespace ucsignin::sip
