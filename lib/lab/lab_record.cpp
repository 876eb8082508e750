// What the lab saw, as data for whoever checks a run.

#include <nlohmann/json.hpp>

#include "trace/visible.hpp"
#include "ucsignin/lab.hpp"

namespace ucsignin::lab {

std::string record_of(const pool& from) {
    nlohmann::ordered_json out = {
        {"format", "ucsignin-lab-record/1"}, {"credentials", nlohmann::ordered_json::array()}, {"log", from.log()}};
    for (const auto& one : from.credentials())
        out["credentials"].push_back(
            {{"host", one.host},
             {"port", one.port},
             {"protocol", one.protocol},
             {"kind", one.kind},
             {"count", one.count}});
    // Names come from clients, who may send anything.
    return trace::visible_json(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)) + "\n";
}

}  // namespace ucsignin::lab
