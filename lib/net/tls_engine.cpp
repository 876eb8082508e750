#include "net/tls_engine.hpp"

#include <openssl/err.h>

#include <algorithm>

#include "net/system_error.hpp"

namespace ucsignin::net {
namespace {

constexpr std::size_t kept_first_bytes = 64;
// Of a handshake there are ten; then come renegotiations (TLS 1.2), tickets and new keys (1.3): a handful a day.
constexpr int most_handshake_messages = 256;
constexpr std::size_t most_unsent = 1024 * 1024;  // what TLS has to answer to a peer that takes nothing

class busy {
public:
    explicit busy(bool& flag, signal& done) : flag_(flag), done_(done) { flag_ = true; }
    ~busy() {
        flag_ = false;
        done_.set();
    }
    busy(const busy&) = delete;
    busy& operator=(const busy&) = delete;

private:
    bool& flag_;
    signal& done_;
};

// What this side did not like about the peer's messages: OpenSSL's reasons, by what they mean for whoever repairs it.
handshake_refusal refusal_of(int reason, int version) {
    switch (reason) {
        case SSL_R_UNSUPPORTED_PROTOCOL:
        case SSL_R_WRONG_SSL_VERSION:
        case SSL_R_VERSION_TOO_LOW:
        case SSL_R_VERSION_TOO_HIGH:
        case SSL_R_INAPPROPRIATE_FALLBACK:
        case SSL_R_NO_PROTOCOLS_AVAILABLE: return handshake_refusal::version;
        case SSL_R_WRONG_CIPHER_RETURNED:
        case SSL_R_UNKNOWN_CIPHER_RETURNED:
        case SSL_R_NO_CIPHERS_AVAILABLE: return handshake_refusal::cipher;
        case SSL_R_DH_KEY_TOO_SMALL:
        case SSL_R_EE_KEY_TOO_SMALL:
        case SSL_R_CA_KEY_TOO_SMALL: return handshake_refusal::weak_key;
        case SSL_R_CA_MD_TOO_WEAK: return handshake_refusal::weak_signature;
        case SSL_R_WRONG_SIGNATURE_TYPE:
        // Before TLS 1.2 every handshake is signed with SHA-1 or MD5: there it is the version that is too old.
        case SSL_R_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED:
            return version < TLS1_2_VERSION ? handshake_refusal::version : handshake_refusal::weak_signature;
        default: return handshake_refusal::other;
    }
}

std::string take_all(BIO* from) {
    std::string bytes(BIO_ctrl_pending(from), '\0');
    auto const count = BIO_read(from, bytes.data(), static_cast<int>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(std::max(count, 0)));
    return bytes;
}

bool may_be_tried_again(const error& failure) {
    return failure.what == fault::timed_out || failure.what == fault::cancelled;
}

class tls_stream final : public stream {
public:
    explicit tls_stream(std::shared_ptr<tls_engine> engine) : engine_(std::move(engine)) {}
    ~tls_stream() override { engine_->close(false); }
    tls_stream(const tls_stream&) = delete;
    tls_stream& operator=(const tls_stream&) = delete;

    awaitable<result<std::size_t>> read_some(std::span<char> into, deadline until) override {
        return read_with(engine_, into, until);
    }
    awaitable<result<void>> write(std::string_view bytes, deadline until) override {
        return write_with(engine_, bytes, until);
    }
    void close(bool reset) override { engine_->close(reset); }
    std::string local_address() const override { return engine_->under().local_address(); }
    std::string peer_address() const override { return engine_->under().peer_address(); }
    std::optional<tcp_facts> kernel() const override { return engine_->under().kernel(); }

private:
    // The engine outlives the stream while an operation is pending.
    static awaitable<result<std::size_t>> read_with(
        std::shared_ptr<tls_engine> engine, std::span<char> into, deadline until) {
        co_return co_await engine->read_some(into, until);
    }
    static awaitable<result<void>> write_with(
        std::shared_ptr<tls_engine> engine, std::string_view bytes, deadline until) {
        co_return co_await engine->write(bytes, until);
    }

    std::shared_ptr<tls_engine> engine_;
};

}  // namespace

tls_engine::tls_engine(ssl_ptr ssl, stream_ptr under, asio::any_io_executor executor)
    : ssl_(std::move(ssl)), under_(std::move(under)), flushed_(executor), fed_(executor) {
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_set_app_data(ssl_.get(), this);
    SSL_set_info_callback(ssl_.get(), &tls_engine::note_alert);
    SSL_set_msg_callback(ssl_.get(), &tls_engine::note_message);
}

tls_engine& tls_engine::of(const SSL* ssl) { return *static_cast<tls_engine*>(SSL_get_app_data(ssl)); }

void tls_engine::note_message(int written, int, int type, const void* bytes, std::size_t size, SSL* ssl, void*) {
    auto& engine = of(ssl);
    if (written == 0 && type == SSL3_RT_HANDSHAKE) ++engine.handshake_messages_;
    if (engine.tap)
        engine.tell_message(
            written == 0 ? wire_direction::received : wire_direction::sent, type,
            {static_cast<const unsigned char*>(bytes), size});
}

void tls_engine::tell(wire_direction which, std::string_view line, std::size_t bytes, wire_headers headers) {
    tap(
        {which,
         "TLS",
         facts_.server_name,
         line,
         headers,
         {},
         {},
         bytes,
         under_->local_address(),
         under_->peer_address()});
}

void tls_engine::tell_message(wire_direction which, int type, std::span<const unsigned char> bytes) {
    if (type == SSL3_RT_ALERT && bytes.size() == 2) {
        alerted_ = true;
        auto const what = bytes[0] << 8 | bytes[1];
        auto const line = std::string(SSL_alert_type_string_long(what)) + " alert " + std::to_string(bytes[1]) + ", " +
                          SSL_alert_desc_string_long(what);
        return tell(which, line, bytes.size());
    }
    bool const is_hello = type == SSL3_RT_HANDSHAKE && !bytes.empty() && bytes[0] == SSL3_MT_CLIENT_HELLO;
    if (!is_hello || which != wire_direction::sent) return;
    wire_headers headers;
    if (const auto* name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name))
        headers.emplace_back("server-name", name);
    tell(which, "ClientHello", bytes.size(), std::move(headers));
}

void tls_engine::tell_ending(const result<void>& done) {
    if (!tap || (!done && alerted_)) return;
    if (!done) return tell(wire_direction::received, "handshake failed: " + done.error().detail, 0);
    wire_headers headers{{"certificates", std::to_string(facts_.chain.size())}};
    if (facts_.resumed) headers.emplace_back("session", "resumed");
    if (facts_.client_certificate_wanted) headers.emplace_back("client-certificate", "wanted");
    tell(
        wire_direction::received, "handshake " + facts_.version + ", " + facts_.cipher,
        static_cast<std::size_t>(facts_.bytes_in), std::move(headers));
}

void tls_engine::note_alert(const SSL* ssl, int where, int value) {
    if ((where & SSL_CB_READ_ALERT) != SSL_CB_READ_ALERT) return;
    int const level = value >> 8, description = value & 0xff;
    // TLS 1.3 gives the level no meaning: all but close_notify and user_canceled end the connection (RFC 8446 6).
    bool const fatal = level == SSL3_AL_FATAL ||
                       (SSL_version(ssl) == TLS1_3_VERSION && description != 0 && description != 90);
    if (!fatal) return;
    auto& facts = of(ssl).facts();
    facts.alert = description;
    facts.alert_text = SSL_alert_desc_string_long(value);
}

error tls_engine::describe(int ssl_error) {
    auto const phase = SSL_is_init_finished(ssl_.get())
                           ? std::string("TLS")
                           : std::string("TLS handshake, ") + SSL_state_string_long(ssl_.get());
    if (ssl_error == SSL_ERROR_ZERO_RETURN) return {fault::closed, phase + ": the peer ended the session", 0};
    if (facts_.alert >= 0)
        return {
            fault::tls_alert, phase + ": alert " + std::to_string(facts_.alert) + ", " + facts_.alert_text,
            facts_.alert};
    if (!refused_.empty()) return {fault::protocol, phase + ": " + refused_, 0};  // not for what OpenSSL takes it for
    auto const failed = ERR_peek_error();
    auto const* reason = ERR_reason_error_string(failed);
    if (ERR_GET_LIB(failed) == ERR_LIB_SSL)
        facts_.refused_for = refusal_of(ERR_GET_REASON(failed), SSL_version(ssl_.get()));
    return {fault::protocol, phase + ": " + (reason != nullptr ? reason : "failed"), 0};
}

// What OpenSSL wants to say is sent also after a failure: the alert tells the peer why.
awaitable<result<std::size_t>> tls_engine::drive(operation call, role as, deadline until) {
    for (;;) {
        ERR_clear_error();
        int const done = call(ssl_.get());
        int const why = SSL_get_error(ssl_.get(), done);
        std::optional<error> failure;  // now: the error queue belongs to the thread, not to the coroutine
        if (done <= 0 && why != SSL_ERROR_WANT_READ) failure = describe(why);
        ERR_clear_error();
        auto const sent = co_await flush(as, until);
        if (failure) co_return std::unexpected(*failure);
        if (done > 0 && !sent) co_return std::unexpected(sent.error());
        if (done > 0) co_return static_cast<std::size_t>(done);
        if (const auto* excess = excess_of_peer()) co_return std::unexpected(error{fault::other, excess, 0});
        // A peer that closed on us may have said why before: what it sent is read even when we couldn't send.
        auto const fed = co_await feed(until);
        if (!fed) co_return std::unexpected(fed.error());
    }
}

const char* tls_engine::excess_of_peer() const {
    if (handshake_messages_ > most_handshake_messages) return "TLS: the peer begins one handshake after another";
    if (BIO_ctrl_pending(SSL_get_wbio(ssl_.get())) > most_unsent)
        return "TLS: the peer asks for answers that it does not take";
    return nullptr;
}

awaitable<result<void>> tls_engine::handshake(deadline until) {
    operation call = SSL_do_handshake;
    auto const done = co_await drive(std::move(call), role::writer, until);
    if (!done) co_return std::unexpected(done.error());
    co_return result<void>{};
}

awaitable<result<std::size_t>> tls_engine::read_some(std::span<char> into, deadline until) {
    std::size_t count = 0;
    operation call = [into, &count](SSL* ssl) { return SSL_read_ex(ssl, into.data(), into.size(), &count); };
    auto const done = co_await drive(std::move(call), role::reader, until);
    // Bytes that came are given out although an answer of TLS's own could not be sent: the next write tells that.
    if (count > 0) co_return count;
    co_return std::unexpected(done.error());
}

awaitable<result<void>> tls_engine::write(std::string_view bytes, deadline until) {
    while (!bytes.empty()) {
        std::size_t count = 0;
        operation call = [bytes, &count](SSL* ssl) { return SSL_write_ex(ssl, bytes.data(), bytes.size(), &count); };
        auto const done = co_await drive(std::move(call), role::writer, until);
        if (!done) co_return std::unexpected(done.error());
        bytes.remove_prefix(count);
    }
    co_return result<void>{};
}

// Records leave in the order in which OpenSSL made them: one coroutine sends at a time, and sends what the other adds.
// A reader never waits for the other's sending, or two sides that both send much would wait for each other.
awaitable<result<void>> tls_engine::flush(role as, deadline until) {
    auto* out = SSL_get_wbio(ssl_.get());
    if (flushing_ && as == role::reader) co_return result<void>{};
    while (flushing_) {
        flushed_.reset();
        bool const woken = co_await flushed_.wait(until);
        if (!woken) co_return std::unexpected(timed_out("TLS write"));
    }
    if (write_fault_) co_return std::unexpected(*write_fault_);
    if (BIO_ctrl_pending(out) == 0) co_return result<void>{};
    busy const mine(flushing_, flushed_);
    // Until the last byte is out the stream counts as broken: half a record can't be mended, should we be ended here.
    write_fault_ = error{fault::cancelled, "TLS write: interrupted", 0};
    while (BIO_ctrl_pending(out) > 0) {
        auto const bytes = take_all(out);
        auto const sent = co_await under_->write(bytes, until);
        if (!sent) {
            write_fault_ = sent.error();
            co_return sent;
        }
    }
    write_fault_.reset();
    co_return result<void>{};
}

awaitable<result<void>> tls_engine::feed(deadline until) {
    if (feeding_) {
        fed_.reset();
        bool const woken = co_await fed_.wait(until);
        if (!woken) co_return std::unexpected(timed_out("TLS read"));
        co_return result<void>{};
    }
    if (read_fault_) co_return std::unexpected(*read_fault_);
    busy const mine(feeding_, fed_);
    auto const count = co_await under_->read_some(buffer_, until);
    if (!count) {
        if (!may_be_tried_again(count.error())) read_fault_ = count.error();
        co_return std::unexpected(count.error());
    }
    bytes_in_ += static_cast<std::int64_t>(*count);
    first_bytes_.append(buffer_.data(), std::min(*count, kept_first_bytes - first_bytes_.size()));
    BIO_write(SSL_get_rbio(ssl_.get()), buffer_.data(), static_cast<int>(*count));
    co_return result<void>{};
}

void tls_engine::close(bool reset) { under_->close(reset); }

stream_ptr make_tls_stream(std::shared_ptr<tls_engine> engine) {
    return std::make_unique<tls_stream>(std::move(engine));
}

}  // namespace ucsignin::net
