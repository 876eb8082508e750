#pragma once
// What a program needs of this PC to carry the library: the way out for its text, files in and out, and the helpers.

#include "ucsignin/files.hpp"
#include "ucsignin/terminal.hpp"

namespace ucsignin::host {

// What may hang or crash (audio libraries, proxy scripts) runs in a child process: the program that uses the library,
// started again with one hidden argument. So main() begins by this:
//     if (const auto helper = host::helper_of(argc, argv)) return helper();
// Without it the sign-in goes on, and reports that audio and proxy scripts told nothing.
using helper = int (*)();
[[nodiscard]] helper helper_of(int argc, const char* const* argv);  // nullptr: an ordinary start

// The library's threads wait for the system, they do not race for memory: a heap for each of them, as a C library may
// give it, only holds what nobody uses again (an eighth of a large sign-in's memory). To be called before the first.
void share_one_heap();

}  // namespace ucsignin::host
