#pragma once
// One more connection to a server, made otherwise than the sign-in makes it: TCP, and TLS unless it is left out.

#include <functional>

#include "net/address.hpp"
#include "net/tcp.hpp"
#include "net/tls.hpp"
#include "signin/base/context.hpp"

namespace ucsignin::signin::connection {

struct variation {
    net::connect_options tcp;
    std::function<void(net::tls_options&)> tls;  // empty: as the sign-in does
    bool tcp_only = false;
    bool keep_open = false;  // hand the stream on instead of closing it
};

struct tried {
    std::string word =
        "no_address";     // "connected" (TCP only), "agreed", "refused", "filtered", "alert 40", "silent", ...
    std::string address;  // the last that was tried
    bool tcp_up = false;
    net::tls_facts facts;
    std::optional<net::unverified_stream> stream;  // with keep_open, when TLS came up
};

// The addresses of the server in the client's order, until TCP comes up. By the proxy where the sign-in goes by it; the
// ways of TCP then don't apply.
[[nodiscard]] net::awaitable<tried> try_server(context& c, net::host_port server, variation how, net::deadline until);

}  // namespace ucsignin::signin::connection
