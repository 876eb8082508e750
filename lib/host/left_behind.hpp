#pragma once
// A blocking call for code that has no loop to wait on (net/work.hpp is for coroutines): on a thread of its own, which
// is left behind at the deadline. What `work` captured must be owned by it.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "host/waiting.hpp"

namespace ucsignin::host {

// Nothing at the deadline, and when no thread could be started.
template <class T>
[[nodiscard]] std::optional<T> left_behind(std::function<T()> work, deadline until) {
    struct shared {
        std::mutex mutex;
        std::condition_variable done;
        std::optional<T> outcome;
    };
    const auto between = std::make_shared<shared>();
    try {
        std::thread([between, work = std::move(work)] {
            auto outcome = work();
            const std::lock_guard lock(between->mutex);
            between->outcome = std::move(outcome);
            between->done.notify_all();
        }).detach();
    } catch (const std::system_error&) {
        return std::nullopt;
    }
    std::unique_lock lock(between->mutex);
    between->done.wait_until(lock, until, [&] { return between->outcome.has_value(); });
    return std::move(between->outcome);
}

}  // namespace ucsignin::host
