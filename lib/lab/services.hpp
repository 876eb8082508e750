#pragma once
// Which server stands at which address, and which of them a scenario's `at` means. No I/O.

#include <string>
#include <string_view>
#include <vector>

#include "lab/scenario.hpp"
#include "lab/zone.hpp"

namespace ucsignin::lab {

struct service {
    std::string role;     // edge, fe01, fe02, web, relay, exchange, "" for those that a scenario adds
    net::endpoint meant;  // as DNS has it
    speaks what = speaks::closed;
    std::string server;              // its own name; targetname of SIP challenges
    std::vector<std::string> names;  // in its certificate, the common name first
};

// The pool's own and the scenario's, and a closed port wherever a record leads to nobody: all that a client may dial.
[[nodiscard]] std::vector<service> list_services(const scenario&, const zone&, const lab_hosts&);

// Its name where the client named none: the first name of its certificate, if it has one.
[[nodiscard]] std::string own_name(const service&);

// `asked`: the server name or Host that the client sent; "" when it is not known, then a name means its addresses.
[[nodiscard]] bool is_meant(std::string_view at, const service&, std::string_view asked, const zone&);

}  // namespace ucsignin::lab
