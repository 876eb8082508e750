// says: cannot convert
// says: no viable conversion from
#include "trace/evidence.hpp"

std::string right(const ucsignin::trace::span& span) { return span.text(ucsignin::trace::ev::sip_reason); }
#ifdef WRONG
std::string wrong(const ucsignin::trace::span& span) { return span.text(ucsignin::trace::ev::sip_status); }
#endif
