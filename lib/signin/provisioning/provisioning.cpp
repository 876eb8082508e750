// Hands both tables to the driver.
#include "signin/provisioning/provisioning.hpp"

#include "signin/provisioning/driver.hpp"
#include "signin/provisioning/requests.hpp"

namespace ucsignin::signin::provisioning {

net::awaitable<void> provision(context& c, std::shared_ptr<session> s) {
    endpoint me{
        .sip_uri = c.who.sip_uri,
        .epid = s->epid,
        .local_address = s->local_address,
        .publish = c.options.publish,
        .remote = s->remote_user,
        .takes_lists = s->takes_lists,
        .dial = c.options.dial,
        .presence_of = c.options.presence_of,
        .asks_for_partners = c.options.partners,
        .server = s->server.host,
        .asks_exchange = c.options.ask_exchange};
    co_await drive(c, std::move(s), std::move(me), {requests, nodes()});
}

}  // namespace ucsignin::signin::provisioning
