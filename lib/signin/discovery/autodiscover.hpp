#pragma once
// Lync Autodiscover over HTTP and HTTPS side by side: root, user document (with a web ticket), domain document.

#include <string>
#include <vector>

#include "net/address.hpp"
#include "signin/context.hpp"

namespace ucsignin::signin::discovery {

struct autodiscovered {
    std::string access_location;
    std::vector<net::host_port> internal_access, external_access;
    bool any_answer = false;      // some Autodiscover document was read
};

// Walks from `http(s)://host/?sipuri=`, both at once; what https says wins.
[[nodiscard]] net::awaitable<autodiscovered> autodiscover(context& c, std::string host);

}  // namespace ucsignin::signin::discovery
