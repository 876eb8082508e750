// says: no matching function for call to
// says: no matching member function for call to
#include "trace/evidence.hpp"

void right(ucsignin::trace::scope& span) { span.note(ucsignin::trace::ev::sip_status, 401); }
#ifdef WRONG
void wrong(ucsignin::trace::scope& span) { span.note(ucsignin::trace::ev::sip_status, "401"); }
#endif
