#pragma once
// A connection that ends in the midst of stage 5 is made once more, as the desktop client does, unless the password
// would have to prove itself again after it wasn't taken.

#include <optional>

#include "signin/base/session.hpp"

namespace ucsignin::signin::registration {

struct lost_connection {
    std::string server;
    int unanswered = 0;           // requests
    bool is_second = false;       // one was lost before
    bool needs_password = false;  // a new log-in sends it, or what proves it
    bool last_use_accepted = true;
};
// Pure.
[[nodiscard]] session::redial decide_dial_again(const lost_connection&);

// Whether to, decided only if the connection was lost before all came that was asked for; the session keeps it.
bool weigh_dialing_again(const context& c, session& s);

}  // namespace ucsignin::signin::registration
