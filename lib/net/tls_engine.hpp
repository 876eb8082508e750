#pragma once
// OpenSSL over a net::stream, by memory BIOs: the same engine for client and server, over TCP, tunnels and memory.
// One reader and one writer may be at work at the same time. Internal to net/.

#include <array>
#include <functional>
#include <optional>

#include "net/deadline.hpp"
#include "net/openssl_ptr.hpp"
#include "net/tls.hpp"

namespace ucsignin::net {

class tls_engine {
public:
    tls_engine(ssl_ptr ssl, stream_ptr under, asio::any_io_executor executor);

    [[nodiscard]] awaitable<result<void>> handshake(deadline until);
    [[nodiscard]] awaitable<result<std::size_t>> read_some(std::span<char> into, deadline until);
    [[nodiscard]] awaitable<result<void>> write(std::string_view bytes, deadline until);
    void close(bool reset);

    [[nodiscard]] SSL* native() { return ssl_.get(); }
    [[nodiscard]] stream& under() { return *under_; }
    [[nodiscard]] const std::string& first_bytes() const { return first_bytes_; }  // at most 64, as they came
    [[nodiscard]] std::int64_t bytes_in() const { return bytes_in_; }
    std::function<void(std::string_view)> keylog;
    wire_tap tap;
    // What came of the handshake, when no alert told it.
    void tell_ending(const result<void>& done);
    [[nodiscard]] tls_facts& facts() { return facts_; }          // OpenSSL's callbacks write there
    void refuse(std::string why) { refused_ = std::move(why); }  // by a callback: what the error will say
    [[nodiscard]] static tls_engine& of(const SSL* ssl);         // for callbacks

private:
    using wire_headers = std::vector<std::pair<std::string, std::string>>;
    using operation = std::function<int(SSL*)>;  // an SSL_... call and what it returned

    enum class role { reader, writer };

    awaitable<result<std::size_t>> drive(operation call, role as, deadline until);
    awaitable<result<void>> flush(role as, deadline until);
    awaitable<result<void>> feed(deadline until);
    error describe(int ssl_error);
    [[nodiscard]] const char* excess_of_peer() const;  // what no peer needs and costs us without end; null: nothing
    static void note_alert(const SSL* ssl, int where, int value);
    void tell(wire_direction which, std::string_view line, std::size_t bytes, wire_headers headers = {});
    void tell_message(wire_direction which, int type, std::span<const unsigned char> bytes);
    static void note_message(int written, int version, int type, const void* bytes, std::size_t size, SSL* ssl, void*);

    ssl_ptr ssl_;
    stream_ptr under_;
    tls_facts facts_;
    std::string first_bytes_, refused_;
    std::int64_t bytes_in_ = 0;
    std::array<char, 16384> buffer_{};
    int handshake_messages_ = 0;  // of the peer
    bool alerted_ = false;        // an alert was told
    bool flushing_ = false, feeding_ = false;
    signal flushed_, fed_;
    std::optional<error> write_fault_, read_fault_;  // what ended the stream below; told again at each later call
};

// The engine as a stream; the handshake is done already.
[[nodiscard]] stream_ptr make_tls_stream(std::shared_ptr<tls_engine> engine);

}  // namespace ucsignin::net
