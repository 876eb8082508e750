#pragma once
// What a status of HTTP says of the address that was asked. For those who ask and for those who judge.

namespace ucsignin::trace {

// Nobody serves that address (404), or not this (405); a gateway finds nobody behind it (502, 504).
[[nodiscard]] constexpr bool nothing_serves_there(long status) {
    return status == 404 || status == 405 || status == 502 || status == 504;
}

}  // namespace ucsignin::trace
