#pragma once
// How many connections are being served, for whoever waits until the last has gone. Counted by the lab's thread.

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace ucsignin::lab {

class visitors : public std::enable_shared_from_this<visitors> {
public:
    // The connection counts as served for as long as the returned object lives.
    [[nodiscard]] std::shared_ptr<void> enter() {
        {
            const std::lock_guard lock(mutex_);
            ++count_;
        }
        return {nullptr, [self = shared_from_this()](void*) { self->leave(); }};
    }
    void wait_until_gone(std::chrono::milliseconds longest) const {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, longest, [this] { return count_ == 0; });
    }

private:
    void leave() {
        const std::lock_guard lock(mutex_);
        --count_;
        changed_.notify_all();
    }
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    int count_ = 0;
};

}  // namespace ucsignin::lab
