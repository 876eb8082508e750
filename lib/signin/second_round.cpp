// Starts the second looks of all stages side by side under one deadline. They run when the sign-in has ended, so that
// nobody waits for them who is signed in, and they cost no more than a share of the total.
#include "signin/second_round.hpp"

#include <fmt/format.h>

#include "signin/connection/cross_check.hpp"
#include "signin/discovery/cross_check.hpp"
#include "signin/base/limits.hpp"
#include "signin/registration/follow_up.hpp"
#include "signin/base/second_look.hpp"

namespace ucsignin::signin {
namespace {

// Looks have the same deadline as the wait for them: what had no answer is to be told so, not as interrupted.
constexpr auto to_end_by_themselves = std::chrono::milliseconds(100);

}  // namespace

trace::scope open_look(context& c, chart::node_ref node, const second_look& one) {
    auto span = c.trace.open(node, one.subject + " " + one.probe);
    span.note(ev::probe_kind, one.probe).note(ev::probe_of, one.subject);
    return span;
}

net::awaitable<void> look_again(context& c, std::vector<second_look> open) {
    const auto until = c.until.second_round();
    if (open.size() > limits::second_looks) {
        c.trace.not_run(
            "connection.cross_check", trace::not_run_reason::not_applicable,
            fmt::format(
                "{} of {} second looks are taken; the others are about servers further down the list",
                limits::second_looks, open.size()));
        open.resize(limits::second_looks);
    }
    for (const auto& one : open) {
        if (const auto carry_out = discovery::find_look(one.probe)) c.beside.start(carry_out(c, one, until));
        if (const auto carry_out = connection::find_look(one.probe)) c.beside.start(carry_out(c, one, until));
        if (const auto carry_out = registration::find_look(one.probe)) c.beside.start(carry_out(c, one, until));
    }
    co_await c.beside.join(until + to_end_by_themselves);
}

}  // namespace ucsignin::signin
