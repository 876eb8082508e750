#include "lab/listeners.hpp"

#include <fmt/format.h>

#include <array>

#include "net/deadline.hpp"

namespace ucsignin::lab {
namespace {

class limited_stream final : public net::stream {
public:
    limited_stream(net::stream_ptr inner, std::size_t limit) : inner_(std::move(inner)), left_(limit) {}

    net::awaitable<net::result<std::size_t>> read_some(std::span<char> into, net::deadline until) override {
        return inner_->read_some(into, until);
    }
    net::awaitable<net::result<void>> write(std::string_view bytes, net::deadline until) override {
        const auto now = bytes.substr(0, left_);
        left_ -= now.size();
        auto written = co_await inner_->write(now, until);
        if (left_ > 0 || !written) co_return written;
        inner_->close(true);
        co_return std::unexpected(net::error{net::fault::reset, "the scenario resets this connection", 0});
    }
    void close(bool reset) override { inner_->close(reset); }
    std::string local_address() const override { return inner_->local_address(); }
    std::string peer_address() const override { return inner_->peer_address(); }
    std::optional<net::tcp_facts> kernel() const override { return inner_->kernel(); }

private:
    net::stream_ptr inner_;
    std::size_t left_;
};

// What a firewall's timer does to a connection; shared with the coroutine that watches it.
struct watched {
    net::stream_ptr inner;
    net::deadline last = net::clock::now();
    bool ended = false;
};

class quiet_stream final : public net::stream {
public:
    explicit quiet_stream(std::shared_ptr<watched> state) : state_(std::move(state)) {}
    ~quiet_stream() override { quiet_stream::close(false); }
    quiet_stream(const quiet_stream&) = delete;
    quiet_stream& operator=(const quiet_stream&) = delete;

    net::awaitable<net::result<std::size_t>> read_some(std::span<char> into, net::deadline until) override {
        return read(state_, into, until);
    }
    net::awaitable<net::result<void>> write(std::string_view bytes, net::deadline until) override {
        state_->last = net::clock::now();
        return state_->inner->write(bytes, until);
    }
    void close(bool reset) override {
        state_->ended = true;
        state_->inner->close(reset);
    }
    std::string local_address() const override { return state_->inner->local_address(); }
    std::string peer_address() const override { return state_->inner->peer_address(); }
    std::optional<net::tcp_facts> kernel() const override { return state_->inner->kernel(); }

private:
    static net::awaitable<net::result<std::size_t>> read(
        std::shared_ptr<watched> state, std::span<char> into, net::deadline until) {
        auto got = co_await state->inner->read_some(into, until);
        state->last = net::clock::now();
        co_return got;
    }
    std::shared_ptr<watched> state_;
};

net::awaitable<void> cut_when_quiet(std::shared_ptr<watched> state, std::chrono::milliseconds limit) {
    while (!state->ended && net::clock::now() < state->last + limit) co_await net::pass_time(state->last + limit);
    if (!state->ended) state->inner->close(true);
}

std::string_view word_for(tcp_act act) {
    switch (act) {
        case tcp_act::reset: return ", reset";
        case tcp_act::close: return ", closed";
        case tcp_act::stall: return ", no answer";
        default: return "";
    }
}

}  // namespace

net::deadline some_day() { return net::clock::now() + std::chrono::hours(24); }

net::stream_ptr with_write_limit(net::stream_ptr inner, std::size_t limit) {
    return std::make_unique<limited_stream>(std::move(inner), limit);
}

net::stream_ptr with_idle_limit(net::stream_ptr inner, std::chrono::milliseconds limit, net::task_group& watchers) {
    auto state = std::make_shared<watched>();
    state->inner = std::move(inner);
    watchers.start(cut_when_quiet(state, limit));
    return std::make_unique<quiet_stream>(std::move(state));
}

net::awaitable<void> stay_silent(net::stream& stream) {
    std::array<char, 4096> bytes{};
    for (;;) {
        const auto got = co_await stream.read_some(bytes, some_day());
        if (!got) co_return;
    }
}

net::awaitable<void> serve_connection(std::shared_ptr<world> in, const service* at, net::stream_ptr stream) {
    const auto visit = in->present->enter();
    const tcp_plan plan = in->faults.tcp(*at);
    in->log->say(
        fmt::format("TCP {} from {}{}", net::to_string(at->meant), stream->peer_address(), word_for(plan.act)));
    if (plan.delay_ms > 0) co_await net::pass_time(net::clock::now() + std::chrono::milliseconds(plan.delay_ms));
    if (plan.act == tcp_act::reset || plan.act == tcp_act::close) {
        stream->close(plan.act == tcp_act::reset);
        co_return;
    }
    if (plan.act == tcp_act::stall) {
        co_await stay_silent(*stream);
        co_return;
    }
    if (plan.idle_ms > 0)
        stream = with_idle_limit(std::move(stream), std::chrono::milliseconds(plan.idle_ms), in->tasks);
    if (plan.reset_after_sent > 0)
        stream = with_write_limit(std::move(stream), static_cast<std::size_t>(plan.reset_after_sent));
    if (at->what == speaks::relay) {
        co_await stay_silent(*stream);
        co_return;
    }
    if (at->what == speaks::http) co_await serve_http(std::move(in), at, std::move(stream), false, std::string());
    else co_await serve_tls(std::move(in), at, std::move(stream));
}

net::awaitable<void> accept_connections(
    std::shared_ptr<world> in, const service* at, std::shared_ptr<net::listener> door) {
    for (;;) {
        auto stream = co_await door->accept();
        if (!stream) co_return;
        in->tasks.start(serve_connection(in, at, std::move(*stream)));
    }
}

}  // namespace ucsignin::lab
