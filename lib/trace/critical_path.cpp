// What a run waited for, seen from its end.

#include <algorithm>
#include <unordered_map>

#include "ucsignin/trace.hpp"

namespace ucsignin::trace {

std::vector<const span*> critical_path(const record& of, const span& last) {
    std::unordered_map<std::string_view, const span*> by_id;
    for (const auto& s : of.spans) by_id.emplace(s.span_id, &s);
    const auto end_of = [](const span& s) { return s.start_ms + s.duration_ms; };
    std::vector<const span*> path;
    for (const span* at = &last; at;) {
        by_id.erase(at->span_id);  // each stands in it once: a report that was read back may lead in circles
        path.push_back(at);
        const span* before = nullptr;
        for (const auto& id : at->waited_for)
            if (const auto known = by_id.find(id); known != by_id.end())
                if (!before || end_of(*known->second) > end_of(*before)) before = known->second;
        at = before;
    }
    std::ranges::reverse(path);
    return path;
}

}  // namespace ucsignin::trace
