#include "host/keylog.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace ucsignin::host {

file_result<std::function<void(std::string_view)>> open_keylog(const std::string& file) {
    const auto failed = [&file] {
        return std::unexpected(file_error{file + ": " + std::generic_category().message(errno), errno});
    };
    const int handle = open(
        file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, S_IRUSR | S_IWUSR);
    if (handle < 0) return failed();
    const std::shared_ptr<const int> owner(new int(handle), [](const int* fd) {
        close(*fd);
        delete fd;
    });
    struct stat facts{};
    if (fstat(handle, &facts) != 0) return failed();
    if (!S_ISREG(facts.st_mode))
        return std::unexpected(file_error{file + ": is no file", 0});  // a FIFO would hold up who writes
    if (fchmod(handle, S_IRUSR | S_IWUSR) != 0) return failed();
    return [owner](std::string_view line) {
        const auto whole = std::string(line) + "\n";
        // A full disk loses the key log, not the sign-in.
        if (write(*owner, whole.data(), whole.size()) < 0) return;
    };
}

}  // namespace ucsignin::host
