#include "sip/xml_limits.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "sip/lexical.hpp"

namespace ucsignin::sip::xml {
namespace {

constexpr auto npos = std::string_view::npos;

std::unexpected<parse_error> fail(std::size_t at, std::string what) {
    return std::unexpected(parse_error{at, std::move(what)});
}

std::unexpected<parse_error> too_many(std::size_t at, std::size_t most, std::string_view of) {
    return fail(at, "more than " + std::to_string(most) + ' ' + std::string(of));
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

constexpr char not_a_character = '\x01';

// UTF-16 with ASCII as bytes, and a letter for everything else: enough to see the markup. Offsets are then half of the
// true ones.
std::string narrowed(std::string_view text, bool big_endian) {
    std::string out;
    out.reserve(text.size() / 2);
    bool first_half = false;  // of a character beyond the first plane
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        const auto high = static_cast<unsigned char>(text[big_endian ? i : i + 1]),
                   low = static_cast<unsigned char>(text[big_endian ? i + 1 : i]);
        const bool second_half = high >= 0xdc && high <= 0xdf;
        if (first_half != second_half || (high == 0xff && low >= 0xfe)) out += not_a_character;
        else out += high == 0 && low < 0x80 ? static_cast<char>(low) : 'x';
        first_half = high >= 0xd8 && high <= 0xdb;
    }
    return out;
}

// Bytes of the UTF-8 character at `at`, 0 when there is none, or one that XML doesn't have.
std::size_t character_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
    const auto first = byte(at);
    if (first < 0x80) return first >= 0x20 || is_blank(text[at]) ? 1 : 0;
    if (first < 0xc2 || first > 0xf4 || !follows(at + 1)) return 0;
    if (first < 0xe0) return 2;
    if (!follows(at + 2)) return 0;
    const auto second = byte(at + 1), third = byte(at + 2);
    if (first < 0xf0) {
        const bool overlong = first == 0xe0 && second < 0xa0, surrogate = first == 0xed && second > 0x9f;
        return overlong || surrogate || (first == 0xef && second == 0xbf && third > 0xbd) ? 0 : 3;
    }
    const bool in_range = (first > 0xf0 || second >= 0x90) && (first < 0xf4 || second < 0x90);
    return in_range && follows(at + 3) ? 4 : 0;
}

// Where a character stands that XML doesn't have. Of an encoding of single bytes only the ASCII is looked at.
std::size_t find_no_character(std::string_view text, bool is_utf8) {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto size = is_utf8 || static_cast<unsigned char>(text[at]) < 0x80 ? character_at(text, at) : 1;
        if (size == 0) return at;
        at += size;
    }
    return npos;
}

// As libxml2 finds out by the first bytes.
bool is_wide(std::string_view text, bool& big_endian) {
    const auto start = text.substr(0, 4);
    big_endian = start.starts_with("\xfe\xff") || start == std::string_view("\0<\0?", 4);
    return big_endian || start.starts_with("\xff\xfe") || start == std::string_view("<\0?\0", 4);
}

// Encodings in which the bytes of ASCII stand for themselves and for nothing else.
bool keeps_ascii(std::string_view encoding) {
    const auto name = lower(encoding);
    return name == "utf-8" || name == "us-ascii" || name == "ascii" || name.starts_with("iso-8859-") ||
           name.starts_with("windows-125");
}

// The mark of the byte order is no part of the text.
std::string_view without_mark(std::string_view text, bool has_wide_mark) {
    if (has_wide_mark) return text.substr(1);
    return text.starts_with("\xef\xbb\xbf") ? text.substr(3) : text;
}

// What the XML declaration says; nothing when it is silent.
std::string_view declared_encoding(std::string_view text) {
    if (!text.starts_with("<?xml")) return {};
    text = text.substr(0, text.find("?>"));
    const auto name = text.find("encoding");
    const auto open = name == npos ? npos : text.find_first_of("\"'", name);
    if (open == npos) return {};
    return text.substr(open + 1, text.find(text[open], open + 1) - open - 1);
}

class scanner {
public:
    scanner(std::string_view text, const limit& of) : text_(text), of_(of) {}

    std::expected<void, parse_error> run() {
        for (auto at = text_.find('<'); at != npos; at = text_.find('<', at)) {
            auto end = one_thing(at);
            if (!end) return std::unexpected(end.error());
            at = *end;
        }
        return {};
    }

private:
    using place = std::expected<std::size_t, parse_error>;  // behind the thing

    place one_thing(std::size_t at) {
        const auto rest = text_.substr(at);
        if (rest.starts_with("<!--")) return leaf(at, at + 4, "-->");
        if (rest.starts_with("<![CDATA[")) return leaf(at, at + 9, "]]>");
        if (rest.starts_with("<!")) return fail(at, "a document type declaration");
        if (rest.starts_with("<?"))
            return names_itself(at + 2) ? leaf(at, at + 2, "?>")
                                        : place(fail(at, "a processing instruction without a name"));
        if (rest.starts_with("</")) return end_tag(at);
        return start_tag(at);
    }

    bool names_itself(std::size_t at) const {
        const char c = at < text_.size() ? text_[at] : ' ';
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    place leaf(std::size_t at, std::size_t inside, std::string_view stop) {
        if (++nodes_ > of_.nodes) return too_many(at, of_.nodes, "elements and comments");
        const auto end = text_.find(stop, inside);
        if (end == npos) return fail(text_.size(), "the text ends before " + std::string(stop));
        return end + stop.size();
    }

    place end_tag(std::size_t at) {
        const auto end = text_.find_first_of("<>", at + 1);
        if (end == npos || text_[end] == '<') return fail(end == npos ? text_.size() : end, "a tag without its end");
        leave();
        return end + 1;
    }

    void leave() {
        if (declared_.empty()) return;  // more ends than beginnings: libxml2 will say so
        in_scope_ -= declared_.back();
        declared_.pop_back();
    }

    place start_tag(std::size_t at) {
        if (++nodes_ > of_.nodes) return too_many(at, of_.nodes, "elements and comments");
        if (declared_.size() >= of_.depth) return too_many(at, of_.depth, "elements inside one another");
        declared_.push_back(0);
        const auto end = attributes(at + 1);
        if (end && text_[*end - 2] == '/') leave();
        return end;
    }

    // Each attribute has one "=" outside of quotes.
    place attributes(std::size_t from) {
        std::size_t own = 0, word = from;  // where the last word began
        for (std::size_t at = from; at < text_.size(); ++at) {
            const char c = text_[at];
            if (c == '>') return at + 1;
            if (c == '<') return fail(at, "a < inside a tag");
            if (is_blank(c)) word = at + 1;
            if (c == '"' || c == '\'') {
                const char ends[] = {c, '<'};
                at = text_.find_first_of(std::string_view(ends, 2), at + 1);
                if (at == npos) break;
                if (text_[at] == '<') return fail(at, "a < inside a tag");
                word = at + 1;
            }
            if (c != '=') continue;
            if (++own > of_.attributes_per_element)
                return too_many(at, of_.attributes_per_element, "attributes in one element");
            if (++attributes_ > of_.attributes) return too_many(at, of_.attributes, "attributes");
            if (!text_.substr(word, at - word).starts_with("xmlns")) continue;
            ++declared_.back();
            if (++in_scope_ > of_.namespaces) return too_many(at, of_.namespaces, "namespaces in one place");
        }
        return fail(text_.size(), "a tag without its end");
    }

    std::string_view text_;
    const limit& of_;
    std::size_t nodes_ = 0, attributes_ = 0, in_scope_ = 0;
    std::vector<std::size_t> declared_;  // of each open element
};

}  // namespace

std::expected<void, parse_error> check_limits(std::string_view text, const limit& of) {
    if (text.size() > of.bytes) return too_many(of.bytes, of.bytes, "bytes");
    bool big_endian = false;
    const bool wide = is_wide(text, big_endian);
    const auto narrow = wide ? narrowed(text, big_endian) : std::string();
    const auto seen = without_mark(wide ? narrow : text, wide && text[0] != '<' && text[0] != '\0');
    const auto start = seen.find_first_not_of(" \t\r\n");
    if (start == npos || seen[start] != '<') return fail(start == npos ? 0 : start, "not XML");
    const auto encoding = declared_encoding(seen);
    if (!encoding.empty() && !keeps_ascii(encoding) && !(wide && lower(encoding).starts_with("utf-16")))
        return fail(0, "an encoding that is not supported here");
    const bool is_utf8 = encoding.empty() || lower(encoding) == "utf-8";
    if (const auto bad = find_no_character(seen, is_utf8); bad != npos)
        return fail(bad, "a character that XML does not allow");
    return scanner(seen, of).run();
}

}  // namespace ucsignin::sip::xml
