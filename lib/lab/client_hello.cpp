#include "lab/client_hello.hpp"

#include <algorithm>
#include <tuple>

#include "sip/lexical.hpp"

namespace ucsignin::lab {
namespace {

constexpr std::size_t record_header = 5, handshake_header = 4;
constexpr unsigned handshake_record = 22, client_hello = 1, server_name_extension = 0;

unsigned byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

class reader {
public:
    reader(std::string_view bytes, std::size_t at) : bytes_(bytes), at_(at) {}
    [[nodiscard]] std::size_t offset() const { return at_; }
    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] bool at_end() const { return failed_ || at_ >= bytes_.size(); }

    std::size_t number(int width) {
        std::size_t out = 0;
        for (; width > 0; --width) {
            if (!need(1)) return 0;
            out = out << 8 | byte_at(bytes_, at_++);
        }
        return out;
    }
    std::string_view take(std::size_t count) {
        if (!need(count)) return {};
        const auto out = bytes_.substr(at_, count);
        at_ += count;
        return out;
    }
    [[nodiscard]] std::string_view rest() const { return bytes_.substr(std::min(at_, bytes_.size())); }
    // A field with its length before it.
    reader inner(int width) {
        const std::size_t length = number(width);
        const std::size_t start = at_;
        std::ignore = take(length);
        reader out(bytes_.substr(0, failed_ ? at_ : start + length), start);
        out.failed_ = failed_;
        return out;
    }

private:
    bool need(std::size_t count) {
        if (!failed_ && at_ <= bytes_.size() && count <= bytes_.size() - at_) return true;
        failed_ = true;
        return false;
    }
    std::string_view bytes_;
    std::size_t at_;
    bool failed_ = false;
};

// The handshake message may be spread over records: their contents, one after the other.
std::string without_record_headers(std::string_view bytes) {
    std::string out;
    while (bytes.size() > record_header && byte_at(bytes, 0) == handshake_record) {
        const std::size_t length = byte_at(bytes, 3) << 8 | byte_at(bytes, 4);
        out += bytes.substr(record_header, length);
        bytes.remove_prefix(std::min(bytes.size(), record_header + length));
    }
    return out;
}

}  // namespace

std::size_t missing_of_hello(std::string_view bytes) {
    if (!bytes.empty() && byte_at(bytes, 0) != handshake_record) return 0;
    if (bytes.size() < record_header) return record_header - bytes.size();
    const std::string message = without_record_headers(bytes);
    if (message.empty()) return bytes.size() > record_header ? 0 : 1;
    if (byte_at(message, 0) != client_hello) return 0;
    if (message.size() < handshake_header) return handshake_header - message.size();
    const std::size_t length = byte_at(message, 1) << 16 | byte_at(message, 2) << 8 | byte_at(message, 3);
    return length + handshake_header > message.size() ? length + handshake_header - message.size() : 0;
}

bool is_client_hello(std::string_view bytes) {
    return bytes.size() > record_header && byte_at(bytes, 0) == handshake_record &&
           byte_at(bytes, record_header) == client_hello;
}

std::expected<std::string, hello_error> server_name_of(std::string_view bytes) {
    const auto bad = [](const reader& in, const char* what) { return std::unexpected(hello_error{in.offset(), what}); };
    if (!is_client_hello(bytes)) return std::unexpected(hello_error{0, "not a ClientHello"});
    const std::string message = without_record_headers(bytes);
    reader in(message, 1);
    reader body = in.inner(3);
    std::ignore = body.take(2 + 32);  // version, random
    std::ignore = body.inner(1);      // session
    std::ignore = body.inner(2);      // cipher suites
    std::ignore = body.inner(1);      // compression methods
    if (in.failed() || body.failed()) return bad(body, "cut");
    if (body.at_end()) return std::string();
    reader extensions = body.inner(2);
    while (!extensions.at_end()) {
        const std::size_t type = extensions.number(2);
        reader content = extensions.inner(2);
        if (extensions.failed()) return bad(extensions, "extension is truncated");
        if (type != server_name_extension) continue;
        reader list = content.inner(2);
        const std::size_t kind = list.number(1);
        reader name = list.inner(2);
        if (list.failed() || name.failed()) return bad(list, "server name is truncated");
        return kind == 0 ? sip::lower(name.rest()) : std::string();
    }
    if (extensions.failed()) return bad(extensions, "cut");
    return std::string();
}

}  // namespace ucsignin::lab
