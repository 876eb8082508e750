#include "trace/json_section.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace ucsignin::trace {
namespace {

using json = nlohmann::ordered_json;

std::string escaped(std::string_view key) {
    std::string out;
    for (const char c : key) out += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
    return out;
}

}  // namespace

json_section::json_section(const json& value, std::string where, std::optional<member_fault>& fault, reading how)
    : value_(value), where_(std::move(where)), fault_(fault), how_(how) {
    if (!value_.is_object() && !fault_) fault_ = member_fault{where_, "must be an object"};
}

std::string json_section::where(std::string_view key) const {
    return key.empty() ? where_ : where_ + "/" + escaped(key);
}

void json_section::fail(std::string_view key, std::string what) {
    if (!fault_) fault_ = member_fault{where(key), std::move(what)};
}

const json* json_section::find(std::string_view key) {
    if (how_ == reading::strict) asked_.emplace(key);
    if (fault_ || !value_.is_object()) return nullptr;
    const auto found = value_.find(key);
    if (found == value_.end() || (how_ == reading::lenient && found->is_null())) return nullptr;
    return &*found;
}

bool json_section::present(std::string_view key) {
    if (has(key)) return true;
    fail(key, "missing");
    return false;
}

bool json_section::has(std::string_view key) { return find(key) != nullptr; }

bool json_section::is_null(std::string_view key) {
    const json* const value = find(key);
    return value && value->is_null();
}

bool json_section::is_object(std::string_view key) {
    const json* const value = find(key);
    return value && value->is_object();
}

void json_section::read(std::string_view key, std::string& into) {
    const json* const value = find(key);
    if (!value) return;
    if (!value->is_string()) return fail(key, "must be a string");
    into = value->get<std::string>();
}

void json_section::read(std::string_view key, bool& into) {
    const json* const value = find(key);
    if (!value) return;
    if (!value->is_boolean()) return fail(key, "must be true or false");
    into = value->get<bool>();
}

void json_section::read(std::string_view key, double& into, double least, double most) {
    const json* const value = find(key);
    if (!value) return;
    if (!value->is_number()) return fail(key, "must be a number");
    const auto number = value->get<double>();
    if (!std::isfinite(number) || number < least || number > most)
        return fail(key, fmt::format("must be between {} and {}", least, most));
    into = number;
}

void json_section::read_number(
    std::string_view key, std::int64_t least, std::int64_t most, const std::function<void(std::int64_t)>& take) {
    const json* const value = find(key);
    if (!value) return;
    if (!value->is_number_integer()) return fail(key, "must be a whole number");
    const bool huge = value->is_number_unsigned() &&
                      value->get<std::uint64_t>() >
                          static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (huge || value->get<std::int64_t>() < least || value->get<std::int64_t>() > most)
        return fail(key, fmt::format("must be between {} and {}", least, most));
    take(value->get<std::int64_t>());
}

void json_section::read(std::string_view key, int& into, std::int64_t least, std::int64_t most) {
    read_number(key, least, most, [&](std::int64_t number) { into = static_cast<int>(number); });
}

void json_section::read(std::string_view key, std::int64_t& into, std::int64_t least, std::int64_t most) {
    read_number(key, least, most, [&](std::int64_t number) { into = number; });
}

void json_section::read(std::string_view key, std::vector<std::string>& into) {
    const json* const value = find(key);
    if (!value) return;
    if (!value->is_array()) return fail(key, "must be a list of strings");
    into.clear();
    for (const auto& one : *value) {
        if (!one.is_string()) {
            if (!fault_) fault_ = member_fault{fmt::format("{}/{}", where(key), into.size()), "must be a string"};
            return;
        }
        into.push_back(one.get<std::string>());
    }
}

void json_section::read_pairs(
    std::string_view key, std::vector<std::pair<std::string, std::string>>& into, const value_check& wrong) {
    const json* const value = find(key);
    if (!value) return;
    if (!value->is_object()) return fail(key, "must be an object of strings");
    for (const auto& [name, text] : value->items()) {
        const auto several = text.is_array() ? text.get<std::vector<json>>() : std::vector<json>{text};
        for (const auto& one : several) {
            if (!one.is_string()) {
                if (!fault_)
                    fault_ = member_fault{where(key) + "/" + escaped(name), "must be a string or a list of strings"};
                return;
            }
            into.emplace_back(name, one.get<std::string>());
            const std::string what = wrong ? wrong(into.back().second) : std::string();
            if (!what.empty() && !fault_) fault_ = member_fault{where(key) + "/" + escaped(name), what};
        }
    }
}

void json_section::read_object(std::string_view key, const taker& take) {
    const json* const value = find(key);
    if (!value) return;
    json_section inner(*value, where(key), fault_, how_);
    take(inner);
    inner.finish();
}

void json_section::read_objects(std::string_view key, const taker& take) {
    const json* const value = find(key);
    if (!value) return;
    if (!value->is_array()) return fail(key, "must be a list of objects");
    for (std::size_t i = 0; i < value->size() && !fault_; ++i) {
        json_section inner((*value)[i], fmt::format("{}/{}", where(key), i), fault_, how_);
        take(inner);
        inner.finish();
    }
}

void json_section::read_object_or_objects(std::string_view key, const taker& take) {
    const json* const value = find(key);
    if (!value) return;
    if (value->is_object()) return read_object(key, take);
    if (!value->is_array() || value->empty()) return fail(key, "must be an object or a list of objects");
    read_objects(key, take);
}

void json_section::read_names(
    std::string_view key, const std::function<void(json_section&, const std::string&)>& take) {
    read_object(key, [&](json_section& inner) {
        for (const auto& [name, value] : inner.value_.items()) take(inner, name);
    });
}

void json_section::read_members(
    std::string_view key, const std::function<void(const std::string&, const std::string&)>& take) {
    std::vector<std::pair<std::string, std::string>> pairs;
    read_pairs(key, pairs);
    for (const auto& [name, value] : pairs) take(name, value);
}

void json_section::finish() {
    if (fault_ || how_ == reading::lenient || !value_.is_object()) return;
    for (const auto& [key, value] : value_.items())
        if (!asked_.contains(key)) return fail(key, "unknown key");
}

}  // namespace ucsignin::trace
