#pragma once
// registration.cross_check: what one more log-in in another way would come to, in the second round.
//
//   sip_ntlm   NTLM at the registrar that was reached, when log-on by certificate came to nothing and no password was
//              refused: accepted, refused, not_offered, no_answer, not_allowed. An endpoint that it registers is taken
//              off again.

#include <string_view>

#include "signin/base/second_look.hpp"

namespace ucsignin::signin::registration {

// How to carry a probe out; nullptr for a word that this stage does not know.
[[nodiscard]] look find_look(std::string_view probe);

}  // namespace ucsignin::signin::registration
