#pragma once
// What c-ares asks of a platform where it lets others carry its bytes. Internal to net/.

#include <ares.h>
#include <sys/uio.h>

#include <cerrno>

namespace ucsignin::net {

// Where c-ares looks for the reason after one of its socket functions returned -1.
inline void set_socket_error(int code) { errno = code; }

}  // namespace ucsignin::net
