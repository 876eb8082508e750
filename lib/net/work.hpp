#pragma once
// Blocking calls on a thread of their own, awaited with a deadline. At the deadline the caller goes on and the thread
// is left behind: what `work` captured must be owned by it (values, shared_ptr), nothing of the caller's frame.

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <exception>
#include <functional>
#include <mutex>
#include <system_error>
#include <thread>
#include <type_traits>
#include <variant>

#include "net/deadline.hpp"

namespace ucsignin::net {
namespace detail {

// Between the thread and the waiting coroutine. The way back is cut when the coroutine goes, so that a late thread
// never touches an executor that may be gone.
template <class T>
class blocking_work {
public:
    using value = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

    explicit blocking_work(std::function<void()> notify) : notify_(std::move(notify)) {}

    void run(const std::function<T()>& work) {
        std::optional<value> outcome;
        std::exception_ptr failure;
        try {
            if constexpr (std::is_void_v<T>) work(), outcome.emplace();
            else outcome.emplace(work());
        } catch (...) {
            failure = std::current_exception();
        }
        std::lock_guard const lock(mutex_);
        if (!notify_) return;
        outcome_ = std::move(outcome);
        failure_ = failure;
        notify_();
    }

    void abandon() {
        std::lock_guard const lock(mutex_);
        notify_ = nullptr;
    }

    // After the notification. An exception of the work is a bug and goes on to the caller.
    value take() {
        std::lock_guard const lock(mutex_);
        if (failure_) std::rethrow_exception(failure_);
        return std::move(*outcome_);
    }

private:
    std::mutex mutex_;
    std::function<void()> notify_;
    std::optional<value> outcome_;
    std::exception_ptr failure_;
};

template <class T>
class abandon_at_exit {
public:
    explicit abandon_at_exit(std::shared_ptr<blocking_work<T>> work) : work_(std::move(work)) {}
    ~abandon_at_exit() { work_->abandon(); }
    abandon_at_exit(const abandon_at_exit&) = delete;
    abandon_at_exit& operator=(const abandon_at_exit&) = delete;

private:
    std::shared_ptr<blocking_work<T>> work_;
};

}  // namespace detail

// fault::timed_out at the deadline, fault::other when no thread could be started.
template <class T>
[[nodiscard]] awaitable<result<T>> run_blocking(std::function<T()> work, deadline until) {
    auto const executor = co_await asio::this_coro::executor;
    signal done(executor);
    std::function<void()> notify = [executor, done]() mutable {
        asio::post(executor, [done]() mutable { done.set(); });
    };
    auto shared = std::make_shared<detail::blocking_work<T>>(std::move(notify));
    detail::abandon_at_exit<T> const leaving(shared);
    try {
        std::thread([shared, work = std::move(work)] { shared->run(work); }).detach();
    } catch (const std::system_error& failure) {
        co_return std::unexpected(
            error{fault::other, std::string("starting a thread: ") + failure.what(), failure.code().value()});
    }
    bool const returned = co_await done.wait(until);
    if (!returned)
        co_return std::unexpected(error{fault::timed_out, "a blocking call did not return in the time given", 0});
    if constexpr (std::is_void_v<T>) {
        shared->take();
        co_return result<void>{};
    } else {
        co_return shared->take();
    }
}

}  // namespace ucsignin::net
