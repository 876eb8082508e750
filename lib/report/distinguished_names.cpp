#include "report/distinguished_names.hpp"

#include <algorithm>
#include <cctype>

namespace ucsignin::report {
namespace {

// "=" makes an attribute when a type stands before it, and before the type a separator or the beginning.
std::string_view type_before(std::string_view text, std::size_t equals) {
    auto end = equals;
    while (end > 0 && text[end - 1] == ' ') --end;
    auto begin = end;
    while (begin > 0 && (std::isalnum(static_cast<unsigned char>(text[begin - 1])) || text[begin - 1] == '.')) --begin;
    const bool separated = begin == 0 || std::string_view(",/+ ").find(text[begin - 1]) != std::string_view::npos;
    return separated ? text.substr(begin, end - begin) : std::string_view();
}

// Trims what separates a value from the next attribute, or from the next name of a chain.
std::size_t value_end(std::string_view text, std::size_t begin, std::size_t limit) {
    const auto arrow = text.substr(begin, limit - begin).find(" <- ");
    if (arrow != std::string_view::npos) return begin + arrow;
    if (limit == text.size()) return limit;
    while (limit > begin && std::string_view(",/+ ").find(text[limit - 1]) != std::string_view::npos) --limit;
    return limit;
}

}  // namespace

std::vector<dn_attribute> attributes_of(std::string_view text) {
    std::vector<dn_attribute> found;
    for (auto equals = text.find('='); equals != std::string_view::npos; equals = text.find('=', equals + 1)) {
        const auto type = type_before(text, equals);
        if (type.empty()) continue;
        if (!found.empty())
            found.back().end = value_end(text, found.back().begin, static_cast<std::size_t>(type.data() - text.data()));
        const auto begin = std::min(text.find_first_not_of(' ', equals + 1), text.size());
        found.push_back({type, begin, text.size()});
    }
    if (!found.empty()) found.back().end = value_end(text, found.back().begin, text.size());
    // "A==": the second sign begins a value before the first one's has ended.
    std::erase_if(found, [](const dn_attribute& a) { return a.end < a.begin; });
    return found;
}

}  // namespace ucsignin::report
