#pragma once
// Stage 4: from a connection to a confirmed, signed registration, in the chart's order.

#include <memory>
#include <optional>

#include "signin/connection/connection.hpp"
#include "signin/registration/user_certificate.hpp"
#include "signin/base/session.hpp"
#include "signin/base/trust.hpp"

namespace ucsignin::signin::registration {

struct registered {
    enum class end { confirmed, failed, not_this_service, redirected } how = end::failed;
    std::vector<net::host_port> homes;  // with redirected: in the order in which to try them
    std::string why;                    // with failed and not_this_service
};

// Why a server that asks for a log-in gets none.
struct no_log_in {
    std::optional<not_covered> caution;  // ours; none when its certificate turned out to have been revoked
    std::string why;
};
// Asked when the credentials are due: by then more may be known than when the connection was made.
using permission = std::function<std::expected<credential_target, no_log_in>()>;

[[nodiscard]] net::awaitable<registered> register_endpoint(
    context& c, std::shared_ptr<session> s, permission may_log_in, std::shared_ptr<key_maker> key);

// registration.kept: what became of the registration until we left.
void trace_kept(context& c, const session& s);

// De-registers, best effort until the deadline; says at provisioning.sign_out what came of it.
[[nodiscard]] net::awaitable<void> sign_out(context& c, std::shared_ptr<session> s, net::deadline until);

}  // namespace ucsignin::signin::registration
