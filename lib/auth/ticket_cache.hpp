#pragma once
// The web tickets of one run, by what they are for: one that is good is not asked for again.

#include <cstdint>
#include <map>
#include <string>

#include "auth/web_ticket.hpp"
#include "net/http.hpp"

namespace ucsignin::auth {

class ticket_cache {
public:
    // `audience`: the URL in AppliesTo. `now`: seconds since 1970. A ticket that ends within the minute is no use any
    // more (protocol section 7.3). The pointer holds until the next keep().
    [[nodiscard]] const web_ticket* find(const std::string& audience, std::int64_t now) const {
        const auto known = tickets_.find(audience);
        return known == tickets_.end() || known->second.expires - least_left_s <= now ? nullptr : &known->second;
    }
    // Of those for an address of this host, the one that is good for longest.
    [[nodiscard]] const web_ticket* find_for_host(const std::string& host, std::int64_t now) const {
        const web_ticket* best = nullptr;
        for (const auto& [audience, one] : tickets_) {
            const auto url = net::http::parse_url(audience);
            if (!url || url->host != host || one.expires - least_left_s <= now) continue;
            if (!best || one.expires > best->expires) best = &one;
        }
        return best;
    }
    void keep(const std::string& audience, web_ticket issued) {
        tickets_.insert_or_assign(audience, std::move(issued));
    }

private:
    static constexpr std::int64_t least_left_s = 60;
    std::map<std::string, web_ticket> tickets_;
};

}  // namespace ucsignin::auth
