// "Certain" claims that an observation excludes every look-alike. Verdicts are held to what the catalogue says of each
// finding, whichever rule wrote them.
#include "diagnosis/certainty.hpp"

namespace ucsignin::diagnosis {

void hold_to_grounds(const indexed_trace& record, finding& found) {
    found.decided_by = {};
    if (found.certainty != certainty::certain) return;
    for (const auto* observation : find_entry(found.id)->grounds.any_of)
        for (const auto& id : found.evidence)
            if (const auto* span = record.by_id(id); observation && span && span->has(*observation)) {
                found.decided_by = {id, std::string(observation->name)};
                return;
            }
    found.certainty = certainty::likely;
}

}  // namespace ucsignin::diagnosis
