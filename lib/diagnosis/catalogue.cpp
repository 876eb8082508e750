// Puts the parts together and checks at compile time what a list of its own would have to: unique ids, look-alikes that
// exist, places that are not taken twice.
#include "diagnosis/catalogue.hpp"

#include <algorithm>

namespace ucsignin::diagnosis {
namespace {

consteval bool every_id_stands_once() {
    for (std::size_t i = 0; i < all_entries.size(); ++i) {
        const std::string_view id = all_entries[i].id;
        if (id.empty() || place_of(id) != static_cast<int>(i)) return false;
    }
    return true;
}

// Of one quarter: compilers count the steps of an evaluation.
consteval bool every_look_alike_is_another_entry(std::size_t quarter) {
    const auto entries = all_entries;  // a copy: g++ 12 fills in what a row leaves out of an array only then
    for (std::size_t i = entries.size() * quarter / 4; i < entries.size() * (quarter + 1) / 4; ++i)
        for (const std::string_view id : entries[i].look_alike_ids)
            if (!id.empty() && (place_of(id) < 0 || place_of(id) == static_cast<int>(i))) return false;
    return true;
}

consteval bool no_two_have_the_same_place_before_servers() {
    for (std::size_t i = 0; i < all_entries.size(); ++i)
        for (std::size_t other = 0; other < i; ++other)
            if (all_entries[i].standing.before_servers != 0 &&
                all_entries[i].standing.before_servers == all_entries[other].standing.before_servers)
                return false;
    return true;
}

static_assert(every_id_stands_once());
static_assert(every_look_alike_is_another_entry(0) && every_look_alike_is_another_entry(1));
static_assert(every_look_alike_is_another_entry(2) && every_look_alike_is_another_entry(3));
static_assert(no_two_have_the_same_place_before_servers());

}  // namespace

std::string_view to_string(severity s) {
    switch (s) {
        case severity::failure: return "failure";
        case severity::warning: return "warning";
        case severity::info: break;
    }
    return "info";
}

std::string_view to_string(certainty c) {
    switch (c) {
        case certainty::certain: return "certain";
        case certainty::likely: return "likely";
        case certainty::possible: break;
    }
    return "possible";
}

std::span<const catalogue_entry> catalogue() { return all_entries; }

const catalogue_entry* find_entry(std::string_view id) {
    const auto at = std::ranges::find(all_entries, id, &catalogue_entry::id);
    return at == all_entries.end() ? nullptr : &*at;
}

const catalogue_entry& finding_ref::operator*() const { return all_entries[place_]; }

}  // namespace ucsignin::diagnosis
