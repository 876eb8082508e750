// says: no such code word
#include "trace/evidence.hpp"

using namespace ucsignin;
namespace ev = trace::ev;

void right(trace::scope& s) { s.note(ev::sip_error, "timed_out"); }
bool right(const trace::span& s) { return s.word(ev::sip_error) == "timed_out"; }
#ifdef WRONG
void wrong(trace::scope& s) { s.note(ev::sip_error, "timed out"); }
#endif
