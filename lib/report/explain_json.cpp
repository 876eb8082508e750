#include <nlohmann/json.hpp>

#include "ucsignin/chart.hpp"
#include "ucsignin/explain.hpp"

namespace ucsignin::report {
namespace {

using json = nlohmann::ordered_json;

json write(const diagnosis::catalogue_entry& e) {
    auto decided_by = json::array();
    for (const auto* one : e.grounds.any_of)
        if (one) decided_by.push_back(one->name);
    auto look_alikes = json::array();
    for (const auto id : e.look_alike_ids)
        if (!id.empty()) look_alikes.push_back(id);
    return {
        {"id", e.id},
        {"stage", e.stage},
        {"stage_id", chart::stage_name(e.stage)},
        {"severity", to_string(e.severity)},
        {"title", e.title},
        {"meaning", e.meaning},
        {"who", e.who},
        {"remedy", e.remedy},
        {"check", e.check},
        {"look_alikes", e.look_alikes},
        {"look_alike_ids", std::move(look_alikes)},
        {"decided_by", std::move(decided_by)},
        {"certainty", e.grounds.because}};
}

}  // namespace

std::string explain_as_json(const diagnosis::catalogue_entry& entry) { return write(entry).dump(2) + "\n"; }

std::string explain_as_json(std::span<const diagnosis::catalogue_entry> entries) {
    auto all = json::array();
    for (const auto& e : entries) all.push_back(write(e));
    return all.dump(2) + "\n";
}

}  // namespace ucsignin::report
