#include "net/http_lax.hpp"

#include <algorithm>
#include <utility>
#include <zlib.h>

#include "trace/ascii.hpp"

namespace ucsignin::net::http {
namespace {

bool is_field_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return c > ' ' && c < 0x7f && std::string_view("\"(),/:;<=>?@[\\]{}").find(c) == std::string_view::npos;
    });
}

void tell(lax_notes& notes, std::string_view what) {
    if (std::ranges::find(notes, what) == notes.end()) notes.emplace_back(what);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "HTTP/1.1 200" without the blank that stands before an absent reason.
std::string tidy_status_line(std::string_view line, lax_notes& notes) {
    const auto blank = line.find(' ');
    const bool bare = line.starts_with("HTTP/") && blank != std::string_view::npos && line.size() == blank + 4 &&
                      std::ranges::all_of(line.substr(blank + 1), is_digit);
    if (!bare) return std::string(line);
    tell(notes, "status_line");
    return std::string(line) + " ";
}

// "" for a line that can't be a field.
std::string tidy_field(std::string_view line, lax_notes& notes) {
    if (line.front() == ' ' || line.front() == '\t') return std::string(line);  // goes on with the line before
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) {
        tell(notes, "no_colon");
        return {};
    }
    auto name = line.substr(0, colon);
    if (const auto last = name.find_last_not_of(" \t"); last != std::string_view::npos && last + 1 < name.size()) {
        name = name.substr(0, last + 1);
        tell(notes, "blank_before_colon");
    }
    if (is_field_name(name)) return std::string(name) + std::string(line.substr(colon));
    tell(notes, "field_name");
    return {};
}

// `window` as zlib has it: 15 for its own wrapper, 15 + 32 for that or gzip's, -15 for none.
bool inflate_all(const std::string& from, std::string& into, int window, std::size_t longest) {
    z_stream z{};
    if (inflateInit2(&z, window) != Z_OK) return false;
    std::string piece(16384, '\0');
    auto input = from;  // zlib takes what it doesn't write as if it did
    z.next_in = reinterpret_cast<Bytef*>(input.data());
    z.avail_in = static_cast<uInt>(input.size());
    int state = Z_OK;
    while (state == Z_OK && into.size() <= longest) {
        z.next_out = reinterpret_cast<Bytef*>(piece.data());
        z.avail_out = static_cast<uInt>(piece.size());
        state = inflate(&z, Z_NO_FLUSH);
        into.append(piece, 0, piece.size() - z.avail_out);
    }
    inflateEnd(&z);
    return state == Z_STREAM_END && into.size() <= longest;
}

}  // namespace

std::size_t end_of_head(std::string_view bytes) {
    for (auto at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
        if (bytes.substr(at + 1).starts_with('\n')) return at + 2;
        if (bytes.substr(at + 1).starts_with("\r\n")) return at + 3;
    }
    return std::string_view::npos;
}

std::string tidy_head(std::string_view head, lax_notes& notes) {
    std::string out;
    bool first = true, left_out = false;
    while (!head.empty()) {
        const auto end = head.find('\n');
        auto line = head.substr(0, end);
        head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        else if (end != std::string_view::npos) tell(notes, "bare_lf");
        if (line.empty() && first) continue;  // before the status line (RFC 9112 2.2)
        if (line.empty()) break;
        const bool goes_on = line.front() == ' ' || line.front() == '\t';
        if (left_out && goes_on) continue;
        const auto tidy = std::exchange(first, false) ? tidy_status_line(line, notes) : tidy_field(line, notes);
        left_out = tidy.empty();
        if (!left_out) out += tidy + "\r\n";
    }
    return out + "\r\n";
}

packing packing_of(std::string_view content_encoding) {
    const auto word = trace::lower(content_encoding);
    if (word.empty() || word == "identity") return packing::none;
    if (word == "gzip" || word == "x-gzip") return packing::gzip;
    return word == "deflate" ? packing::deflate : packing::unknown;
}

bool unpack(packing how, std::string& body, std::size_t longest) {
    if (how == packing::none || body.empty()) return true;
    if (how == packing::unknown) return false;
    std::string plain;
    bool done = inflate_all(body, plain, 15 + 32, longest);
    if (!done && how == packing::deflate) {
        plain.clear();
        done = inflate_all(body, plain, -15, longest);
    }
    if (done) body = std::move(plain);
    return done;
}

}  // namespace ucsignin::net::http
