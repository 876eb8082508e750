#pragma once
// This program, run again as a helper that may hang or crash without harm.

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "host/host.hpp"

namespace ucsignin::host {

struct child_call {
    std::string executable;
    std::string argument;            // the hidden argument that main() knows
    std::string input;               // its standard input
    std::string name;                // for people: "audio probe"
    std::string when_late;           // what a missed deadline means
    std::size_t longest_output = 0;  // bytes
};

// What the child printed, or one line that says why there is nothing. At the deadline, or when the coroutine is
// destroyed, the child is killed. May return up to 50 ms late, to collect it.
[[nodiscard]] awaitable<std::expected<std::string, std::string>> run_child(child_call call, deadline until);

}  // namespace ucsignin::host
