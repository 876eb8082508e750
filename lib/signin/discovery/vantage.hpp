#pragma once
// Inside or outside: what the signs say, and what the desktop client would conclude. Pure. Decided again as signs
// arrive.

#include <optional>
#include <string>

#include "ucsignin/signin.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::signin::discovery {

struct vantage_signs {
    vantage by_hand = vantage::unknown;     // --vantage
    std::string access_location;            // Internal, External, "": the web site that served Autodiscover
    std::optional<bool> remote_user;        // whether the registrar took us for a remote user
    bool internal_name_resolves = false;    // lyncdiscoverinternal
    bool internal_name_private = false;     // to private addresses (RFC 1918, RFC 4193) only
    bool internal_name_answers = false;     // with an Autodiscover document
    bool internal_records = false;          // _sipinternaltls._tcp or sipinternal lead somewhere
    bool internal_servers_unknown = false;  // Autodiscover names internal servers, none of which resolves here
    bool external_records = false;          // lyncdiscover, _sip._tls or sipexternal
    bool any_name_resolves = false;         // a wildcard answers: names prove nothing
    bool source_public = false;             // packets leave from a public address
};

struct vantage_decision {
    vantage where = vantage::unknown;  // unknown: unsure
    vantage guess = vantage::unknown;  // good enough to order ports by
    bool client_inside = false;
    trace::decision decision;  // its options are the signs
};

[[nodiscard]] vantage_decision decide_vantage(const vantage_signs&);

}  // namespace ucsignin::signin::discovery
