#include "net/deadline.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <vector>

namespace ucsignin::net {

namespace {

// Lives in the frame of a wait(). `woken` is kept apart from the flag: set() may be followed by reset() before we run.
struct waiter {
    asio::steady_timer timer;
    bool woken = false;
};

class registration {
public:
    registration(std::vector<waiter*>& list, waiter* one) : list_(list), one_(one) { list_.push_back(one); }
    ~registration() { std::erase(list_, one_); }
    registration(const registration&) = delete;
    registration& operator=(const registration&) = delete;

private:
    std::vector<waiter*>& list_;
    waiter* one_;
};

}  // namespace

struct signal::state {
    asio::any_io_executor executor;
    bool set = false;
    std::vector<waiter*> waiters;
};

signal::signal(asio::any_io_executor executor) : state_(std::make_shared<state>(std::move(executor))) {}

void signal::set() {
    state_->set = true;
    for (auto* each : state_->waiters) {
        each->woken = true;
        each->timer.cancel();
    }
}

void signal::reset() { state_->set = false; }

bool signal::is_set() const { return state_->set; }

awaitable<bool> signal::wait(deadline until) {
    auto const kept = state_;
    if (kept->set) co_return true;
    if (clock::now() >= until) co_return false;  // or whoever is woken again and again would outrun the timer
    waiter self{asio::steady_timer(kept->executor, until)};
    registration const waiting(kept->waiters, &self);
    co_await self.timer.async_wait(asio::as_tuple(asio::use_awaitable));
    end_if_cancelled(co_await asio::this_coro::cancellation_state);
    co_return self.woken;
}

awaitable<void> pass_time(deadline until) {
    auto const executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, until);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    end_if_cancelled(co_await asio::this_coro::cancellation_state);
}

}  // namespace ucsignin::net
