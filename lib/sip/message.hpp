#pragma once
// SIP messages (RFC 3261 7) as values. Header order and spelling are kept: signatures cover what stood on the wire.

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ucsignin::sip {

struct parse_error {
    std::size_t offset = 0;
    std::string what;
};

struct message {
    // Requests have a method and a request URI, responses a status and a reason phrase.
    std::string method, request_uri;
    int status = 0;
    std::string reason;
    std::vector<std::pair<std::string, std::string>> headers;  // without Content-Length
    std::string body;
    std::vector<std::string> odd_lines =
        {};  // that were no headers, and were skipped: the first eight, 80 bytes of each

    [[nodiscard]] bool is_request() const { return status == 0; }
    [[nodiscard]] std::optional<std::string> header(
        std::string_view name) const;  // first; names compare without case, compact forms too
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const;  // one per header line
    [[nodiscard]] std::vector<std::string> list(
        std::string_view name) const;  // comma lists split (Supported, Allow-Events)
    message& add(std::string name, std::string value);
    message& set(std::string_view name, std::string value);  // replaces the first, or adds
    void remove(std::string_view name);
    [[nodiscard]] std::string serialize() const;  // with Content-Length, last but for what sign() appends
};

// One message without the stream around it. `wire` must hold exactly one.
[[nodiscard]] std::expected<message, parse_error> parse(std::string_view wire);

// Cuts a byte stream into messages (RFC 3261 18.3): feed() bytes, take next() until it has none. Keep-alives (two CRLF
// between messages) are counted, single line ends skipped. Limits: 64 KiB and 512 headers, 4 MiB of body; beyond them
// an error, after which the stream is lost.
class framer {
public:
    void feed(std::string_view bytes) { buffer_.append(bytes); }
    [[nodiscard]] std::expected<std::optional<message>, parse_error> next();
    [[nodiscard]] int keep_alives() const { return keep_alives_; }
    [[nodiscard]] bool empty() const { return buffer_.empty() && !begun_; }

private:
    void drop(std::size_t bytes);
    void skip_keep_alives();
    std::expected<bool, parse_error> begin();

    std::string buffer_;
    std::optional<message> begun_;  // whose body is still to come
    std::size_t body_size_ = 0;
    std::size_t consumed_ = 0;  // of the whole stream, for offsets in errors
    std::size_t scanned_ = 0;   // of the buffer: no empty line begins before it
    int keep_alives_ = 0;
    bool half_ = false;  // one CRLF of a keep-alive was seen
};

// From, To, Contact: `"Alice" <sip:alice@contoso.example;user=phone>;tag=1;epid=2`
struct name_addr {
    std::string display;
    std::string uri;                                                   // between < and >, or up to the first ;
    std::vector<std::pair<std::string, std::string>> parameters;       // names lower case, values unquoted
    [[nodiscard]] std::string parameter(std::string_view name) const;  // "" when absent
};
[[nodiscard]] name_addr parse_name_addr(std::string_view text);

struct cseq {
    std::uint32_t number = 0;
    std::string method;
};
[[nodiscard]] std::optional<cseq> parse_cseq(std::string_view text);

// sip:user@host:port;transport=tls
struct uri {
    std::string scheme, user, host;
    std::uint16_t port = 0;  // 0 when not given
    std::vector<std::pair<std::string, std::string>> parameters;
    [[nodiscard]] std::string parameter(std::string_view name) const;
};
[[nodiscard]] std::optional<uri> parse_uri(std::string_view text);

// `TLS-DSK realm="...", targetname="...", version=4`: WWW-Authenticate, Authorization, Authentication-Info.
struct auth_header {
    std::string scheme;
    std::vector<std::pair<std::string, std::string>> parameters;  // names lower case, in order
    [[nodiscard]] std::string parameter(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
};
[[nodiscard]] auth_header parse_auth_header(std::string_view text);
// The challenges of a field value that may hold several, as RFC 9110 11.6.1 has them.
[[nodiscard]] std::vector<auth_header> parse_challenges(std::string_view list);

// ms-diagnostics, ms-diagnostics-public, ms-client-diagnostics, X-MS-diagnostics: `1000;reason="..";source=".."`
struct diagnostics {
    std::string header;  // which header it stood in: the same id means different things by header
    int id = 0;
    std::string reason, source;
    std::vector<std::pair<std::string, std::string>> parameters;  // all, names lower case
};
[[nodiscard]] std::optional<diagnostics> parse_diagnostics(std::string_view header, std::string_view text);
[[nodiscard]] std::vector<diagnostics> diagnostics_of(const message&);

}  // namespace ucsignin::sip
