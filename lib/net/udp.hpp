#pragma once
// A question in datagrams to one address, asked again until it is answered. Nobody else's datagrams come through.

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "net/address.hpp"
#include "net/stream.hpp"

namespace ucsignin::net {

using datagram = std::vector<unsigned char>;

struct datagram_question {
    std::vector<datagram> forms;  // of the same question: all of them are sent each time
    std::function<bool(std::span<const unsigned char>)> is_answer;
    int most_sends = 3;
    std::chrono::milliseconds pause{500};  // between them; shorter where the deadline is nearer
};

struct datagram_outcome {
    datagram answer;              // empty when none came
    std::optional<error> failed;  // then: timed out, or what the way there or the host said (ICMP)
    int sends = 0;
    int strays = 0;  // that came from there and were no answer
    double answered_ms = 0;
};

[[nodiscard]] awaitable<datagram_outcome> exchange_datagrams(endpoint to, datagram_question what, deadline until);

}  // namespace ucsignin::net
