#include "net/memory_stream.hpp"

#include <algorithm>

#include "net/deadline.hpp"
#include "net/system_error.hpp"

namespace ucsignin::net {
namespace {

// One direction.
struct pipe {
    explicit pipe(asio::any_io_executor executor) : changed(std::move(executor)) {}
    std::string bytes;
    bool closed = false;
    bool reset = false;
    signal changed;

    void end(bool with_reset) {
        closed = true;
        reset = reset || with_reset;
        changed.set();
    }
};

error scripted(fault what) { return {what, "scripted: " + std::string(to_string(what)), 0}; }

class memory_stream final : public stream {
public:
    memory_stream(
        std::shared_ptr<pipe> in, std::shared_ptr<pipe> out, memory_script script, std::string local, std::string peer)
        : in_(std::move(in)), out_(std::move(out)), script_(script), local_(std::move(local)), peer_(std::move(peer)) {}
    ~memory_stream() override { memory_stream::close(false); }
    memory_stream(const memory_stream&) = delete;
    memory_stream& operator=(const memory_stream&) = delete;

    awaitable<result<std::size_t>> read_some(std::span<char> into, deadline until) override {
        if (fails()) return fail<std::size_t>(in_, script_.fail_with, until);
        return read(
            in_, into.first(script_.longest_read == 0 ? into.size() : std::min(into.size(), script_.longest_read)),
            until);
    }

    awaitable<result<void>> write(std::string_view bytes, deadline until) override {
        if (fails()) return fail<void>(in_, script_.fail_with, until);
        return append(out_, bytes);
    }

    void close(bool reset) override {
        out_->end(reset);
        in_->end(false);
    }

    std::string local_address() const override { return local_; }
    std::string peer_address() const override { return peer_; }

private:
    bool fails() { return script_.fail_at != 0 && ++count_ >= script_.fail_at; }

    template <class T>
    static awaitable<result<T>> fail(std::shared_ptr<pipe> in, fault what, deadline until) {
        if (what == fault::timed_out) co_await stall(in, until);
        result<T> failed = std::unexpected(scripted(what));
        co_return failed;
    }

    static awaitable<void> stall(std::shared_ptr<pipe> in, deadline until) {
        while (!in->closed && clock::now() < until) {
            in->changed.reset();
            co_await in->changed.wait(until);
        }
    }

    static awaitable<result<std::size_t>> read(std::shared_ptr<pipe> in, std::span<char> into, deadline until) {
        while (in->bytes.empty()) {
            if (in->reset) co_return std::unexpected(error{fault::reset, "read: reset by the other end", 0});
            if (in->closed) co_return std::unexpected(error{fault::closed, "read: end of stream", 0});
            in->changed.reset();
            bool const woken = co_await in->changed.wait(until);
            if (!woken) co_return std::unexpected(timed_out("read"));
        }
        auto const count = in->bytes.copy(into.data(), into.size());
        in->bytes.erase(0, count);
        co_return count;
    }

    static awaitable<result<void>> append(std::shared_ptr<pipe> out, std::string_view bytes) {
        if (out->closed) co_return std::unexpected(error{fault::reset, "write: the other end is closed", 0});
        out->bytes += bytes;
        out->changed.set();
        co_return result<void>{};
    }

    std::shared_ptr<pipe> in_, out_;
    memory_script script_;
    std::size_t count_ = 0;
    std::string local_, peer_;
};

}  // namespace

std::pair<stream_ptr, stream_ptr> make_memory_pair(
    asio::any_io_executor executor, memory_script first, memory_script second) {
    auto forth = std::make_shared<pipe>(executor);
    auto back = std::make_shared<pipe>(executor);
    auto one = std::make_unique<memory_stream>(back, forth, first, "192.0.2.10:50000", "192.0.2.1:5061");
    auto other = std::make_unique<memory_stream>(forth, back, second, "192.0.2.1:5061", "192.0.2.10:50000");
    return {std::move(one), std::move(other)};
}

}  // namespace ucsignin::net
