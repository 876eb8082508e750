#include <algorithm>
#include <vector>

#include "catalogue_parts.hpp"

namespace ucsignin::diagnosis {
namespace {

std::vector<catalogue_entry> join() {
    std::vector<catalogue_entry> all;
    for (const auto part :
         {parts::local(), parts::dns(), parts::autodiscover(), parts::network(), parts::tls(), parts::web_services(),
          parts::registration(), parts::provisioning(), parts::exchange()})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

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

std::span<const catalogue_entry> catalogue() {
    static const std::vector<catalogue_entry> all = join();
    return all;
}

const catalogue_entry* find_entry(std::string_view id) {
    const auto all = catalogue();
    const auto at = std::ranges::find(all, id, &catalogue_entry::id);
    return at == all.end() ? nullptr : &*at;
}

}  // namespace ucsignin::diagnosis
