#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "log_file.hpp"

namespace ucsignin::cmd {
namespace {

std::string refusal_of(int file) {
    const auto why = [] { return std::generic_category().message(errno); };
    struct stat facts{};
    if (::fstat(file, &facts) != 0) return why();
    if (!S_ISREG(facts.st_mode)) return "is no file";  // a FIFO would hold up who writes
    return ::fchmod(file, S_IRUSR | S_IWUSR) == 0 ? "" : why();
}

}  // namespace

std::string make_private(const std::string& path) {
    const int file = ::open(
        path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, S_IRUSR | S_IWUSR);
    if (file < 0) return errno == ELOOP ? "is a symbolic link" : std::generic_category().message(errno);
    auto refusal = refusal_of(file);
    ::close(file);
    return refusal;
}

void keep_from_children(std::FILE* file) noexcept {
    if (const int fd = ::fileno(file); fd >= 0) (void)::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

}  // namespace ucsignin::cmd
