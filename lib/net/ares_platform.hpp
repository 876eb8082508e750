#pragma once
// What c-ares asks of a platform where it lets others carry its bytes. Internal to net/.

#include <ares.h>

#ifdef _WIN32
// c-ares' own definition there, which its headers don't show.
struct iovec {
    void* iov_base;
    std::size_t iov_len;
};
#else
#include <sys/uio.h>

#include <cerrno>
#endif

namespace ucsignin::net {

// Where c-ares looks for the reason after one of its socket functions returned -1.
inline void set_socket_error(int code) {
#ifdef _WIN32
    WSASetLastError(code);
#else
    errno = code;
#endif
}

}  // namespace ucsignin::net
