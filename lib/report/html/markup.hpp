#pragma once
// Markup that is written from front to back. What goes in unescaped is known when compiling; any other text is escaped,
// whoever said it, so that there is no way by which a server could say markup.

#include <cstddef>
#include <string>
#include <string_view>

namespace ucsignin::report::html {

// Markup of ours: "<b>"_m. No text that is known at run time only can become one.
class literal {
public:
    consteval literal(const char* text, std::size_t length) : text_(text, length) {}
    [[nodiscard]] constexpr std::string_view view() const { return text_; }

private:
    std::string_view text_;
};
consteval literal operator""_m(const char* text, std::size_t length) { return {text, length}; }

class markup {
public:
    markup& operator<<(literal ours) {
        out_ += ours.view();
        return *this;
    }
    // Safe between tags and within an attribute's double quotes.
    markup& operator<<(std::string_view text);
    markup& operator<<(const std::string& text) { return *this << std::string_view(text); }
    markup& operator<<(const char* text) { return *this << std::string_view(text); }
    markup& operator<<(std::size_t number);
    markup& operator<<(int number);
    markup& operator<<(double number);  // two decimals at most
    markup& operator<<(const markup& made) {
        out_ += made.out_;
        return *this;
    }
    // A file of the tree, compiled in; the program's own bytes.
    markup& asset(std::string_view file) {
        out_ += file;
        return *this;
    }
    [[nodiscard]] bool empty() const { return out_.empty(); }
    [[nodiscard]] std::string take() && { return std::move(out_); }

private:
    std::string out_;
};

}  // namespace ucsignin::report::html
