// The hosts file as the system's look-up applies it: by name, without repetitions.
#include "signin/base/this_pc.hpp"

#include <algorithm>

namespace ucsignin::signin {

std::vector<net::ip_address> this_pc::addresses_by_hosts(std::string_view name) const {
    std::vector<net::ip_address> found;
    if (!hosts_apply) return found;
    for (const auto& entry : hosts.entries)
        if (std::ranges::find(entry.names, name) != entry.names.end() &&
            std::ranges::find(found, entry.address) == found.end())
            found.push_back(entry.address);
    return found;
}

}  // namespace ucsignin::signin
