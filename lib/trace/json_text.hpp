#pragma once
// JSON that somebody else may have written, read within limits. What its members have to be is the caller's to say.

#include <cstddef>
#include <expected>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace ucsignin::trace {

struct json_fault {
    enum class kind { syntax, number, limit };
    kind what = kind::syntax;  // number: one that no double holds, its place is unknown
    std::size_t offset = 0;    // in bytes from 0
    std::string text;
};

// Of a nlohmann::json or ordered_json. Nested deeper than 32 levels, more than 1000 members in one object or more than
// 500000 values: a fault. How long the text may be is for whoever reads it in.
template <class Json = nlohmann::json>
[[nodiscard]] std::expected<Json, json_fault> parse_json(std::string_view text);

// A member that is a string; "" for any other, and of what is no object.
[[nodiscard]] std::string text_in(const nlohmann::json& object, std::string_view key);

}  // namespace ucsignin::trace
