#include "auth/xml_ranges.hpp"

namespace ucsignin::auth {
namespace {

constexpr auto npos = std::string_view::npos;

struct tag {
    std::size_t begin = 0, end = 0;  // [begin, end) with the brackets
    std::string_view local_name;
    bool opens = false, closes = false;  // <a> opens, </a> closes, <a/> does both
};

// End of what starts with `<` at `at` and is no element: comment, CDATA, processing instruction. 0 for elements.
std::size_t skip_other(std::string_view xml, std::size_t at) {
    static constexpr std::pair<std::string_view, std::string_view> others[] = {
        {"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};
    for (const auto& [start, stop] : others) {
        if (!xml.substr(at).starts_with(start)) continue;
        const auto end = xml.find(stop, at + start.size());
        return end == npos ? npos : end + stop.size();
    }
    return 0;
}

// > may stand in attribute values.
std::size_t end_of_tag(std::string_view xml, std::size_t at) {
    char quote = 0;
    for (; at < xml.size(); ++at) {
        if (quote != 0) quote = xml[at] == quote ? char{0} : quote;
        else if (xml[at] == '"' || xml[at] == '\'') quote = xml[at];
        else if (xml[at] == '>') return at + 1;
    }
    return npos;
}

std::optional<tag> next_tag(std::string_view xml, std::size_t at) {
    for (at = xml.find('<', at); at != npos; at = xml.find('<', at)) {
        if (const auto after = skip_other(xml, at); after != 0) {
            at = after;
            continue;
        }
        const auto end = end_of_tag(xml, at);
        if (end == npos) return std::nullopt;
        const bool closing = xml.substr(at + 1, 1) == "/";
        auto name = xml.substr(at + (closing ? 2 : 1), end - at - (closing ? 3 : 2));
        name = name.substr(0, name.find_first_of(" \t\r\n/"));
        name = name.substr(name.find(':') == npos ? 0 : name.find(':') + 1);
        return tag{at, end, name, !closing, closing || xml[end - 2] == '/'};
    }
    return std::nullopt;
}

}  // namespace

std::optional<element_range> find_element(std::string_view xml, std::string_view local_name) {
    std::optional<tag> start;
    std::size_t depth = 0;
    for (auto one = next_tag(xml, 0); one; one = next_tag(xml, one->end)) {
        if (!start) {
            if (!one->opens || one->local_name != local_name) continue;
            start = one;
            if (one->closes)
                return element_range{xml.substr(one->begin, one->end - one->begin), xml.substr(one->end, 0)};
            continue;
        }
        if (one->opens && !one->closes) ++depth;
        if (one->opens || depth-- != 0) continue;
        return element_range{
            xml.substr(start->begin, one->end - start->begin), xml.substr(start->end, one->begin - start->end)};
    }
    return std::nullopt;
}

}  // namespace ucsignin::auth
