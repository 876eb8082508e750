#pragma once
// connection.versions: which TLS versions a server accepts, whether it needs a server name, and whether sessions can be
// resumed; each by a connection of its own that carries nothing (--tls-scan, and the second round when versions are
// open).

#include <string>
#include <vector>

#include "signin/base/context.hpp"

namespace ucsignin::signin::connection {

struct version_tried {
    std::string_view name;  // "TLSv1.2"
    int version = 0;        // net::tls_1_2
    std::string word;       // "accepted", or how it ended
};
// The branch of connection.versions. Pure.
[[nodiscard]] chart::branch_at<"connection.versions"> versions_branch(const std::vector<version_tried>&);

[[nodiscard]] net::awaitable<void> scan_versions(context& c, net::host_port server);
[[nodiscard]] net::awaitable<std::vector<version_tried>> try_versions(
    context& c, net::host_port server, net::deadline until);

}  // namespace ucsignin::signin::connection
