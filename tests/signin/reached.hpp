#pragma once
// Leaves a line for each chart branch that a unit test of a decision reached; tests/chart_coverage.py reads them.

#include <string_view>

namespace ucsignin::tests {

void reached(std::string_view node, std::string_view branch);

}  // namespace ucsignin::tests
