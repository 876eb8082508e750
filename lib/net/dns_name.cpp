#include "net/dns_name.hpp"

namespace ucsignin::net::dns {
namespace {

constexpr std::size_t longest_label = 63;
constexpr std::size_t longest_name = 255;  // on the wire, length bytes and root included

void append_byte(std::string& text, unsigned char byte) {
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<unsigned char>(byte + ('a' - 'A'));
    if (byte == '.' || byte == '\\') text += '\\';
    if (byte > ' ' && byte < 0x7f) {
        text += static_cast<char>(byte);
        return;
    }
    text += '\\';
    text += static_cast<char>('0' + byte / 100);
    text += static_cast<char>('0' + byte / 10 % 10);
    text += static_cast<char>('0' + byte % 10);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct unescaped {
    unsigned char byte = 0;
    std::size_t length = 0;  // characters of text used, 0 for a broken escape
};

unescaped unescape(std::string_view text) {
    if (text.front() != '\\') return {static_cast<unsigned char>(text.front()), 1};
    if (text.size() < 2) return {};
    if (!is_digit(text[1])) return {static_cast<unsigned char>(text[1]), 2};
    if (text.size() < 4 || !is_digit(text[2]) || !is_digit(text[3])) return {};
    int const value = (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0');
    if (value > 255) return {};
    return {static_cast<unsigned char>(value), 4};
}

}  // namespace

std::expected<read_name, parse_error> read_name_at(std::span<const unsigned char> wire, std::size_t offset) {
    read_name name;
    std::size_t at = offset, lowest = offset, used = 1;
    bool jumped = false;
    for (;;) {
        if (at >= wire.size()) return bad(at, "name runs past the end");
        std::size_t const length = wire[at];
        if (length == 0) break;
        if ((length & 0xc0) == 0xc0) {
            if (at + 1 >= wire.size()) return bad(at, "compression pointer is cut");
            auto const target = ((length & 0x3f) << 8) | wire[at + 1];
            if (target >= lowest) return bad(at, "compression pointer does not lead backwards");
            if (!jumped) name.end = at + 2;
            jumped = true;
            at = lowest = target;
            continue;
        }
        if (length > longest_label) return bad(at, "label of an unknown kind");
        if (length >= wire.size() - at) return bad(at, "label runs past the end");
        used += length + 1;
        if (used > longest_name) return bad(at, "name is longer than 255 bytes");
        if (!name.text.empty()) name.text += '.';
        for (auto const byte : wire.subspan(at + 1, length)) append_byte(name.text, byte);
        at += length + 1;
    }
    if (!jumped) name.end = at + 1;
    return name;
}

std::optional<std::vector<unsigned char>> wire_name(std::string_view text) {
    std::vector<unsigned char> wire;
    if (text == ".") text = {};
    if (text.empty()) return std::vector<unsigned char>{0};
    std::size_t label = 0;  // where the length byte of the current label stands
    wire.push_back(0);
    while (!text.empty()) {
        if (text.front() == '.') {
            if (wire[label] == 0) return std::nullopt;
            label = wire.size();
            wire.push_back(0);
            text.remove_prefix(1);
            continue;
        }
        auto const next = unescape(text);
        if (next.length == 0 || wire[label] == longest_label) return std::nullopt;
        wire.push_back(next.byte);
        ++wire[label];
        text.remove_prefix(next.length);
    }
    if (wire[label] != 0) wire.push_back(0);
    if (wire.size() > longest_name) return std::nullopt;
    return wire;
}

}  // namespace ucsignin::net::dns
