// says: this node has no such branch
#include "ucsignin/trace.hpp"

void right(ucsignin::trace::scope_at<"connection.tcp">& span) {
    span.finish("refused", ucsignin::trace::outcome::failed, "nothing listens there");
}
#ifdef WRONG
void wrong(ucsignin::trace::scope_at<"connection.tcp">& span) {
    span.finish("agreed", ucsignin::trace::outcome::ok, "a branch of connection.tls");
}
#endif
