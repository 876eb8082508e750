#pragma once
// A SIP connection: requests with their answers matched by Call-ID and CSeq, requests of the server handed on or
// answered, signatures made in the order of writing and checked on everything that comes.

#include <boost/asio/any_io_executor.hpp>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/stream.hpp"
#include "net/wire_tap.hpp"
#include "sip/message.hpp"

namespace ucsignin::sip {

// What auth/ puts between the connection and the wire once a security association is up.
class protector {
public:
    virtual ~protector() = default;
    // Appends the Authorization header. The error is one line: an association may run out, or turn out to sign nothing.
    virtual std::expected<void, std::string> sign(message& outgoing) = 0;
    enum class verdict { valid, invalid, missing };
    [[nodiscard]] virtual verdict check(const message& incoming) = 0;
};

struct reply {
    message answer;       // the final response
    int provisional = 0;  // answers before it
    protector::verdict signature = protector::verdict::missing;
    bool protected_at_send = false;  // an association was up when the request went out
};

// How much of a request had left this side.
enum class departure {
    never,  // not a byte: it waited behind others, could not be signed, or the connection had ended
    begun,  // some or all of it
    whole,  // written to the end; what the server got of it only the server knows
};

// Why there is no final answer.
struct no_answer : net::error {
    departure sent = departure::never;
    int provisional = 0;  // answers that came before, "100 Trying"
    int discarded = 0;    // answers that were dropped, since their signature was wrong or missing
};

struct connection_events {
    // Requests of the server, after they were answered (NOTIFY, BENOTIFY, OPTIONS, INVITE...).
    std::function<void(const message&, protector::verdict)> request;
    // Messages that were dropped, and why: a bad signature looks like silence otherwise.
    std::function<void(const message&, std::string why)> discarded;
    // The connection ended; nothing more will come. Not called when it ends because its last handle went.
    std::function<void(const net::error&)> closed;
    // Hears each message as it goes, signed, and as it comes, before it is looked at.
    net::wire_tap wire;
};

// What came, when it can't be read: the code of a fault::protocol.
enum what_came : int {
    came_sip = 1,  // it begins as SIP does
    came_http,     // a web server's answer
    came_other,
};

// Used from one strand: that of the executor. The connection ends with close(), with an error, and when its last handle
// goes. A message that was dropped leaves its request waiting, until the deadline. A server that costs more than it may
// (64 provisional answers to one request, 2 MiB of answers that it doesn't take) has its request, or the connection,
// ended with fault::protocol.
class connection : public std::enable_shared_from_this<connection> {
public:
    // Starts reading at once on the executor.
    [[nodiscard]] static std::shared_ptr<connection> start(
        net::stream_ptr stream, net::asio::any_io_executor executor, connection_events events);
    virtual ~connection() = default;

    // Sends (signed if an association is up) and waits for the final response. fault::timed_out, ::closed, ::protocol,
    // ::cancelled, ::other (it can't be signed), each with how much of it had left. Several may be under way at once.
    // While an association is up, answers without a valid signature are dropped, but for those to REGISTER (see
    // reply::signature) and an unsigned 401. `wanted` has Call-ID and CSeq.
    [[nodiscard]] virtual net::awaitable<std::expected<reply, no_answer>> request(
        message wanted, net::deadline until) = 0;
    [[nodiscard]] virtual net::awaitable<net::result<void>> keep_alive(net::deadline until) = 0;  // CRLF CRLF
    virtual void protect(std::shared_ptr<protector> association) = 0;  // null: back to unsigned
    [[nodiscard]] virtual bool is_open() const = 0;
    [[nodiscard]] virtual int discarded() const = 0;
    [[nodiscard]] virtual net::clock::time_point last_active() const = 0;  // when bytes last went either way
    [[nodiscard]] virtual std::optional<net::tcp_facts> kernel() const = 0;
    [[nodiscard]] virtual std::string local_address() const = 0;
    virtual void close() = 0;
};

}  // namespace ucsignin::sip
