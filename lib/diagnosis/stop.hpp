#pragma once
// Whether the user is signed in; where the candidate that came furthest failed; the exit code.

#include "diagnosis/case_view.hpp"

namespace ucsignin::diagnosis {

// A confirmed registration whose server proved itself, an active subscription, and the publication accepted or not
// wanted.
[[nodiscard]] bool signed_in(const case_view&);
// Sets stop and stopped_at. Leaves both empty when nothing failed before the stage that --until asked for, or before an
// interruption.
void find_stop(case_view&);
// --until below 5: whether everything up to that stage went well.
[[nodiscard]] bool ended_as_asked(const case_view&);
[[nodiscard]] int stage_reached(const case_view&);
[[nodiscard]] int exit_code(const case_view&);

}  // namespace ucsignin::diagnosis
