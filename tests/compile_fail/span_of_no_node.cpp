// says: no such node in the chart
// says: non-type template argument is not a constant expression
#include "ucsignin/trace.hpp"

void right(ucsignin::trace::recorder& trace) { auto span = trace.open<"connection.tcp">(); }
#ifdef WRONG
void wrong(ucsignin::trace::recorder& trace) { auto span = trace.open<"connection.tpc">(); }
#endif
