#pragma once
// How sure a finding can ever be. "Certain" claims that an observation excludes every look-alike; of some faults no
// client can observe what would.

#include <array>
#include <string_view>

#include "diagnosis/catalogue.hpp"
#include "diagnosis/indexed_trace.hpp"

namespace ucsignin::diagnosis {

// What decides for a finding, and how: one of these, on a step that is its evidence. Without any it is never certain,
// and `because` says what else looks the same.
struct grounds {
    std::string_view because;
    std::array<const trace::evidence_entry*, 5> any_of;  // null behind the last
    [[nodiscard]] constexpr bool can_decide() const { return any_of[0] != nullptr; }
};
[[nodiscard]] const grounds& grounds_of(const catalogue_entry&);  // one of the catalogue's own

// Names the observation that decides for a finding that is certain; where there is none, it is likely at most.
void hold_to_grounds(const indexed_trace&, finding&);

}  // namespace ucsignin::diagnosis
