#include "trace/json_text.hpp"

#include <array>
#include <optional>

namespace ucsignin::trace {
namespace {

constexpr std::size_t deepest = 32, most_members = 1000, most_values = 500000;

struct too_much {
    std::size_t offset;
    std::string_view what;
};

// Counted before the parser sees the text: writing a deep value back recurses once a level, a value costs up to 100
// bytes whatever its own length, and a member is looked for among all those before it.
std::optional<too_much> too_much_in(std::string_view text) {
    std::array<std::size_t, deepest> members{};
    std::size_t depth = 0, values = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string && c == '\\') ++i;
        else if (c == '"') in_string = !in_string;
        else if (in_string) continue;
        else if (c == '{' || c == '[') {
            if (depth == deepest) return too_much{i, "nested deeper than 32 levels"};
            members[depth++] = 0;
            ++values;
        } else if (c == '}' || c == ']') depth -= depth > 0 ? 1 : 0;
        else if (c == ':' && depth > 0 && ++members[depth - 1] > most_members)
            return too_much{i, "more than 1000 members in one object"};
        else if (c == ',' && ++values > most_values) return too_much{i, "more than 500000 values"};
    }
    return std::nullopt;
}

// The library's text begins with its own error number and position, which ours says better.
std::string without_prefix(std::string what) {
    const auto at = what.find("]");
    if (at != std::string::npos && what.size() > at + 2) what.erase(0, at + 2);
    const auto colon = what.find(": ");
    return what.starts_with("parse error at") && colon != std::string::npos ? what.substr(colon + 2) : what;
}

}  // namespace

template <class Json>
std::expected<Json, json_fault> parse_json(std::string_view text) {
    using kind = json_fault::kind;
    if (const auto at = too_much_in(text))
        return std::unexpected(json_fault{kind::limit, at->offset, std::string(at->what)});
    try {  // the only way in which the library tells where
        return Json::parse(text.begin(), text.end());
    } catch (const nlohmann::json::parse_error& e) {
        return std::unexpected(json_fault{kind::syntax, e.byte > 0 ? e.byte - 1 : 0, without_prefix(e.what())});
    } catch (const nlohmann::json::exception& e) {
        return std::unexpected(json_fault{kind::number, 0, without_prefix(e.what())});
    }
}

template std::expected<nlohmann::json, json_fault> parse_json(std::string_view);
template std::expected<nlohmann::ordered_json, json_fault> parse_json(std::string_view);

std::string text_in(const nlohmann::json& object, std::string_view key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

}  // namespace ucsignin::trace
