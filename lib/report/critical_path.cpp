#include "report/critical_path.hpp"

#include "ucsignin/chart_nodes.hpp"

namespace ucsignin::report {
namespace {

// The later one; either may be missing.
const trace::span* later_of(const trace::span* a, const trace::span* b) {
    if (!a || !b) return a ? a : b;
    return b->start_ms + b->duration_ms > a->start_ms + a->duration_ms ? b : a;
}

const trace::span* end_of(const report& r) {
    const trace::span* last = nullptr;
    for (const auto& s : r.trace.spans) {
        if (s.outcome == trace::outcome::not_run) continue;
        const auto* node = chart::find(s.node);
        const bool counts = r.verdict.signed_in ? node && node->role.is_needed() : s.node == r.verdict.stopped_at;
        if (counts) last = later_of(last, &s);
    }
    return last;
}

}  // namespace

std::vector<const trace::span*> critical_path_of(const report& r) {
    const auto* last = end_of(r);
    if (!last) return {};
    return trace::critical_path(r.trace, *last);
}

}  // namespace ucsignin::report
