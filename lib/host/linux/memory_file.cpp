#include "host/memory_file.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace ucsignin::host {

std::expected<memory_file, std::string> memory_file::make(const std::string& name, std::string_view content) {
    const auto failed = [&name] {
        return std::unexpected("a file in memory for " + name + ": " + std::generic_category().message(errno));
    };
    memory_file file(::memfd_create(name.c_str(), MFD_CLOEXEC));
    if (file.descriptor_ < 0 || ::fchmod(file.descriptor_, S_IRUSR | S_IWUSR) != 0) return failed();
    while (!content.empty()) {
        const auto written = ::write(file.descriptor_, content.data(), content.size());
        if (written <= 0) return failed();
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return file;
}

memory_file::~memory_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

memory_file::memory_file(memory_file&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

memory_file& memory_file::operator=(memory_file&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

std::string memory_file::path() const {
    return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(descriptor_);
}

}  // namespace ucsignin::host
