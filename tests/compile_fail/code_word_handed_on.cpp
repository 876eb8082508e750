// says: no such code word
#include "trace/evidence.hpp"

using namespace ucsignin;
namespace ev = trace::ev;

struct failure {
    ev::http_fault_word kind;
};
failure right() { return {"timed_out"}; }
bool right(const failure& f) { return f.kind == "certificate"; }
#ifdef WRONG
failure wrong() { return {"timeout"}; }
#endif
