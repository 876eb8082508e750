#pragma once
// The kept user certificate or a new one, and by which way in a new one is ordered. Pure.

#include <expected>
#include <optional>
#include <string>

#include "auth/certificate.hpp"
#include "auth/web_ticket.hpp"
#include "signin/base/cache.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::signin::registration {

// As the cache tells it; nothing when none was kept. Empty then: there is no choice.
using kept_certificate = std::optional<std::expected<auth::user_certificate, cache_fault>>;
[[nodiscard]] trace::decision decide_certificate(const kept_certificate&);
// The server did not take the kept one; a new one needs the connection.
[[nodiscard]] trace::decision decide_after_refusal(const std::string& why, bool connection_open);

// The port that takes a ticket: with proof of possession first, as the client does. Null: none does.
[[nodiscard]] const auth::service_port* choose_port(const auth::service_metadata&);
[[nodiscard]] trace::decision decide_port(const auth::service_metadata&, const auth::service_port* taken);

}  // namespace ucsignin::signin::registration
