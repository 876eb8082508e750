#pragma once
// Questions in datagrams to one address, each asked again until it is answered, all from one socket: whoever answers
// takes them for one conversation. Nobody else's datagrams come through.

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "net/address.hpp"
#include "net/stream.hpp"

namespace ucsignin::net {

using datagram = std::vector<unsigned char>;

// What is asked after an answer, in all its forms; none: it was the last.
struct datagram_step {
    std::vector<datagram> forms;
    std::vector<datagram> farewell = {};  // what is sent once, for nobody to answer, where no answer to these comes
};

struct datagram_question {
    std::vector<datagram> forms;  // of the same question: all of them are sent each time
    std::function<bool(std::span<const unsigned char>)> is_answer;
    int most_sends = 3;
    std::chrono::milliseconds pause{500};  // between them; shorter where the deadline is nearer
    // Gets each answer; `is_answer` then judges by what it told. Without it there is one question.
    std::function<datagram_step(std::span<const unsigned char>)> next = {};
    std::optional<clock::duration> patience = {};  // with each question; the deadline bounds all of them
};

struct datagram_outcome {
    datagram answer;              // the last; empty when none came
    std::optional<error> failed;  // then: timed out, or what the way there or the host said (ICMP)
    int sends = 0;
    int strays = 0;          // that came from there and were no answer
    double answered_ms = 0;  // the first
};

[[nodiscard]] awaitable<datagram_outcome> exchange_datagrams(endpoint to, datagram_question what, deadline until);

}  // namespace ucsignin::net
