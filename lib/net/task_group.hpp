#pragma once
// Coroutines that run beside whoever started them, and can be joined and cancelled. Nothing runs without an owner.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <list>
#include <memory>

#include "net/deadline.hpp"

namespace ucsignin::net {

// What can fail is a value in this house: an exception is a bug, but for the one by which Asio tells a cancelled
// coroutine so. A bug is passed on to whoever runs the loop (io_context::run throws it).
inline void rethrow_bug(const std::exception_ptr& thrown) {
    if (!thrown) return;
    try {
        std::rethrow_exception(thrown);
    } catch (const boost::system::system_error& e) {
        if (e.code() != boost::asio::error::operation_aborted) throw;
    }
}

class task_group {
public:
    explicit task_group(asio::any_io_executor executor)
        : executor_(executor), state_(std::make_shared<state>(executor)) {}

    // Starts it at once.
    void start(awaitable<void> task) {
        auto entry = state_->running.emplace(state_->running.end());
        auto ended = [state = state_, entry](const std::exception_ptr& thrown) {
            state->running.erase(entry);
            if (state->running.empty()) state->idle.set();
            rethrow_bug(thrown);
        };
        state_->idle.reset();
        asio::co_spawn(executor_, std::move(task), asio::bind_cancellation_slot(entry->slot(), ended));
    }
    // True when all have ended by then.
    [[nodiscard]] awaitable<bool> join(deadline until) {
        if (state_->running.empty()) co_return true;
        co_return co_await state_->idle.wait(until);
    }
    void cancel() {
        for (auto at = state_->running.begin(); at != state_->running.end();) {
            auto& one = *at++;  // a task that ends inside emit() erases itself
            one.emit(asio::cancellation_type::all);
        }
    }

private:
    struct state {
        explicit state(asio::any_io_executor executor) : idle(executor) {}
        std::list<asio::cancellation_signal> running;
        signal idle;
    };
    asio::any_io_executor executor_;
    std::shared_ptr<state> state_;
};

}  // namespace ucsignin::net
