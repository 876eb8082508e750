#pragma once
// What the time of a step went into, as values.

#include <vector>

#include "report/html/material.hpp"

namespace ucsignin::report::html {

// Waiting for the answer of another step; waiting for the other end of a wire, while a message is on its way; anything
// else that the step did.
enum class time_went { step, wire, work };
struct part {
    time_went into;
    double start_ms, end_ms;
    friend bool operator==(const part&, const part&) = default;
};
// One after another, from the step's start to its end, none of them empty.
[[nodiscard]] std::vector<part> parts_of(const material&, std::size_t span);

// Four equal parts of an axis from 0 that reach at least to `end_ms`, each a round number.
[[nodiscard]] double axis_step(double end_ms);

}  // namespace ucsignin::report::html
