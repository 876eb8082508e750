#pragma once
// The part of the evidence registry that is about what this PC lacks for a log-in.

#include "trace/evidence.hpp"

namespace ucsignin::trace::ev {

// clang-format off
inline constexpr text_name missing_mechanism{{"host.gss.missing_mechanism", code, system, "", "the GSSAPI mechanism that the log-in needs and this PC does not have: NTLM"}};
// clang-format on

}  // namespace ucsignin::trace::ev
