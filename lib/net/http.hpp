#pragma once
// HTTP/1.1 messages over net::stream (Beast reads and writes them). RFC 9112.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http_lax.hpp"
#include "net/stream.hpp"
#include "net/wire_tap.hpp"

namespace ucsignin::net::http {

using fields = std::vector<std::pair<std::string, std::string>>;  // in order, a name may occur more than once

struct request {
    std::string method = "GET";
    std::string target = "/";  // path and query
    fields headers;            // Host, Content-Length and Connection are added when absent
    std::string body;
};

struct response {
    int status = 0;
    std::string reason;
    fields headers;
    std::string body;
    lax_notes lax = {};  // what was put right to read it

    [[nodiscard]] std::string header(std::string_view name) const;  // first, "" when absent
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
};

struct url {
    std::string scheme, host;  // lower case
    std::uint16_t port = 0;    // the scheme's default when not given
    std::string target;        // path and query, at least "/"
    [[nodiscard]] bool secure() const { return scheme == "https"; }
    [[nodiscard]] std::string text() const;
};
[[nodiscard]] result<url> parse_url(std::string_view text);
// A reference as it stands in a Location header or a link, against the URL that it came from (RFC 3986 5.2; dot
// segments are left to the server). Blanks around it are cut off.
[[nodiscard]] result<url> resolve(const url& base, std::string_view reference);
[[nodiscard]] std::string percent_encode(std::string_view text);

// One persistent connection; requests one after the other. fault::protocol for what no server needs: bodies over 4 MiB
// (also once they are unpacked), 64 KiB of header or in the line of a chunk, 256 fields, more than 16 answers (1xx)
// before the final one. Sloppy answers are read as WinHTTP reads them (`response::lax` says which rule they broke).
class connection {
public:
    // `tap` hears each request and each answer, interim ones as well.
    connection(stream_ptr stream, std::string host_header, wire_tap tap = nullptr);
    ~connection();
    [[nodiscard]] awaitable<result<response>> exchange(request wanted, deadline until);
    [[nodiscard]] bool usable() const;  // false after Connection: close or an error
    [[nodiscard]] stream& raw();

private:
    struct state;
    std::unique_ptr<state> state_;
};

// Server side, for the lab: reads one request, writes one answer.
class server_connection {
public:
    explicit server_connection(stream& stream);
    ~server_connection();
    [[nodiscard]] awaitable<result<request>> read(deadline until);  // fault::closed when the client is done
    [[nodiscard]] awaitable<result<void>> write(response answer, deadline until);

private:
    struct state;
    std::unique_ptr<state> state_;
};

// CONNECT host:port through a proxy (RFC 9110 9.3.6); the stream is then the tunnel.
// fault::proxy with the status as code when the proxy says no; `answer` holds what it said. `proxy` is the connection
// to it when it said no and will listen again: a log-in by NTLM is bound to its connection.
struct tunnel {
    result<stream_ptr> stream;
    response answer;
    stream_ptr proxy = nullptr;
};
[[nodiscard]] awaitable<tunnel> connect_tunnel(
    stream_ptr proxy, std::string host, std::uint16_t port, fields headers, deadline until, wire_tap tap = nullptr);

}  // namespace ucsignin::net::http
