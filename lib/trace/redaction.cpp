#include "trace/redaction.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace ucsignin::trace {
namespace {

constexpr std::string_view mark = "[withheld]";
constexpr std::size_t short_secret = 6;
constexpr std::size_t part_size = 24;

std::string hex(std::string_view bytes, std::string_view digits) {
    std::string out;
    for (const unsigned char c : bytes) out += {digits[c >> 4], digits[c & 15]};
    return out;
}

// Base64 of `bytes` as it looks within that of something longer, in which `before` bytes stand before them: the
// characters that these bytes alone decide.
std::string base64_core(std::string_view bytes, std::size_t before, std::string_view alphabet) {
    std::string out;
    unsigned buffer = 0;
    int bits = 0;
    const std::size_t skip = (6 - before * 8 % 6) % 6;  // bits that complete a character begun by what stands before
    std::size_t skipped = 0;
    for (const unsigned char c : bytes)
        for (int i = 7; i >= 0; --i) {
            const unsigned bit = (c >> i) & 1u;
            if (skipped < skip) {
                ++skipped;
                continue;
            }
            buffer = buffer << 1 | bit;
            if (++bits == 6) {
                out += alphabet[buffer & 63u];
                bits = 0;
            }
        }
    return out;
}

std::string percent_encoded(std::string_view text, std::string_view digits) {
    std::string out;
    for (const unsigned char c : text) {
        if (std::isalnum(c) || c == '-' || c == '_' || c == '.' || c == '~') out += static_cast<char>(c);
        else out += {'%', digits[c >> 4], digits[c & 15]};
    }
    return out;
}

std::string escaped(std::string_view text, const std::vector<std::pair<char, std::string_view>>& table) {
    std::string out;
    for (const char c : text) {
        const auto at = std::ranges::find(table, c, &std::pair<char, std::string_view>::first);
        if (at == table.end()) out += c;
        else out += at->second;
    }
    return out;
}

// Of UTF-8 that is no UTF-8 (a password may be anything) each byte becomes a unit.
std::u16string to_utf16(std::string_view text) {
    std::u16string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        const std::size_t length = c < 0x80 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
        if (i + length > text.size() || length == 1) {
            out += static_cast<char16_t>(c);
            ++i;
            continue;
        }
        char32_t point = c & (0xffu >> (length + 1));
        for (std::size_t k = 1; k < length; ++k) point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3fu);
        if (point >= 0x10000) {
            point -= 0x10000;
            out += static_cast<char16_t>(0xd800 + (point >> 10));
            out += static_cast<char16_t>(0xdc00 + (point & 0x3ff));
        } else {
            out += static_cast<char16_t>(point);
        }
        i += length;
    }
    return out;
}

std::string bytes_of(const std::u16string& text, bool little) {
    std::string out;
    for (const char16_t unit : text) {
        const char low = static_cast<char>(unit & 0xff), high = static_cast<char>(unit >> 8);
        out += little ? low : high;
        out += little ? high : low;
    }
    return out;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80; }

// Words of a path look like Base64 too, but hold no digits.
bool is_encoded(std::string_view text) {
    const auto in_base64 = [](unsigned char c) { return std::isalnum(c) || c == '+' || c == '/' || c == '='; };
    const auto is_digit = [](unsigned char c) { return std::isdigit(c) != 0; };
    return std::ranges::all_of(text, in_base64) && std::ranges::count_if(text, is_digit) >= 2;
}

bool stands_alone(std::string_view text, std::size_t at, std::size_t length) {
    return (at == 0 || !is_word(text[at - 1])) && (at + length == text.size() || !is_word(text[at + length]));
}

std::string replace_all(const std::string& text, const std::string& spelling) {
    std::string out;
    std::size_t done = 0;
    for (auto at = text.find(spelling); at != std::string::npos; at = text.find(spelling, at + 1)) {
        if (at < done || (spelling.size() < short_secret && !stands_alone(text, at, spelling.size()))) continue;
        out.append(text, done, at - done).append(mark);
        done = at + spelling.size();
    }
    return out.append(text, done);
}

}  // namespace

void redaction::hide(std::string_view secret) {
    if (secret.empty()) return;
    static const std::vector<std::pair<char, std::string_view>> xml{
        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&apos;"}};
    static const std::vector<std::pair<char, std::string_view>> json{{'"', "\\\""}, {'\\', "\\\\"}, {'/', "\\/"}};
    constexpr std::string_view standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    constexpr std::string_view for_urls = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    constexpr std::string_view lower = "0123456789abcdef", upper = "0123456789ABCDEF";
    const auto wide = to_utf16(secret);
    const std::array forms{std::string(secret), bytes_of(wide, true), bytes_of(wide, false)};
    for (const auto& form : forms) {
        spellings_.push_back(form);
        spellings_.push_back(hex(form, lower));
        spellings_.push_back(hex(form, upper));
        for (const std::size_t before : {0, 1, 2})
            for (const auto alphabet : {standard, for_urls})
                if (auto core = base64_core(form, before, alphabet); core.size() >= short_secret)
                    spellings_.push_back(std::move(core));
    }
    spellings_.push_back(percent_encoded(secret, lower));
    spellings_.push_back(percent_encoded(secret, upper));
    spellings_.push_back(escaped(secret, xml));
    spellings_.push_back(escaped(secret, json));
    // The longest first, so that none is cut by one that it holds.
    std::ranges::sort(
        spellings_, [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() > b.size() : a < b; });
    spellings_.erase(std::unique(spellings_.begin(), spellings_.end()), spellings_.end());
}

void redaction::hide_parts(std::string_view secret) {
    for (std::size_t i = 0; i + part_size <= secret.size(); ++i)
        if (const auto piece = secret.substr(i, part_size); is_encoded(piece)) parts_.emplace(piece);
}

std::string redaction::without_parts(std::string text) const {
    if (parts_.empty() || text.size() < part_size) return text;
    std::string out;
    std::size_t done = 0;  // up to here the text is in `out`, or hidden
    for (std::size_t i = 0; i + part_size <= text.size(); ++i) {
        if (!parts_.contains(text.substr(i, part_size))) continue;
        const bool begins = out.empty() || i > done;  // else it goes on with what was just hidden
        if (begins) out.append(text, done, i - done).append(mark);
        done = i + part_size;
    }
    return out.append(text, done);
}

std::string redaction::apply(std::string text) const {
    for (const auto& spelling : spellings_)
        if (text.find(spelling) != std::string::npos) text = replace_all(text, spelling);
    return without_parts(std::move(text));
}

}  // namespace ucsignin::trace
