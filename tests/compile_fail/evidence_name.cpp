// says: is not a member of
// says: no member named
#include "trace/evidence.hpp"

void right(ucsignin::trace::scope& span) { span.note(ucsignin::trace::ev::sip_reason, "OK"); }
#ifdef WRONG
void wrong(ucsignin::trace::scope& span) { span.note(ucsignin::trace::ev::sip_raeson, "OK"); }
#endif
