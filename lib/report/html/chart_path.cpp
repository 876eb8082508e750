#include "report/html/chart_path.hpp"

namespace ucsignin::report::html {
namespace {

bool did_run(const material& m, std::size_t node) {
    const auto& counts = m.nodes[node].counts;
    return counts && ran(m.span(*counts));
}

// The branch by which the sign-in left the node; null when it didn't run, or by one that this chart doesn't know.
const chart::branch* taken_from(const material& m, std::size_t node) {
    return did_run(m, node) ? chart::nodes()[node].find(m.span(*m.nodes[node].counts).branch) : nullptr;
}

// Nothing where the branch leads nowhere: the usual way to the next node is then all that is drawn.
std::optional<edge> leave(const material& m, std::size_t from) {
    const auto* by = taken_from(m, from);
    if (did_run(m, from) && chart::nodes()[from].id == m.r.verdict.stopped_at) return edge{way::stopped, from, from};
    if (!by || by->leads_to.empty()) return std::nullopt;
    const auto to = static_cast<std::size_t>(chart::position(by->leads_to));
    const bool same = chart::nodes()[to].stage == chart::nodes()[from].stage;
    return edge{!same ? way::leaves : did_run(m, to) ? way::taken : way::ahead, from, to};
}

}  // namespace

stage_path path_of(const material& m, int stage) {
    stage_path out;
    const auto all = chart::nodes();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].stage != stage) continue;
        out.nodes.push_back(i);
        const bool has_next = i + 1 < all.size() && all[i + 1].stage == stage;
        const auto left = leave(m, i);
        if (left) out.edges.push_back(*left);
        if (has_next && (!left || left->to != i + 1)) out.edges.push_back({way::open, i, i + 1});
    }
    return out;
}

}  // namespace ucsignin::report::html
