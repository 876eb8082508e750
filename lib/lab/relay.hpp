#pragma once
// The media relay of the lab over UDP: a socket, behind which a turn_desk answers. Its TCP port is one of the services,
// and takes connections.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <vector>

#include "lab/journal.hpp"
#include "lab/scenario.hpp"
#include "lab/turn_desk.hpp"
#include "lab/zone.hpp"
#include "net/task_group.hpp"

namespace ucsignin::lab {

struct relay_place {
    net::endpoint meant;  // as DNS has it, with the UDP port
    relay_udp how = relay_udp::answers;
    relay_allocate allocate = relay_allocate::grants;
};
// Each relay's, and one that refuses at every other address: nobody is to ask the world.
[[nodiscard]] std::vector<relay_place> list_relays(
    const scenario&, const lab_hosts&, const std::vector<net::ip_address>& all_addresses);

class relay_server : public std::enable_shared_from_this<relay_server> {
public:
    // Bound when it returns. Port 0: any that is free.
    [[nodiscard]] static net::result<std::shared_ptr<relay_server>> open(
        boost::asio::io_context& context, net::endpoint at, relay_place place, std::shared_ptr<const pool_state> pool,
        std::shared_ptr<journal> log);
    void run();
    [[nodiscard]] net::endpoint local() const { return local_; }

private:
    relay_server(
        boost::asio::ip::udp::socket socket, relay_place place, std::shared_ptr<const pool_state> pool,
        std::shared_ptr<journal> log);
    static net::awaitable<void> serve(std::shared_ptr<relay_server> self);

    boost::asio::ip::udp::socket socket_;
    relay_place place_;
    turn_desk desk_;
    std::shared_ptr<journal> log_;
    net::endpoint local_;
    net::task_group tasks_;
};

}  // namespace ucsignin::lab
