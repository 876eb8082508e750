#pragma once
// --stay: signed in and quiet, with the keep-alive that was negotiated (MS-CONMGMT; protocol section 3.2), until the
// time is over or the server or the network ends it.

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "signin/base/session.hpp"

namespace ucsignin::signin {

// Seconds of silence that the server bears, from "UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300" (of the 200 to
// REGISTER). Nothing when the client shall send none: no hop-hop=yes, no number.
[[nodiscard]] std::optional<std::int64_t> keep_alive_timeout(std::string_view header);

[[nodiscard]] net::awaitable<void> stay(context& c, std::shared_ptr<session> s);

}  // namespace ucsignin::signin
