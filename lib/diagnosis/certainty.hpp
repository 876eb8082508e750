#pragma once
// How sure a finding can be.

#include "diagnosis/indexed_trace.hpp"
#include "ucsignin/diagnosis.hpp"

namespace ucsignin::diagnosis {

// Names the observation that decides for a finding that is certain; where there is none, it is likely at most.
void hold_to_grounds(const indexed_trace&, finding&);

}  // namespace ucsignin::diagnosis
