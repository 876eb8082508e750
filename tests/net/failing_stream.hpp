#pragma once
// Fails the N-th operation of all that share one `harm`: streams, and whatever else a test counts by it.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/stream.hpp"

namespace ucsignin::net::test {

enum class harm_kind {
    none,
    cut,      // the connection is reset
    stall,    // nothing comes or goes on it any more
    garble,   // the middle of the bytes is changed, as a broken box does it
    call_out  // nothing happens to it; the test is told
};

struct harm {
    harm_kind kind = harm_kind::none;
    std::size_t nth = 0;                                     // from 1
    std::function<void()> called;                            // with call_out, just before the operation
    std::function<bool(const std::string& whose)> counts{};  // none: all that is done
    std::size_t seen = 0;
    std::string hit;      // the operation that it fell on: "read fe01:5061"
    std::string where;    // and whose it was
    bool noting = false;  // from when on what is done is noted
    std::vector<std::string> noted{};

    [[nodiscard]] bool falls_on(const std::string& what, const std::string& of_whom);
};

[[nodiscard]] std::string garbled(std::string bytes);

[[nodiscard]] stream_ptr fail_at(stream_ptr inner, std::shared_ptr<harm> by, std::string of_whom);

}  // namespace ucsignin::net::test
