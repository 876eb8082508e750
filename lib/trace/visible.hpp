#pragma once
// Text for people's eyes. What a terminal would obey, or an eye would not see, is written out: `\x1b` for control
// characters and for bytes that are no UTF-8, `\u{202e}` for bidirectional and other format characters, separators,
// tags, private use and noncharacters. Names in any script stay as they are, and so does a joiner (U+200C, U+200D)
// between letters of a script that spells with it, or between emoji; a variation selector behind what it varies. A
// backslash stays single: DOMAIN\user.

#include <cstddef>
#include <string>
#include <string_view>

namespace ucsignin::trace {

struct character {
    char32_t code = 0;
    std::size_t length = 1;  // in bytes
    bool valid = false;      // false: a byte that begins no character (overlong forms and surrogates are none)
};
[[nodiscard]] character character_at(std::string_view text, std::size_t at);

// Columns of a terminal that the character takes: 0, 1 or 2.
[[nodiscard]] int columns_of(char32_t code);

// One line: line breaks are written out as well.
[[nodiscard]] std::string visible(std::string_view text);
// Line breaks stay. With `colours`, so do the sequences that set a colour or end it ("\x1b[1;31m") and nothing else of
// ESC's.
[[nodiscard]] std::string visible_lines(std::string_view text, bool colours = false);

// The same characters of a JSON document as \uXXXX, which means the same to whoever reads it.
[[nodiscard]] std::string visible_json(std::string_view document);

}  // namespace ucsignin::trace
