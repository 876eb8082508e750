// Which alert, reset or silence is which branch. It is here once, as TLS is met at candidates, at other addresses and
// in second looks, and a report must not call one ending by several names.
#include "signin/connection/endings.hpp"

#include <fmt/format.h>

#include "signin/base/notes.hpp"

namespace ucsignin::signin::connection {

using net::fault;

chart::branch_at<"connection.tcp"> tcp_branch(fault f) {
    switch (f) {
        case fault::refused: return "refused";
        case fault::unreachable: return "unreachable";
        case fault::reset:
        case fault::closed: return "reset";
        case fault::proxy: return "proxy_refuses";
        case fault::not_found: return "no_address";
        default: return "filtered";
    }
}

void note_attempt(trace::scope& span, const attempt& a) {
    auto tried = span.group().note(ev::peer, net::to_string(a.target.meant));
    if (a.target.moved) tried.note(ev::moved, net::to_string(a.target.actual));
    if (!a.failed) {
        tried.note(ev::tcp_ms, a.connect_ms);
        return;
    }
    if (a.failed->what == fault::cancelled) return;
    tried.note(ev::connect_fault, word_of(a.failed->what));
    if (const auto name = net::errno_name(*a.failed); !name.empty()) tried.note(ev::connect_errno, name);
}

}  // namespace ucsignin::signin::connection
