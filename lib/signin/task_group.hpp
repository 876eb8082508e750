#pragma once
// Coroutines that run beside the sign-in and are joined before the trace closes.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <list>
#include <memory>

#include "net/deadline.hpp"

namespace ucsignin::signin {

class task_group {
public:
    explicit task_group(net::asio::any_io_executor executor)
        : executor_(executor), state_(std::make_shared<state>(executor)) {}

    // Starts it at once. What it throws is a bug of ours or its cancellation; either way the task has ended.
    void start(net::awaitable<void> task) {
        auto entry = state_->running.emplace(state_->running.end());
        auto ended = [state = state_, entry](std::exception_ptr) {
            state->running.erase(entry);
            if (state->running.empty()) state->idle.set();
        };
        state_->idle.reset();
        net::asio::co_spawn(executor_, std::move(task), net::asio::bind_cancellation_slot(entry->slot(), ended));
    }
    // True when all have ended by then.
    [[nodiscard]] net::awaitable<bool> join(net::deadline until) {
        if (state_->running.empty()) co_return true;
        co_return co_await state_->idle.wait(until);
    }
    void cancel() {
        for (auto at = state_->running.begin(); at != state_->running.end();) {
            auto& one = *at++;   // a task that ends inside emit() erases itself
            one.emit(net::asio::cancellation_type::all);
        }
    }

private:
    struct state {
        explicit state(net::asio::any_io_executor executor) : idle(executor) {}
        std::list<net::asio::cancellation_signal> running;
        net::signal idle;
    };
    net::asio::any_io_executor executor_;
    std::shared_ptr<state> state_;
};

}  // namespace ucsignin::signin
