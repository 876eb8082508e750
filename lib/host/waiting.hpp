#pragma once
// What this module's coroutines and blocking reads are written in: Asio's awaitable, one clock, and an error that names
// the file.

#include <boost/asio/awaitable.hpp>

#include "ucsignin/files.hpp"

namespace ucsignin::host {

template <class T>
using awaitable = boost::asio::awaitable<T>;

}  // namespace ucsignin::host
