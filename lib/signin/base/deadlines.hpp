#pragma once
// One deadline model: a total, and shares of it for each kind of wait. With the default total of 30 s a SIP answer
// gets 10 s; tests run with 300 ms. --stay comes on top of the total from the moment of being signed in, and signing
// out has a time of its own, so that no run leaves an endpoint behind because its time was spent.

#include <algorithm>
#include <atomic>
#include <chrono>

#include "net/stream.hpp"

namespace ucsignin::signin {

class deadlines {
public:
    explicit deadlines(std::chrono::duration<double> total)
        : total_(std::chrono::duration_cast<net::clock::duration>(total)), end_(net::clock::now() + total_) {}

    // Signed in, and asked to stay. Any thread may ask for the total meanwhile.
    void extend(net::clock::duration by) { end_ = end_.load() + by; }

    [[nodiscard]] net::deadline total() const { return end_; }
    [[nodiscard]] net::deadline sign_out() const {
        const auto now = net::clock::now();
        return std::min(now + std::chrono::seconds(2), std::max(total(), now) + past_the_end);
    }
    // 800 ms from the interrupt.
    [[nodiscard]] static net::deadline hurried_sign_out() { return net::clock::now() + std::chrono::milliseconds(800); }
    // When all is over.
    [[nodiscard]] net::deadline due() const { return total() + past_the_end; }
    [[nodiscard]] net::deadline dns() const { return share(6); }
    [[nodiscard]] net::deadline connect() const { return share(6); }
    [[nodiscard]] net::deadline tls() const { return share(6); }
    [[nodiscard]] net::deadline http() const { return share(4); }
    [[nodiscard]] net::deadline sip() const { return share(3); }
    // For what a sign-in does not depend on (5 s by default): the answer of a partner's servers, say.
    [[nodiscard]] net::deadline afterthought() const { return share(6); }
    [[nodiscard]] net::deadline devices() const { return share(6); }
    // 4 s by default, so that a network in which everything is lost is named within 15 s.
    [[nodiscard]] net::deadline second_round() const {
        return std::min(share(6), std::max(share(12), net::clock::now() + std::chrono::seconds(4)));
    }
    // For a look at something that shows itself at once, or not at all (0.5 s by default).
    [[nodiscard]] net::deadline glance() const { return share(60); }
    // What a candidate gets before the next in order may be taken (2 s by default), from when it was begun.
    [[nodiscard]] net::deadline grace(net::deadline since = net::clock::now()) const {
        return std::min(total(), since + total_ / 15);
    }

private:
    [[nodiscard]] net::deadline share(int parts) const { return std::min(total(), net::clock::now() + total_ / parts); }
    static constexpr auto past_the_end = std::chrono::milliseconds(
        500);  // of the second by which a run may outlive its total
    net::clock::duration total_;
    std::atomic<net::deadline> end_;
};

}  // namespace ucsignin::signin
