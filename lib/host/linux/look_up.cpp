// A name as any program of this PC gets it: hosts file, cache, DNS with search suffixes, whatever nsswitch.conf lists.

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <cstring>
#include <memory>

#include "host/host.hpp"

namespace ucsignin::host {

std::vector<ip_address> look_up(const std::string& name) {
    addrinfo wanted = {};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* raw = nullptr;
    std::vector<ip_address> found;
    if (::getaddrinfo(name.c_str(), nullptr, &wanted, &raw) != 0) return found;
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list{raw, &::freeaddrinfo};
    for (const auto* at = list.get(); at != nullptr; at = at->ai_next) {
        boost::asio::ip::tcp::endpoint endpoint;
        if (at->ai_addrlen > endpoint.capacity()) continue;
        std::memcpy(endpoint.data(), at->ai_addr, at->ai_addrlen);
        if (std::ranges::find(found, endpoint.address()) == found.end()) found.push_back(endpoint.address());
    }
    return found;
}

}  // namespace ucsignin::host
