#include <catch2/catch.hpp>

#include "trace/visible.hpp"

using namespace ucsignin::trace;

namespace {

std::string utf8(char32_t code) {
    const auto part = [code](int shift) { return static_cast<char>(0x80 | (code >> shift & 0x3f)); };
    if (code < 0x800) return {static_cast<char>(0xc0 | code >> 6), part(0)};
    if (code < 0x10000) return {static_cast<char>(0xe0 | code >> 12), part(6), part(0)};
    return {static_cast<char>(0xf0 | code >> 18), part(12), part(6), part(0)};
}

}  // namespace

TEST_CASE("what a terminal would obey is written out") {
    CHECK(
        visible("a\x1b]0;owned\x07"
                "b") == "a\\x1b]0;owned\\x07b");
    CHECK(visible("one\r\ntwo\tthree\x7f") == "one\\x0d\\x0atwo\\x09three\\x7f");
    CHECK(visible(std::string_view("a\0b", 3)) == "a\\x00b");
}

TEST_CASE("C1 controls are written out, as characters and as bytes") {
    CHECK(
        visible("a\xc2\x9b"
                "31mb") == "a\\u{9b}31mb");
    CHECK(
        visible("a\x9b"
                "31mb") == "a\\x9b31mb");
    CHECK(visible("\xc2\x85") == "\\u{85}");
}

TEST_CASE("bytes that are no UTF-8 are written out one by one, and never taken for a character") {
    CHECK(visible("\xc0\xaf") == "\\xc0\\xaf");  // overlong
    CHECK(visible("\xe0\x80\x9b") == "\\xe0\\x80\\x9b");
    CHECK(visible("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // a surrogate
    CHECK(visible("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // beyond Unicode
    CHECK(visible("\xe2\x80") == "\\xe2\\x80");                    // cut off
}

TEST_CASE("what an eye would not see, or would see in another place, is written out") {
    for (const char32_t code : {0xadu,    0x34fu,   0x61cu,   0x115fu,  0x180eu,  0x200bu,  0x200eu,  0x200fu, 0x2028u,
                                0x2029u,  0x202au,  0x202eu,  0x2060u,  0x2064u,  0x2066u,  0x2069u,  0x206fu, 0x3164u,
                                0xe000u,  0xf8ffu,  0xfdd0u,  0xfe0fu,  0xfeffu,  0xfff9u,  0xfffeu,  0xffffu, 0x1d173u,
                                0x1fffeu, 0xe0001u, 0xe0041u, 0xe007fu, 0xe0100u, 0xf0000u, 0x10fffdu}) {
        INFO(static_cast<unsigned>(code));
        const auto text = visible("ab" + utf8(code) + "cd");
        CHECK(text.starts_with("ab\\u{"));
        CHECK(text.ends_with("}cd"));
    }
    CHECK(visible("\xe2\x80\xae") == "\\u{202e}");
}

TEST_CASE("names in any script stay as they are") {
    for (const auto* name :
         {"J\xc3\xb6rg M\xc3\xbcller", "\xd7\x93\xd7\x95\xd7\x93 \xd7\x9b\xd7\x94\xd7\x9f",
          "\xd9\x85\xd8\xad\xd9\x85\xd8\xaf", "\xe0\xb8\xaa\xe0\xb8\xa1\xe0\xb8\x8a\xe0\xb8\xb2\xe0\xb8\xa2",
          "\xe5\xb1\xb1\xe7\x94\xb0", "e\xcc\x81", "\xf0\x9f\x98\x80", "\xc2\xa0", "CONTOSO\\alice"})
        CHECK(visible(name) == name);
}

TEST_CASE("a joiner stays where a script spells with it, and nowhere else") {
    const auto stays = [](const std::string& text) { return visible(text) == text; };
    CHECK(stays("\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae\xd9\x88\xd8\xa7\xd9\x87\xd9\x85"));  // Persian, with a non-joiner
    CHECK(stays("\xe0\xb7\x81\xe0\xb7\x8a\xe2\x80\x8d\xe0\xb6\xbb\xe0\xb7\x93"));          // Sinhala, with a joiner
    CHECK(stays("\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7"));  // a family
    CHECK(stays("\xe2\x9d\xa4\xef\xb8\x8f\xe2\x80\x8d\xf0\x9f\x94\xa5"));                      // a heart on fire
    CHECK(
        visible("a\xe2\x80\x8d"
                "b") == "a\\u{200d}b");
    CHECK(visible("pay\xe2\x80\x8cpal") == "pay\\u{200c}pal");
    CHECK(visible("\xd9\x85\xe2\x80\x8c") == "\xd9\x85\\u{200c}");  // at a word's end
    CHECK(visible("\xd9\x85\xe2\x80\x8c\xe2\x80\x8c\xd9\x85") == "\xd9\x85\\u{200c}\\u{200c}\xd9\x85");
}

TEST_CASE("a variation selector stays behind what it varies") {
    CHECK(visible("\xe2\x9c\x94\xef\xb8\x8f") == "\xe2\x9c\x94\xef\xb8\x8f");          // a check mark as emoji
    CHECK(visible("\xe8\x91\x9b\xf3\xa0\x84\x80") == "\xe8\x91\x9b\xf3\xa0\x84\x80");  // a form of an ideograph
    CHECK(visible("a\xef\xb8\x8f") == "a\\u{fe0f}");
}

TEST_CASE("lines keep their breaks, and colours only where they are wanted") {
    CHECK(visible_lines("a\nb\r") == "a\nb\\x0d");
    CHECK(visible_lines("\x1b[1;31mFAILED\x1b[0m") == "\\x1b[1;31mFAILED\\x1b[0m");
    CHECK(visible_lines("\x1b[1;31mFAILED\x1b[0m", true) == "\x1b[1;31mFAILED\x1b[0m");
    CHECK(visible_lines("\x1b[2J\x1b]0;x\x07\x1b[", true) == "\\x1b[2J\\x1b]0;x\\x07\\x1b[");
}

TEST_CASE("in JSON the same characters are escapes that mean the same") {
    CHECK(
        visible_json("{\n \"a\": \"\xe2\x80\xae\xc2\x9b\xf3\xa0\x81\x81\x7f\"}\n") ==
        "{\n \"a\": \"\\u202e\\u009b\\udb40\\udc41\\u007f\"}\n");
    CHECK(visible_json("\"J\xc3\xb6rg \xd9\x85\xd8\xad\"") == "\"J\xc3\xb6rg \xd9\x85\xd8\xad\"");
    CHECK(visible_json("\"\xff\"") == "\"\\ufffd\"");
}

TEST_CASE("columns are those of a terminal") {
    CHECK(columns_of('a') == 1);
    CHECK(columns_of(0x301) == 0);
    CHECK(columns_of(0x5c71) == 2);
    CHECK(columns_of(0x1f600) == 2);
    CHECK(columns_of(0x645) == 1);
}
