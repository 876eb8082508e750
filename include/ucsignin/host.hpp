#pragma once
// What a program needs of this PC to carry the library: the way out for its text, files in and out, and the helpers.

#include <cstddef>
#include <string_view>

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

// As many files and sockets at once as a large sign-in may need, where the system lets this process raise its limit;
// how many there may be now.
std::size_t allow_open_files();

// glibc ends the process at the first look-up when a search domain is longer than any name: the whole process is kept
// from such settings. To be called before other threads start.
void keep_look_ups_alive();
// Whether one of the search domains of this resolv.conf is longer than any name.
[[nodiscard]] bool has_endless_search_domain(std::string_view resolv_conf);

}  // namespace ucsignin::host
