#include "report/json_reader.hpp"

#include <cmath>

namespace ucsignin::report {
namespace {

using json = nlohmann::ordered_json;
using place = json_reader::place;

const json nothing;

std::string kind_of(const json& value) { return value.is_null() ? "null" : value.type_name(); }

}  // namespace

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
