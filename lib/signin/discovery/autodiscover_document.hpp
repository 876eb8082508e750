#pragma once
// Lync Autodiscover documents (MS-OCDISCWS): XML and JSON forms into one value. No I/O.

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "net/address.hpp"
#include "sip/message.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::signin::discovery {

struct link {
    std::string token, href;
};

struct autodiscover_document {
    enum class kind { root, user, domain } what = kind::root;
    std::string access_location;  // "Internal", "External", "" when the server doesn't say
    std::vector<link> links;
    std::vector<net::host_port> internal_access, external_access;  // SipClientInternalAccess, SipClientExternalAccess
    std::size_t servers_left_out = 0;                              // of either, beyond what a sign-in takes
    [[nodiscard]] std::string href(std::string_view token) const;  // tokens compare without case; "" when absent
};

// `content_type` decides between XML and JSON. Errors carry the offset where the parser tells one.
[[nodiscard]] std::expected<autodiscover_document, sip::parse_error> parse_autodiscover(
    std::string_view content_type, std::string_view body);

// Whether the media type is one of Autodiscover's at all.
[[nodiscard]] bool is_autodiscover_type(std::string_view content_type);

// Which link of a root is followed: on to another root, else to the user document. Options are their tokens.
[[nodiscard]] trace::decision decide_link(const autodiscover_document&);

}  // namespace ucsignin::signin::discovery
