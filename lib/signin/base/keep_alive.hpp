#pragma once
// What a registrar wants to hear of a client that is quiet (MS-CONMGMT; protocol section 3.2).

#include <cstdint>
#include <optional>
#include <string_view>

namespace ucsignin::signin {

// Seconds of silence that the server bears, from "UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300" (of the 200 to
// REGISTER). Nothing when the client shall send none: no hop-hop=yes, no number.
[[nodiscard]] std::optional<std::int64_t> keep_alive_timeout(std::string_view header);

}  // namespace ucsignin::signin
