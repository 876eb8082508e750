#include "lab/placeholders.hpp"

#include <algorithm>
#include <optional>

#include "lab/pool_state.hpp"
#include "lab/web_services_ticket.hpp"
#include "sip/lexical.hpp"
#include "trace/dates.hpp"

namespace ucsignin::lab {
namespace {

constexpr std::string_view date = "{date", iso = "{iso";
constexpr std::int64_t furthest_s = std::int64_t{100} * 366 * 86400;  // a century either way

struct moment {
    bool is_date = false;
    std::int64_t offset_s = 0;
    std::size_t size = 0;  // of the placeholder; 0: it is malformed
};

bool goes_on(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

// Nothing when `text` doesn't begin with a placeholder of a time; {dates} is another name.
std::optional<moment> moment_at(std::string_view text) {
    const std::string_view name = text.starts_with(date) ? date : text.starts_with(iso) ? iso : std::string_view();
    if (name.empty() || (text.size() > name.size() && goes_on(text[name.size()]))) return std::nullopt;
    moment out{name == date, 0, 0};
    const auto end = text.find('}');
    if (end == std::string_view::npos) return out;
    const auto offset = text.substr(name.size(), end - name.size());
    if (offset.empty()) out.size = end + 1;
    const auto number = offset.size() > 1 && (offset[0] == '+' || offset[0] == '-')
                            ? sip::to_number<std::uint32_t>(offset.substr(1))
                            : std::nullopt;
    if (!number || *number > furthest_s) return out;
    out.offset_s = offset[0] == '-' ? -std::int64_t{*number} : std::int64_t{*number};
    out.size = end + 1;
    return out;
}

const std::pair<std::string_view, std::string>* value_at(std::string_view text, const placeholder_values& values) {
    const auto found = std::find_if(values.begin(), values.end(), [&](const auto& one) {
        return text.substr(1).starts_with(one.first) && text.substr(1 + one.first.size()).starts_with('}');
    });
    return found == values.end() ? nullptr : &*found;
}

}  // namespace

std::string fill_in(std::string_view text, std::int64_t now, const placeholder_values& values) {
    std::string out;
    while (!text.empty()) {
        const auto brace = std::min(text.find('{'), text.size());
        out += text.substr(0, brace);
        text.remove_prefix(brace);
        if (text.empty()) break;
        if (const auto time = moment_at(text); time && time->size > 0) {
            out += time->is_date ? trace::http_date(now + time->offset_s) : trace::iso_time(now + time->offset_s);
            text.remove_prefix(time->size);
        } else if (const auto* value = value_at(text, values)) {
            out += value->second;
            text.remove_prefix(value->first.size() + 2);
        } else {
            out += text.front();
            text.remove_prefix(1);
        }
    }
    return out;
}

std::string wrong_placeholder(std::string_view text) {
    for (auto at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
        const auto rest = text.substr(at);
        const auto time = moment_at(rest);
        if (!time || time->size > 0) continue;
        const std::string shown(rest.substr(0, std::min<std::size_t>(rest.find('}'), 20) + 1));
        return shown + " is not a time: write {date}, {date-7200}, {iso} or {iso+3600}";
    }
    return {};
}

}  // namespace ucsignin::lab
