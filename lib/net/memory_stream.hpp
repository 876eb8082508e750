#pragma once
// Two streams joined in memory, for tests: what is written to one is read from the other. Each end can be told to fail
// or to stall at its N-th operation, so that a test can sweep N over a whole exchange.

#include <boost/asio/any_io_executor.hpp>
#include <utility>

#include "net/stream.hpp"

namespace ucsignin::net {

struct memory_script {
    std::size_t fail_at = 0;         // the 1-based operation (read_some or write) that fails; 0: none
    fault fail_with = fault::reset;  // fault::timed_out: it stalls until its deadline. Later operations fare likewise.
    std::size_t longest_read = 0;    // bytes a read_some gives at most; 0: as many as there are
};

[[nodiscard]] std::pair<stream_ptr, stream_ptr> make_memory_pair(
    asio::any_io_executor executor, memory_script first = {}, memory_script second = {});

}  // namespace ucsignin::net
