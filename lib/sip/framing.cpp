// From bytes to messages: the head of a message, and where messages end on a stream (RFC 3261 7, 18.3).

#include <algorithm>
#include <utility>

#include "sip/lexical.hpp"
#include "sip/message.hpp"

namespace ucsignin::sip {
namespace {

constexpr std::size_t head_limit = 64 * 1024;
constexpr std::size_t body_limit = 4 * 1024 * 1024;  // in-band provisioning is the longest
constexpr std::size_t most_headers = 512;            // lists of Via, Record-Route and Supported included
constexpr std::size_t most_odd_lines = 8, longest_odd_line = 80;

std::unexpected<parse_error> fail(std::size_t offset, std::string what) {
    return std::unexpected(parse_error{offset, std::move(what)});
}

// One line of the head and where it began. Lines end with CRLF; a bare LF is taken too.
struct head_line {
    std::string_view text;
    std::size_t offset = 0;
};

std::optional<head_line> take_line(std::string_view wire, std::size_t& at) {
    const auto end = wire.find('\n', at);
    if (end == std::string_view::npos) return std::nullopt;
    head_line line{wire.substr(at, end - at), at};
    if (!line.text.empty() && line.text.back() == '\r') line.text.remove_suffix(1);
    at = end + 1;
    return line;
}

// Bytes up to and including the empty line, 0 when it isn't there yet.
std::size_t head_size(std::string_view wire, std::size_t from) {
    for (auto end = wire.find('\n', from); end != std::string_view::npos; end = wire.find('\n', end + 1)) {
        if (wire.substr(end + 1, 1) == "\n") return end + 2;
        if (wire.substr(end + 1, 2) == "\r\n") return end + 3;
    }
    return 0;
}

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("-.!%*_+`'~").find(c) != std::string_view::npos;
    });
}

std::expected<void, parse_error> read_status_line(std::string_view line, message& into) {
    const auto rest = line.substr(8);  // after "SIP/2.0 "
    const auto status = to_number<int>(rest.substr(0, 3));
    if (!status || *status < 100 || *status > 699 || (rest.size() > 3 && rest[3] != ' '))
        return fail(8, "the status is not a number from 100 to 699");
    into.status = *status;
    into.reason = std::string(trim(rest.substr(3)));
    return {};
}

std::expected<void, parse_error> read_request_line(std::string_view line, message& into) {
    const auto first = line.find(' '), last = line.rfind(' ');
    if (first == std::string_view::npos || last == first) return fail(0, "neither a request line nor a status line");
    if (!is_token(line.substr(0, first))) return fail(0, "the method is not a token");
    if (!same_word(line.substr(last + 1), "SIP/2.0")) return fail(last + 1, "the version is not SIP/2.0");
    const auto target = trim(line.substr(first, last - first));
    if (target.empty() || target.find(' ') != std::string_view::npos)
        return fail(first + 1, "the request URI is empty or has a blank");
    into.method = std::string(line.substr(0, first));
    into.request_uri = std::string(target);
    return {};
}

std::expected<void, parse_error> read_start_line(std::string_view line, message& into) {
    if (line.find('\0') != std::string_view::npos) return fail(line.find('\0'), "a NUL in the start line");
    if (line.find('\r') != std::string_view::npos) return fail(line.find('\r'), "a bare CR in the start line");
    return line.size() >= 8 && same_word(line.substr(0, 8), "SIP/2.0 ") ? read_status_line(line, into)
                                                                        : read_request_line(line, into);
}

// One odd line doesn't spoil a message: it is skipped, as the desktop client does, and told. `odd` is whether the line
// before was one.
std::expected<void, parse_error> read_header(const head_line& line, message& into, bool& odd) {
    if (line.text.find('\0') != std::string_view::npos)
        return fail(line.offset + line.text.find('\0'), "a NUL in a header");
    if (line.text.front() == ' ' || line.text.front() == '\t') {  // a folded line goes on with the header before it
        if (odd) return {};
        if (into.headers.empty()) return fail(line.offset, "a folded line without a header before it");
        auto& value = into.headers.back().second;
        value += (value.empty() ? "" : " ") + std::string(trim(line.text));
        return {};
    }
    const auto colon = line.text.find(':');
    const auto name = trim(line.text.substr(0, std::min(colon, line.text.size())));
    odd = colon == std::string_view::npos || !is_token(name);
    if (odd) {
        if (into.odd_lines.size() < most_odd_lines) into.odd_lines.emplace_back(line.text.substr(0, longest_odd_line));
        return {};
    }
    if (into.headers.size() == most_headers) return fail(line.offset, "more than 512 headers");
    into.add(std::string(name), std::string(trim(line.text.substr(colon + 1))));
    return {};
}

struct head {
    message what;
    std::optional<std::size_t> body_size;  // Content-Length, when there is one
};

std::expected<head, parse_error> read_head(std::string_view wire) {
    head out;
    std::size_t at = 0;
    const auto start = take_line(wire, at);
    if (!start) return fail(0, "no line end");
    if (auto ok = read_start_line(start->text, out.what); !ok) return std::unexpected(ok.error());
    bool odd = false;
    for (auto line = take_line(wire, at); line && !line->text.empty(); line = take_line(wire, at))
        if (auto ok = read_header(*line, out.what, odd); !ok) return std::unexpected(ok.error());
    for (const auto& value : out.what.all("Content-Length")) {
        const auto size = to_number<std::size_t>(value);
        if (!size || (out.body_size && *out.body_size != *size)) return fail(0, "Content-Length is not one number");
        out.body_size = size;
    }
    out.what.remove("Content-Length");
    return out;
}

}  // namespace

std::expected<message, parse_error> parse(std::string_view wire) {
    const auto size = head_size(wire, 0);
    if (size == 0) return fail(wire.size(), "the head has no end");
    auto head = read_head(wire.substr(0, size));
    if (!head) return std::unexpected(head.error());
    const auto body = wire.substr(size);
    if (head->body_size && *head->body_size != body.size())
        return fail(size, "the body is not as long as Content-Length says");
    head->what.body = std::string(body);
    return std::move(head->what);
}

void framer::drop(std::size_t bytes) {
    buffer_.erase(0, bytes);
    consumed_ += bytes;
    scanned_ = 0;
}

void framer::skip_keep_alives() {
    std::size_t at = 0;
    while (at < buffer_.size() && (buffer_[at] == '\r' || buffer_[at] == '\n')) {
        if (buffer_[at] == '\n') {
            keep_alives_ += half_ ? 1 : 0;
            half_ = !half_;
        }
        ++at;
    }
    if (at < buffer_.size()) half_ = false;
    if (at > 0) drop(at);
}

// The head of the next message is read once, however slowly its body comes.
std::expected<bool, parse_error> framer::begin() {
    skip_keep_alives();
    const auto size = head_size(buffer_, scanned_);
    if (size > head_limit || (size == 0 && buffer_.size() > head_limit))
        return fail(consumed_ + head_limit, "more than 64 KiB of headers");
    if (size == 0) {
        scanned_ = buffer_.size() < 3 ? 0 : buffer_.size() - 3;  // the empty line may have begun
        return false;
    }
    auto head = read_head(std::string_view(buffer_).substr(0, size));
    if (!head) return fail(consumed_ + head.error().offset, head.error().what);
    if (!head->body_size && head->what.header("Content-Type")) return fail(consumed_, "a body without Content-Length");
    const auto body = head->body_size.value_or(0);
    if (body > body_limit) return fail(consumed_ + size, "more than 4 MiB of body");
    drop(size);
    begun_ = std::move(head->what);
    body_size_ = body;
    return true;
}

std::expected<std::optional<message>, parse_error> framer::next() {
    if (!begun_) {
        const auto whole = begin();
        if (!whole) return std::unexpected(whole.error());
        if (!*whole) return std::nullopt;
    }
    if (buffer_.size() < body_size_) return std::nullopt;
    begun_->body = buffer_.substr(0, body_size_);
    drop(body_size_);
    if (buffer_.capacity() > head_limit) buffer_.shrink_to_fit();  // after a long body
    return std::exchange(begun_, std::nullopt);
}

}  // namespace ucsignin::sip
