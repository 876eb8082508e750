#pragma once
// The lexical rules that SIP headers and the XML bodies share: case, white space, quoting (RFC 3261 7.3.1, 25.1).

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trace/ascii.hpp"

namespace ucsignin::sip {

using trace::lower;
using trace::same_word;
using trace::trim;

// Splits outside of "..." and <...>; parts are trimmed, empty ones left out.
[[nodiscard]] std::vector<std::string_view> split_list(std::string_view text, char separator);
// Text between double quotes without them and without escapes; other text as it is.
[[nodiscard]] std::string unquote(std::string_view text);
// "alice@contoso.example" of "sip:alice@contoso.example" or "sips:...", in any case; another text as it is.
[[nodiscard]] std::string without_scheme(std::string_view address);
// "name = value" or "name": the name in lower case, the value unquoted.
[[nodiscard]] std::pair<std::string, std::string> split_parameter(std::string_view text);

// Decimal digits and nothing else; nothing when it is empty, has other characters, or does not fit.
template <class Number>
[[nodiscard]] std::optional<Number> to_number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace ucsignin::sip
