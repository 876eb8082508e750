#pragma once
// The one way in which files are read that somebody names or that lie on this PC: never without an end. /dev/zero, a
// folder, a file of 10 GB, a FIFO that nobody writes to, a share that hangs: each ends as an error that names the file.

#include <string>

#include "host/waiting.hpp"

namespace ucsignin::host {

struct input_limit {
    std::size_t bytes = 1u << 20;
    bool first_line = false;  // no more than that is wanted: what stands behind it doesn't count
};

// Longest time for files that are read before a run begins.
inline constexpr std::chrono::seconds longest_read{5};

// A file or a pipe ("<(...)"); an empty text for /dev/null, an error for any other device. Blocks: on a loop, by
// run_blocking.
[[nodiscard]] file_result<std::string> read_file(const std::string& path, input_limit limit);
// The same with an end in time as well.
[[nodiscard]] file_result<std::string> read_file(const std::string& path, input_limit limit, deadline until);
// Standard input; as long as its writer takes.
[[nodiscard]] file_result<std::string> read_standard_input(input_limit limit);
[[nodiscard]] file_result<std::string> read_standard_input(input_limit limit, deadline until);

}  // namespace ucsignin::host
