#pragma once
// The one thing that a portable file can't do: be sure that it is on the disk.

#include <cstdio>

namespace ucsignin::host {

// Flushes the buffer and asks the system to store the file. False: errno says why.
[[nodiscard]] bool flush_to_disk(std::FILE*);

}  // namespace ucsignin::host
