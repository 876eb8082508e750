#include "signin/second_round.hpp"

#include "signin/connection/cross_check.hpp"
#include "signin/devices/beside_tunnel.hpp"
#include "signin/discovery/cross_check.hpp"
#include "signin/registration/follow_up.hpp"

namespace ucsignin::signin {

net::awaitable<void> look_again(context& c, std::vector<second_look> open) {
    const auto until = c.until.second_round();
    for (const auto& one : open) {
        if (const auto look = discovery::find_look(one.probe)) c.beside.start(look(c, one, until));
        if (const auto look = devices::find_look(one.probe)) c.beside.start(look(c, one, until));
        if (const auto look = connection::find_look(one.probe)) c.beside.start(look(c, one, until));
        if (const auto look = registration::find_look(one.probe)) c.beside.start(look(c, one, until));
    }
    co_await c.beside.join(until);
}

}  // namespace ucsignin::signin
