#pragma once
// What this module's coroutines and blocking reads are written in: Asio's awaitable, one clock, and an error that names
// the file.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <expected>
#include <string>

namespace ucsignin::host {

template <class T>
using awaitable = boost::asio::awaitable<T>;
using clock = std::chrono::steady_clock;
using deadline = clock::time_point;

struct file_error {
    std::string detail;  // "PATH: why"
    int code = 0;        // errno (ENOENT, ...) where the system said no
};
template <class T>
using file_result = std::expected<T, file_error>;

}  // namespace ucsignin::host
