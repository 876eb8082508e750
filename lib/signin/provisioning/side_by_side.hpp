#pragma once
// Several looks of one request at once: what they write into, and the wait for all of them.

#include <cstddef>
#include <utility>

#include "net/deadline.hpp"

namespace ucsignin::signin::provisioning {

// Shared with the looks, which may outlive the wait for them by a moment.
template <class Seen>
class side_by_side {
public:
    side_by_side(net::asio::any_io_executor executor, Seen at_first)
        : seen(std::move(at_first)), changed_(std::move(executor)) {}
    Seen seen;

    void one_begins() { ++running_; }
    void one_has_ended() {
        --running_;
        changed_.set();
    }
    // They end by themselves at `until`, and say what they waited for: so a moment longer.
    net::awaitable<void> all_have_ended(net::deadline until) {
        until += std::chrono::milliseconds(50);
        for (bool in_time = true; running_ > 0 && in_time;) {
            in_time = co_await changed_.wait(until);
            changed_.reset();
        }
    }

private:
    std::size_t running_ = 0;
    net::signal changed_;
};

}  // namespace ucsignin::signin::provisioning
