#include "report/json_reader.hpp"

#include <array>
#include <cmath>

namespace ucsignin::report {
namespace {

using json = nlohmann::ordered_json;
using place = json_reader::place;

const json nothing;

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

std::string kind_of(const json& value) { return value.is_null() ? "null" : value.type_name(); }

}  // namespace

std::expected<json, read_error> parse_json(std::string_view text) {
    if (text.size() > most_bytes) return std::unexpected(read_error{most_bytes, "", "longer than 8 MiB"});
    if (const auto at = too_much_in(text)) return std::unexpected(read_error{at->offset, "", std::string(at->what)});
    try {
        return json::parse(text.begin(), text.end());
    } catch (const json::parse_error& e) {
        return std::unexpected(read_error{e.byte > 0 ? e.byte - 1 : 0, "", without_prefix(e.what())});
    } catch (const json::exception& e) {  // a number that no double holds
        return std::unexpected(read_error{0, "", without_prefix(e.what())});
    }
}

void json_reader::fail(std::string pointer, std::string what) {
    if (!error_) error_ = read_error{0, std::move(pointer), std::move(what)};
}

std::optional<place> json_reader::maybe(const place& object, std::string_view key) {
    if (error_) return std::nullopt;
    if (!object.value->is_object()) {
        fail(object.pointer, "an object is expected, not " + kind_of(*object.value));
        return std::nullopt;
    }
    const auto at = object.value->find(key);
    if (at == object.value->end() || at->is_null()) return std::nullopt;
    return place{&*at, object.pointer + "/" + std::string(key)};
}

place json_reader::member(const place& object, std::string_view key) {
    if (auto found = maybe(object, key)) return *std::move(found);
    fail(object.pointer + "/" + std::string(key), "missing");
    return {&nothing, ""};
}

std::size_t json_reader::count(const place& array) {
    if (error_) return 0;
    if (array.value->is_array()) return array.value->size();
    fail(array.pointer, "an array is expected, not " + kind_of(*array.value));
    return 0;
}

json_reader::place json_reader::element(const place& array, std::size_t at) {
    return {&(*array.value)[at], array.pointer + "/" + std::to_string(at)};
}

std::string json_reader::string_at(const place& p) {
    if (error_) return {};
    if (const auto* s = p.value->get_ptr<const std::string*>()) return *s;
    fail(p.pointer, "a string is expected, not " + kind_of(*p.value));
    return {};
}

std::string json_reader::text(const place& object, std::string_view key) { return string_at(member(object, key)); }

std::string json_reader::maybe_text(const place& object, std::string_view key) {
    const auto found = maybe(object, key);
    return found ? string_at(*found) : std::string{};
}

double json_reader::milliseconds(const place& object, std::string_view key) {
    const auto p = member(object, key);
    if (error_) return 0;
    if (!p.value->is_number()) {
        fail(p.pointer, "a number is expected, not " + kind_of(*p.value));
        return 0;
    }
    const auto ms = p.value->get<double>();
    if (!std::isfinite(ms) || ms < 0) fail(p.pointer, "a time must not be negative");
    return error_ ? 0 : ms;
}

int json_reader::number(const place& object, std::string_view key, int least, int most) {
    const auto p = member(object, key);
    if (error_) return least;
    const auto wrong = [&] {
        fail(p.pointer, "a whole number from " + std::to_string(least) + " to " + std::to_string(most) + " is wanted");
        return least;
    };
    if (!p.value->is_number_integer()) return wrong();
    if (p.value->is_number_unsigned() && p.value->get<std::uint64_t>() > static_cast<std::uint64_t>(most))
        return wrong();
    const auto n = p.value->get<std::int64_t>();
    return n < least || n > most ? wrong() : static_cast<int>(n);
}

bool json_reader::flag(const place& object, std::string_view key) {
    const auto p = member(object, key);
    if (error_) return false;
    if (!p.value->is_boolean()) fail(p.pointer, "true or false is expected, not " + kind_of(*p.value));
    return !error_ && p.value->get<bool>();
}

}  // namespace ucsignin::report
