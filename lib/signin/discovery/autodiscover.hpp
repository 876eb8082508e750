#pragma once
// Lync Autodiscover over HTTP and HTTPS side by side: root, user document (with a web ticket), domain document.

#include <functional>
#include <string>
#include <vector>

#include "net/address.hpp"
#include "signin/base/context.hpp"
#include "signin/base/trust.hpp"

namespace ucsignin::signin::discovery {

struct autodiscovered {
    std::string access_location;
    std::vector<net::host_port> internal_access, external_access;
    naming named = {naming_way::autodiscover, {}, false, {}};  // who named these
    bool any_answer = false;                                   // some Autodiscover document was read
    bool from_internal_name = false;                           // lyncdiscoverinternal gave one
};

// A name of the client's list; `resolved` waits for DNS.
struct named_host {
    std::string name;
    std::function<net::awaitable<bool>()> resolved;
};

// Walks from `http(s)://host/?sipuri=` of every name as soon as it resolves. Documents are read from the first root in
// the client's order (the internal name first, https before http), and from the next when that one's lead nowhere.
[[nodiscard]] net::awaitable<autodiscovered> autodiscover(context& c, std::vector<named_host> hosts);

}  // namespace ucsignin::signin::discovery
