#include "failing_stream.hpp"

#include <algorithm>
#include <utility>

#include "net/deadline.hpp"

namespace ucsignin::net::test {
namespace {

struct connection {
    connection(stream_ptr stream, std::shared_ptr<harm> harmed_by, std::string whose)
        : inner(std::move(stream)), by(std::move(harmed_by)), of_whom(std::move(whose)) {}
    stream_ptr inner;
    std::shared_ptr<harm> by;
    std::string of_whom;
    bool stalled = false, closed = false;
    std::shared_ptr<signal> ended;  // for who waits on a stalled one

    void close(bool reset) {
        closed = true;
        if (ended) ended->set();
        inner->close(reset);
    }
};

error reset_by_test() { return {fault::reset, "cut by the test", 0}; }

awaitable<result<std::size_t>> read(std::shared_ptr<connection> on, std::span<char> into, deadline until) {
    const bool hit = on->by->falls_on("read", on->of_whom);
    if (hit && on->by->kind == harm_kind::cut) {
        on->close(true);
        co_return std::unexpected(reset_by_test());
    }
    if (hit && on->by->kind == harm_kind::stall) on->stalled = true;
    if (on->stalled) {
        if (!on->ended) on->ended = std::make_shared<signal>(co_await asio::this_coro::executor);
        const auto ended = on->ended;
        const bool closed = co_await ended->wait(until);
        co_return std::unexpected(error{closed ? fault::closed : fault::timed_out, "stalled by the test", 0});
    }
    auto got = co_await on->inner->read_some(into, until);
    if (got && hit && on->by->kind == harm_kind::garble) {
        const auto bytes = garbled({into.data(), *got});
        std::ranges::copy(bytes, into.begin());
    }
    co_return got;
}

awaitable<result<void>> write(std::shared_ptr<connection> on, std::string_view bytes, deadline until) {
    const bool hit = on->by->falls_on("write", on->of_whom);
    if (hit && on->by->kind == harm_kind::cut) {
        on->close(true);
        co_return std::unexpected(reset_by_test());
    }
    if (hit && on->by->kind == harm_kind::stall) on->stalled = true;
    if (on->stalled) co_return result<void>{};  // the system takes it, and nobody gets it
    if (hit && on->by->kind == harm_kind::garble) {
        const auto other = garbled(std::string(bytes));
        co_return co_await on->inner->write(other, until);
    }
    co_return co_await on->inner->write(bytes, until);
}

class failing_stream final : public stream {
public:
    explicit failing_stream(std::shared_ptr<connection> on) : on_(std::move(on)) {}
    ~failing_stream() override { on_->close(false); }
    failing_stream(const failing_stream&) = delete;
    failing_stream& operator=(const failing_stream&) = delete;

    awaitable<result<std::size_t>> read_some(std::span<char> into, deadline until) override {
        return read(on_, into, until);
    }
    awaitable<result<void>> write(std::string_view bytes, deadline until) override {
        return test::write(on_, bytes, until);
    }
    void close(bool reset) override { on_->close(reset); }
    std::string local_address() const override { return on_->inner->local_address(); }
    std::string peer_address() const override { return on_->inner->peer_address(); }

private:
    std::shared_ptr<connection> on_;
};

}  // namespace

bool harm::falls_on(const std::string& what, const std::string& of_whom) {
    if (noting) noted.push_back(what + " " + of_whom);
    if (counts && !counts(of_whom)) return false;
    if (++seen != nth || kind == harm_kind::none) return false;
    hit = what + " " + of_whom;
    where = of_whom;
    if (kind != harm_kind::call_out) return true;
    called();
    return false;
}

std::string garbled(std::string bytes) {
    const auto third = bytes.size() / 3;
    for (auto i = third; i < bytes.size() - third; ++i) bytes[i] = static_cast<char>(bytes[i] ^ 0xff);
    return bytes;
}

stream_ptr fail_at(stream_ptr inner, std::shared_ptr<harm> by, std::string of_whom) {
    return std::make_unique<failing_stream>(
        std::make_shared<connection>(std::move(inner), std::move(by), std::move(of_whom)));
}

}  // namespace ucsignin::net::test
