#pragma once
// A run for whoever wants to see what happens while it happens.

#include <functional>

#include "ucsignin/signin.hpp"

namespace ucsignin::signin {

struct listeners {
    trace::recorder::listener ended;                         // a span
    std::function<void(const trace::message&)> on_the_wire;  // as the trace keeps it, without its secrets
};

// run(), with both told on the calling thread, in the order of things and at once: a message before the span that it
// ended. What either throws ends the run as a bug does.
[[nodiscard]] run_result run_watched(const options&, listeners heard, control* by = nullptr);

}  // namespace ucsignin::signin
