#pragma once
// The way that a sign-in took through one stage of the chart, as values.

#include <cstddef>
#include <vector>

#include "report/html/material.hpp"

namespace ucsignin::report::html {

enum class way {
    open,     // the chart has it, the sign-in didn't take it
    taken,    // to a node that ran
    ahead,    // the branch leads there, but nothing ran there
    leaves,   // to a node of another stage
    stopped,  // here the sign-in ended
};
struct edge {
    way how;
    std::size_t from, to;  // places in the chart; of `stopped` both are the same
    friend bool operator==(const edge&, const edge&) = default;
};

struct stage_path {
    std::vector<std::size_t> nodes;  // places in the chart, in order
    std::vector<edge> edges;         // from each node the way that was taken, or the usual one to the next
};
[[nodiscard]] stage_path path_of(const material&, int stage);

}  // namespace ucsignin::report::html
