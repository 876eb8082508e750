// says: no such code word
#include "trace/evidence.hpp"

using namespace ucsignin;
namespace ev = trace::ev;

bool right(const trace::span& s) { return s.word(ev::connect_fault) == "refused"; }
bool as_told(const trace::span& s) { return s.word(ev::connect_fault).str() == "some later word"; }
#ifdef WRONG
bool wrong(const trace::span& s) { return s.word(ev::connect_fault) == "refusd"; }
#endif
