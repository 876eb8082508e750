#include "host/flush.hpp"

#include <cerrno>
#include <unistd.h>

namespace ucsignin::host {

bool flush_to_disk(std::FILE* file) {
    if (std::fflush(file) != 0) return false;
    // Pipes and some file systems have no disk to wait for: EINVAL, EROFS are their way to say so.
    return ::fsync(::fileno(file)) == 0 || errno == EINVAL || errno == EROFS;
}

}  // namespace ucsignin::host
