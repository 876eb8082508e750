#include "report/html/markup.hpp"

#include <charconv>
#include <cmath>

namespace ucsignin::report::html {
namespace {

std::string_view escaped(char c) {
    switch (c) {
        case '<': return "&lt;";
        case '>': return "&gt;";
        case '&': return "&amp;";
        case '"': return "&quot;";
        case '\'': return "&#39;";
        default: return {};
    }
}

template <class Number, class... Form>
void append(std::string& to, Number number, Form... form) {
    char digits[32];
    const auto [end, bad] = std::to_chars(std::begin(digits), std::end(digits), number, form...);
    if (bad == std::errc()) to.append(digits, end);
}

}  // namespace

markup& markup::operator<<(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find_first_of("<>&\"'", at), text.size());
        out_ += text.substr(at, end - at);
        if (end < text.size()) out_ += escaped(text[end]);
        at = end + 1;
    }
    return *this;
}

markup& markup::operator<<(std::size_t number) {
    append(out_, number);
    return *this;
}

markup& markup::operator<<(int number) {
    append(out_, number);
    return *this;
}

// to_chars() of the rounded number: "12.5", never "12.500000".
markup& markup::operator<<(double number) {
    const double rounded = std::isfinite(number) ? std::round(number * 100) / 100 : 0;
    append(out_, std::abs(rounded) < 1e12 ? rounded + 0.0 : 0.0, std::chars_format::fixed);
    return *this;
}

}  // namespace ucsignin::report::html
