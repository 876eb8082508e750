#pragma once
// Waiting for something that happens in the same program, never longer than a deadline. Single-threaded (or one
// strand): to wake from another thread, post to the executor first.
//
// A coroutine that was cancelled ends where it waits, by the exception that Asio has for it: no step may take an end
// that somebody wished for as the network's answer.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "net/stream.hpp"

namespace ucsignin::net {

// end_if_cancelled(co_await asio::this_coro::cancellation_state): throws operation_aborted when it was.
inline void end_if_cancelled(const boost::asio::cancellation_state& of_this_coroutine) {
    if (of_this_coroutine.cancelled() != boost::asio::cancellation_type::none)
        throw boost::system::system_error(boost::asio::error::operation_aborted);
}

// A flag that coroutines can wait for. Any number of waiters; the signal may be destroyed while they wait (they then
// wait until their deadlines).
class signal {
public:
    explicit signal(asio::any_io_executor executor);
    void set();  // wakes every waiter; waiters to come don't wait at all
    void reset();
    [[nodiscard]] bool is_set() const;
    // True when set; false at the deadline.
    [[nodiscard]] awaitable<bool> wait(deadline until);

private:
    struct state;
    std::shared_ptr<state> state_;
};

// An unbounded queue between coroutines. Items that were pushed before close() still come out.
template <class T>
class channel {
public:
    explicit channel(asio::any_io_executor executor) : state_(std::make_shared<state>(std::move(executor))) {}

    void push(T item) {
        if (state_->closed) return;
        state_->items.push_back(std::move(item));
        state_->changed.set();
    }
    void close() {
        state_->closed = true;
        state_->changed.set();
    }
    [[nodiscard]] bool closed() const { return state_->closed && state_->items.empty(); }

    // Nothing at the deadline, and when the channel is closed and empty.
    [[nodiscard]] awaitable<std::optional<T>> pop(deadline until) { return pop_from(state_, until); }

private:
    struct state {
        explicit state(asio::any_io_executor executor) : changed(std::move(executor)) {}
        std::deque<T> items;
        bool closed = false;
        signal changed;
    };

    static awaitable<std::optional<T>> pop_from(std::shared_ptr<state> from, deadline until) {
        while (from->items.empty()) {
            if (from->closed) co_return std::nullopt;
            from->changed.reset();
            bool const woken = co_await from->changed.wait(until);
            if (!woken) co_return std::nullopt;
        }
        std::optional<T> item(std::move(from->items.front()));
        from->items.pop_front();
        co_return item;
    }

    std::shared_ptr<state> state_;
};

// Lets time pass until `until`; for protocols that ask for it (a retry timer).
[[nodiscard]] awaitable<void> pass_time(deadline until);

}  // namespace ucsignin::net
