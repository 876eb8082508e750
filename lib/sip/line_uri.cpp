#include "sip/line_uri.hpp"

#include <algorithm>

#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::sip {
namespace {

constexpr std::size_t longest = 256;
constexpr std::string_view separators = "-.() ", digits = "0123456789";

// "%2B49" is "+49". What is no escape stays.
std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = text[i] == '%' ? from_hex(text.substr(i + 1, 2)) : std::nullopt;
        const bool escape = byte && byte->size() == 1;
        out += escape ? byte->front() : text[i];
        if (escape) i += 2;
    }
    return out;
}

std::string bare(std::string_view number) {
    std::string out;
    for (const char c : number)
        if (separators.find(c) == std::string_view::npos) out += c;
    return out;
}

bool is_number(std::string_view text) {
    const bool global = text.starts_with('+');
    if (global) text.remove_prefix(1);
    return !text.empty() && text.find_first_not_of(global ? digits : "0123456789*#") == std::string_view::npos;
}

}  // namespace

std::expected<line_uri, parse_error> parse_line_uri(std::string_view text) {
    constexpr std::string_view scheme = "tel:";
    text = trim(text);
    if (text.size() > longest) return std::unexpected(parse_error{longest, "longer than 256 characters"});
    if (!same_word(text.substr(0, scheme.size()), scheme)) return std::unexpected(parse_error{0, "is no tel URI"});
    const auto end = std::min(text.find(';'), text.size());
    line_uri out{bare(unescaped(text.substr(scheme.size(), end - scheme.size()))), {}, {}};
    if (!is_number(out.number)) return std::unexpected(parse_error{scheme.size(), "holds no number"});
    for (const auto one : split_list(text.substr(end), ';')) {
        const auto [name, value] = split_parameter(one);
        if (name == "ext") out.extension = bare(unescaped(value));
        else if (name == "phone-context") out.phone_context = unescaped(value);
    }
    if (!out.extension.empty() && out.extension.find_first_not_of(digits) != std::string::npos)
        return std::unexpected(parse_error{end, "its extension is no number"});
    return out;
}

}  // namespace ucsignin::sip
