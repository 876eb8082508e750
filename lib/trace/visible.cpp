#include "trace/visible.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace ucsignin::trace {
namespace {

struct range {
    char32_t first, last;
};

template <std::size_t N>
bool in(const std::array<range, N>& ranges, char32_t code) {
    return std::ranges::any_of(ranges, [&](const range& r) { return code >= r.first && code <= r.last; });
}

// C0, C1, format characters (Cf) without a shape of their own, Default_Ignorable_Code_Point (Unicode 15), line and
// paragraph separators, interlinear annotation, private use. Joiners and variation selectors are looked at by their
// neighbours first.
constexpr std::array<range, 24> unseen{
    {{0x00, 0x1f},       {0x7f, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},     {0x61c, 0x61c},
     {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},
     {0x2060, 0x206f},   {0x3164, 0x3164},   {0xd800, 0xdfff},   {0xe000, 0xf8ff},   {0xfdd0, 0xfdef},
     {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0x13430, 0x13440},
     {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}, {0xf0000, 0x10ffff}}};

// Arabic, Syriac, Thaana, N'Ko, Mandaic; the scripts of India and its neighbours; Mongolian; Arabic's presentation
// forms.
constexpr std::array<range, 6> spelt_with_joiners{
    {{0x600, 0x8ff}, {0x900, 0x109f}, {0x1780, 0x18af}, {0xa840, 0xabff}, {0xfb50, 0xfdcf}, {0xfe70, 0xfefc}}};
// Emoji and the signs that may be shown as one; a keycap's digit; the colours of skin.
constexpr std::array<range, 6> emoji{
    {{0x23, 0x39}, {0xa9, 0xae}, {0x203c, 0x2049}, {0x2100, 0x2bff}, {0x3030, 0x3299}, {0x1f000, 0x1faff}}};
constexpr std::array<range, 4> ideographs{{{0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xf900, 0xfaff}, {0x20000, 0x3fffd}}};
constexpr std::array<range, 1> mongolian{{{0x1820, 0x18aa}}};

// Marks that stand over, under or around the character before.
constexpr std::array<range, 26> combining{
    {{0x300, 0x36f},     {0x483, 0x489},    {0x591, 0x5bd},   {0x5bf, 0x5c7},   {0x610, 0x61a},   {0x64b, 0x65f},
     {0x670, 0x670},     {0x6d6, 0x6ed},    {0x711, 0x711},   {0x730, 0x74a},   {0x7a6, 0x7b0},   {0x8d3, 0x902},
     {0x93a, 0x93c},     {0x941, 0x94d},    {0xe31, 0xe31},   {0xe34, 0xe3a},   {0xe47, 0xe4e},   {0xeb1, 0xebc},
     {0x200b, 0x200f},   {0x20d0, 0x20f0},  {0x302a, 0x302d}, {0x3099, 0x309a}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
     {0x1f3fb, 0x1f3ff}, {0xe0100, 0xe01ef}}};
// East Asian Wide and Fullwidth (UAX #11), by their blocks.
constexpr std::array<range, 12> wide{
    {{0x1100, 0x115f},
     {0x2e80, 0x303e},
     {0x3041, 0x4dbf},
     {0x4e00, 0xa4cf},
     {0xa960, 0xa97f},
     {0xac00, 0xd7a3},
     {0xf900, 0xfaff},
     {0xfe30, 0xfe6f},
     {0xff00, 0xff60},
     {0xffe0, 0xffe6},
     {0x1f300, 0x1faff},
     {0x20000, 0x3fffd}}};

constexpr char32_t non_joiner = 0x200c, joiner = 0x200d;

bool is_selector(char32_t code) {
    return (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef) ||
           (code >= 0x180b && code <= 0x180f && code != 0x180e);
}

bool is_noncharacter(char32_t code) { return (code & 0xfffe) == 0xfffe; }

// What stands before `at`, a variation selector passed over.
char32_t code_before(std::string_view text, std::size_t at) {
    for (int passed = 0; at > 0 && passed < 2; ++passed) {
        auto begin = at - 1;
        while (begin > 0 && at - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xc0) == 0x80) --begin;
        const auto c = character_at(text, begin);
        if (!c.valid || begin + c.length != at) return 0;
        if (!is_selector(c.code)) return c.code;
        at = begin;
    }
    return 0;
}

// RFC 5892, A.1 and A.2, in short: a joiner belongs to a word where letters that it shapes stand on both sides.
bool belongs_there(std::string_view text, std::size_t at, const character& c) {
    const auto before = code_before(text, at);
    if (is_selector(c.code)) {
        if (c.code >= 0x180b && c.code <= 0x180f) return in(mongolian, before);
        return in(ideographs, before) || (c.code >= 0xfe0e && c.code <= 0xfe0f && in(emoji, before));
    }
    if (c.code != joiner && c.code != non_joiner) return false;
    const auto after = at + c.length < text.size() ? character_at(text, at + c.length) : character{};
    if (!after.valid) return false;
    if (in(spelt_with_joiners, before) && in(spelt_with_joiners, after.code)) return true;
    return c.code == joiner && before >= 0x203c && in(emoji, before) && after.code >= 0x203c && in(emoji, after.code);
}

bool is_shown(std::string_view text, std::size_t at, const character& c) {
    if (!c.valid) return false;
    if (c.code >= 0x20 && c.code < 0x7f) return true;
    if (!in(unseen, c.code) && !is_noncharacter(c.code)) return true;
    return belongs_there(text, at, c);
}

std::string formatted(const char* how, unsigned value) {
    std::array<char, 16> out{};
    std::snprintf(out.data(), out.size(), how, value);
    return out.data();
}

// The length of "\x1b[...m" there, of digits and semicolons; 0 if it is anything else.
std::size_t colour_at(std::string_view text, std::size_t at) {
    if (!text.substr(at).starts_with("\x1b[")) return 0;
    const auto end = text.find_first_not_of("0123456789;", at + 2);
    return end != std::string_view::npos && text[end] == 'm' && end - at < 12 ? end + 1 - at : 0;
}

// Walks through the text; `write_out` says how a character that isn't shown is written.
template <class Keeps, class WriteOut>
std::string rewritten(std::string_view text, Keeps keeps, WriteOut write_out) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto kept = keeps(at);
        if (kept > 0) {
            out.append(text, at, kept);
            at += kept;
            continue;
        }
        const auto c = character_at(text, at);
        if (is_shown(text, at, c)) out.append(text, at, c.length);
        else write_out(out, c, static_cast<unsigned char>(text[at]));
        at += c.length;
    }
    return out;
}

void escape(std::string& out, const character& c, unsigned char byte) {
    out += !c.valid || c.code < 0x80 ? formatted("\\x%02x", byte) : formatted("\\u{%x}", static_cast<unsigned>(c.code));
}

}  // namespace

character character_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const unsigned first = byte(0);
    if (first < 0x80) return {first, 1, true};
    const std::size_t length = first >= 0xc2 && first <= 0xdf   ? 2
                               : (first >> 4) == 14             ? 3
                               : first >= 0xf0 && first <= 0xf4 ? 4
                                                                : 0;
    if (length == 0 || at + length > text.size()) return {};
    char32_t code = first & (0x7fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return {};
        code = code << 6 | (byte(i) & 0x3f);
    }
    const bool overlong = code < (length == 2 ? 0x80u : length == 3 ? 0x800u : 0x10000u);
    if (overlong || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return {};
    return {code, length, true};
}

int columns_of(char32_t code) {
    if (code < 0x300) return 1;
    return in(combining, code) ? 0 : in(wide, code) ? 2 : 1;
}

std::string visible(std::string_view text) {
    return rewritten(text, [](std::size_t) -> std::size_t { return 0; }, escape);
}

std::string visible_lines(std::string_view text, bool colours) {
    const auto keeps = [&](std::size_t at) -> std::size_t {
        return text[at] == '\n' ? 1 : colours && text[at] == '\x1b' ? colour_at(text, at) : 0;
    };
    return rewritten(text, keeps, escape);
}

std::string visible_json(std::string_view document) {
    const auto keeps = [&](std::size_t at) -> std::size_t { return document[at] == '\n' ? 1 : 0; };
    return rewritten(document, keeps, [](std::string& out, const character& c, unsigned char) {
        if (!c.valid) out += "\\ufffd";
        else if (c.code < 0x10000) out += formatted("\\u%04x", static_cast<unsigned>(c.code));
        else
            out += formatted("\\u%04x", 0xd800 + static_cast<unsigned>((c.code - 0x10000) >> 10)) +
                   formatted("\\u%04x", 0xdc00 + static_cast<unsigned>((c.code - 0x10000) & 0x3ff));
    });
}

}  // namespace ucsignin::trace
