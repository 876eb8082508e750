#pragma once
// The ordered list of servers that the client would try (protocol section 1.1), as a pure function of what was found.

#include <string>
#include <vector>

#include "net/address.hpp"
#include "net/dns.hpp"
#include "signin/base/trust.hpp"
#include "ucsignin/signin.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::signin {

enum class origin { cache, manual, autodiscover, srv, a_fallback, redirect };
[[nodiscard]] trace::ev::origin_word word_of(origin);

struct candidate {
    net::host_port server;
    signin::origin origin = origin::srv;
    std::string why;                           // "SRV _sip._tls.contoso.example, priority 0"
    std::vector<naming> named = {};            // everybody who named it, in the order in which they were found
    std::optional<trust_decision> trust = {};  // whether credentials may go there, once that is decided
    bool found_again = false;                  // another way of discovery names it, too
    [[nodiscard]] bool trusted() const { return trust && trust->has_value(); }
    [[nodiscard]] std::string name() const { return net::to_string(server); }
};

}  // namespace ucsignin::signin

namespace ucsignin::signin::discovery {

// What stage 2 saw, as far as the order of candidates depends on it.
struct found {
    std::string sip_domain;
    std::optional<net::host_port> manual, cached;
    std::vector<net::host_port> autodiscover_internal,
        autodiscover_external;                                              // SipClient...Access of the user document
    naming autodiscover_named = {naming_way::autodiscover, {}, false, {}};  // who named these
    std::string access_location;                                            // "Internal", "External", ""
    std::vector<net::dns::srv> srv_internal, srv_external;                  // in RFC 2782 order
    bool sipinternal = false, sip = false, sipexternal = false;             // these names have an address
    signin::vantage vantage = signin::vantage::unknown;                     // unknown: unsure
    signin::vantage guess = signin::vantage::unknown;                       // then what seems more likely comes first
};

struct ordered {
    std::vector<candidate> candidates;
    trace::decision decision;
    std::size_t left_out = 0;  // servers that stand behind these
};
[[nodiscard]] ordered order_candidates(const found&);

// Where servers come from when one was given by hand; empty when none was.
[[nodiscard]] trace::decision decide_manual(const std::optional<net::host_port>& by_hand);

}  // namespace ucsignin::signin::discovery
