// What a list of video nodes says about cameras.

#include <algorithm>

#include "host/host.hpp"

namespace ucsignin::host {

cameras judge_cameras(const std::vector<camera_node>& nodes) {
    cameras result;
    for (const auto& n : nodes)
        if (n.opened && n.captures) result.names.push_back(n.name);
    if (!result.names.empty()) {
        result.known = cameras::state::found;
        return result;
    }
    const auto denied = std::ranges::find_if(nodes, &camera_node::denied);
    if (denied != nodes.end()) {
        result.known = cameras::state::hidden;
        result.why = denied->name + ": " + denied->error;
        return result;
    }
    const auto failed = std::ranges::find_if(nodes, [](const auto& n) { return !n.error.empty(); });
    if (failed != nodes.end()) {
        result.known = cameras::state::unknown;
        result.why = failed->name + ": " + failed->error;
        return result;
    }
    result.known = cameras::state::none;
    return result;
}

}  // namespace ucsignin::host
