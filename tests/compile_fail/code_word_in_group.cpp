// says: no such code word
#include "trace/evidence.hpp"

using namespace ucsignin;
namespace ev = trace::ev;

void right(trace::scope& s) { s.group().note(ev::adapter_name, "eth0").note(ev::adapter_link, "no_link"); }
bool right(const trace::values& of) { return of.word(ev::adapter_link) == "no_link"; }
#ifdef WRONG
void wrong(trace::scope& s) { s.group().note(ev::adapter_name, "eth0").note(ev::adapter_link, "no link"); }
#endif
