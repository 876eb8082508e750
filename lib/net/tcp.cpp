#include "net/tcp.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

#include "net/deadline.hpp"
#include "net/system_error.hpp"

namespace ucsignin::net {
namespace {

using asio::experimental::make_parallel_group;
using asio::experimental::wait_for_one;
using asio::ip::tcp;
using boost::system::error_code;

endpoint from_asio(const tcp::endpoint& at) { return {at.address(), at.port()}; }
tcp::endpoint to_asio(const endpoint& at) { return {at.address, at.port}; }

constexpr int lost_after_ms = 20000;

struct transfer {
    error_code failure;
    std::size_t count = 0;
    bool late = false;  // the deadline ended it
};

// The operation and its deadline run side by side; both results are looked at, so bytes that came together with the
// deadline are not lost.
template <class Operation>
awaitable<transfer> run_until(asio::any_io_executor executor, Operation operation, deadline until) {
    asio::steady_timer timer(executor, until);
    auto const first_ends_all = wait_for_one();
    auto const [order, failure, count, timer_failure] = co_await make_parallel_group(
                                                            std::move(operation), timer.async_wait(asio::deferred))
                                                            .async_wait(first_ends_all, asio::use_awaitable);
    end_if_cancelled(co_await asio::this_coro::cancellation_state);
    co_return transfer{failure, count, failure == asio::error::operation_aborted && !timer_failure};
}

// Outlives the stream while an operation is pending.
struct connection_state {
    explicit connection_state(tcp::socket opened) : socket(std::move(opened)) {
        error_code ignored;  // a connection that is gone already shows that at the first read
        local = to_string(from_asio(socket.local_endpoint(ignored)));
        peer = to_string(from_asio(socket.remote_endpoint(ignored)));
        socket.set_option(tcp::no_delay(true), ignored);
    }
    tcp::socket socket;
    std::string local, peer;
    bool closed = false;
    std::optional<tcp_facts> at_end;  // the system forgets them with the socket
};

error failed(const connection_state& state, std::string_view verb, const transfer& done) {
    auto const operation = std::string(verb) + " " + state.peer;
    if (state.closed) return {fault::closed, operation + ": closed by this side", 0};
    return done.late ? timed_out(operation) : from_system(operation, done.failure);
}

class tcp_stream final : public stream {
public:
    explicit tcp_stream(tcp::socket socket) : state_(std::make_shared<connection_state>(std::move(socket))) {}
    ~tcp_stream() override { tcp_stream::close(false); }
    tcp_stream(const tcp_stream&) = delete;
    tcp_stream& operator=(const tcp_stream&) = delete;

    awaitable<result<std::size_t>> read_some(std::span<char> into, deadline until) override {
        return read(state_, into, until);
    }
    awaitable<result<void>> write(std::string_view bytes, deadline until) override {
        return write_all(state_, bytes, until);
    }

    void close(bool reset) override {
        if (std::exchange(state_->closed, true)) return;
        state_->at_end = read_tcp_facts(state_->socket.native_handle());
        error_code ignored;  // nothing is left to do about a socket that doesn't close
        if (reset) state_->socket.set_option(tcp::socket::linger(true, 0), ignored);
        state_->socket.close(ignored);
    }

    std::string local_address() const override { return state_->local; }
    std::string peer_address() const override { return state_->peer; }
    std::optional<tcp_facts> kernel() const override {
        return state_->closed ? state_->at_end : read_tcp_facts(state_->socket.native_handle());
    }

private:
    // A peer that always has something to say would win every race against the timer: the deadline is looked at first.
    static awaitable<result<std::size_t>> read(
        std::shared_ptr<connection_state> state, std::span<char> into, deadline until) {
        if (clock::now() >= until) co_return std::unexpected(timed_out("read from " + state->peer));
        auto operation = state->socket.async_read_some(asio::buffer(into.data(), into.size()), asio::deferred);
        auto const done = co_await run_until(state->socket.get_executor(), std::move(operation), until);
        if (!done.failure) co_return done.count;
        co_return std::unexpected(failed(*state, "read from", done));
    }

    static awaitable<result<void>> write_all(
        std::shared_ptr<connection_state> state, std::string_view bytes, deadline until) {
        if (clock::now() >= until) co_return std::unexpected(timed_out("write to " + state->peer));
        auto operation = asio::async_write(state->socket, asio::buffer(bytes.data(), bytes.size()), asio::deferred);
        auto const done = co_await run_until(state->socket.get_executor(), std::move(operation), until);
        if (!done.failure) co_return result<void>{};
        co_return std::unexpected(failed(*state, "write to", done));
    }

    std::shared_ptr<connection_state> state_;
};

class tcp_listener final : public listener {
public:
    explicit tcp_listener(tcp::acceptor acceptor, endpoint at)
        : acceptor_(std::make_shared<tcp::acceptor>(std::move(acceptor))), at_(std::move(at)) {}
    ~tcp_listener() override { tcp_listener::close(); }
    tcp_listener(const tcp_listener&) = delete;
    tcp_listener& operator=(const tcp_listener&) = delete;

    awaitable<result<stream_ptr>> accept() override { return accept_on(acceptor_, at_); }
    endpoint local() const override { return at_; }
    void close() override {
        error_code ignored;  // the acceptor is closed whatever the system says
        acceptor_->close(ignored);
    }

private:
    static awaitable<result<stream_ptr>> accept_on(std::shared_ptr<tcp::acceptor> acceptor, endpoint at) {
        auto [failure, socket] = co_await acceptor->async_accept(asio::as_tuple(asio::use_awaitable));
        auto const operation = "accept on " + to_string(at);
        if (!acceptor->is_open()) co_return std::unexpected(error{fault::cancelled, operation + ": closed", 0});
        if (failure) co_return std::unexpected(from_system(operation, failure));
        co_return std::make_unique<tcp_stream>(std::move(socket));
    }

    std::shared_ptr<tcp::acceptor> acceptor_;
    endpoint at_;
};

error_code prepare(tcp::socket& socket, const endpoint& to, const connect_options& how) {
    error_code failure;
    socket.open(to_asio(to).protocol(), failure);
    if (!failure) give_up_unacknowledged(socket.native_handle(), lost_after_ms);
    if (!failure && !how.device.empty()) bind_to_device(socket.native_handle(), how.device);
    if (!failure && how.from) socket.bind({*how.from, 0}, failure);
    if (!failure && how.max_segment > 0 && !limit_segments(socket.native_handle(), how.max_segment))
        failure = {errno, boost::system::system_category()};
    return failure;
}

class prefixed_stream final : public stream {
public:
    prefixed_stream(stream_ptr inner, std::string prefix) : inner_(std::move(inner)), prefix_(std::move(prefix)) {}

    awaitable<result<std::size_t>> read_some(std::span<char> into, deadline until) override {
        if (prefix_.empty()) co_return co_await inner_->read_some(into, until);
        auto const count = prefix_.copy(into.data(), into.size());
        prefix_.erase(0, count);
        co_return count;
    }
    awaitable<result<void>> write(std::string_view bytes, deadline until) override {
        return inner_->write(bytes, until);
    }
    void close(bool reset) override { inner_->close(reset); }
    std::string local_address() const override { return inner_->local_address(); }
    std::string peer_address() const override { return inner_->peer_address(); }
    std::optional<tcp_facts> kernel() const override { return inner_->kernel(); }

private:
    stream_ptr inner_;
    std::string prefix_;
};

}  // namespace

awaitable<result<stream_ptr>> connect(endpoint to, deadline until) {
    connect_options const as_usual;
    auto made = co_await connect_by(std::move(to), as_usual, until);
    co_return std::move(made.stream);
}

awaitable<connect_outcome> connect_by(endpoint to, connect_options how, deadline until) {
    auto const executor = co_await asio::this_coro::executor;
    auto const operation = "connect to " + to_string(to);
    tcp::socket socket(executor);
    if (auto const bad = prepare(socket, to, how))
        co_return connect_outcome{std::unexpected(from_system(operation, bad)), {}};
    asio::steady_timer timer(executor, until);
    auto const first_ends_all = wait_for_one();
    auto const [order, failure, timer_failure] = co_await make_parallel_group(
                                                     socket.async_connect(to_asio(to), asio::deferred),
                                                     timer.async_wait(asio::deferred))
                                                     .async_wait(first_ends_all, asio::use_awaitable);
    end_if_cancelled(co_await asio::this_coro::cancellation_state);
    auto const kernel = read_tcp_facts(socket.native_handle());
    if (failure == asio::error::operation_aborted && !timer_failure)
        co_return connect_outcome{std::unexpected(timed_out(operation)), kernel};
    if (failure) co_return connect_outcome{std::unexpected(from_system(operation, failure)), kernel};
    co_return connect_outcome{std::make_unique<tcp_stream>(std::move(socket)), kernel};
}

result<std::unique_ptr<listener>> listen(asio::any_io_executor executor, endpoint at) {
    auto const where = to_asio(at);
    auto const operation = "listen on " + to_string(at);
    error_code failure;
    tcp::acceptor acceptor(std::move(executor));
    acceptor.open(where.protocol(), failure);
    if (!failure) acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
    if (!failure) acceptor.bind(where, failure);
    if (!failure) acceptor.listen(tcp::acceptor::max_listen_connections, failure);
    if (failure) return std::unexpected(from_system(operation, failure));
    auto const bound = acceptor.local_endpoint(failure);
    if (failure) return std::unexpected(from_system(operation, failure));
    return std::make_unique<tcp_listener>(std::move(acceptor), from_asio(bound));
}

stream_ptr with_prefix(stream_ptr inner, std::string already_read) {
    if (already_read.empty()) return inner;
    return std::make_unique<prefixed_stream>(std::move(inner), std::move(already_read));
}

}  // namespace ucsignin::net
