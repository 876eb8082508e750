#pragma once
// Cookies, as a client keeps them for one run (RFC 6265 5): a gateway that tests for them, or a balancer that keeps a
// client on one node by them, is not at fault because a client has none. Pure: the time is an argument.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.hpp"

namespace ucsignin::net::http {

class cookie_jar {
public:
    // Every Set-Cookie line of an answer; `now` in seconds since 1970. What breaks the rules is not kept: another
    // host's domain, Secure over plain HTTP, control characters, more than 4 KiB, more than 50 of a host, 300 in all.
    void keep(const url& from, const response& answer, std::int64_t now);
    // The value of the Cookie line, the longest path first; "" for none.
    [[nodiscard]] std::string for_request(const url& to, std::int64_t now) const;
    [[nodiscard]] std::size_t size() const { return kept_.size(); }

private:
    struct cookie {
        std::string name, value, domain, path;
        bool host_only = true, secure = false;
        std::optional<std::int64_t> until;  // the end of the run without
    };
    [[nodiscard]] static std::optional<cookie> read(const url& from, std::string_view line, std::int64_t now);
    void put(cookie one, std::int64_t now);

    std::vector<cookie> kept_;
};

}  // namespace ucsignin::net::http
