// Hands both tables to the driver.
#include "signin/provisioning/provisioning.hpp"

#include "signin/provisioning/driver.hpp"
#include "signin/provisioning/requests.hpp"

namespace ucsignin::signin::provisioning {

net::awaitable<void> provision(context& c, std::shared_ptr<session> s) {
    endpoint me{c.who.sip_uri,  s->epid,        s->local_address, c.options.publish,
                s->remote_user, s->takes_lists, c.options.dial};
    co_await drive(c, std::move(s), std::move(me), {requests, nodes()});
}

}  // namespace ucsignin::signin::provisioning
