#pragma once
// A file for other programs of this account that lives in memory: it has a path as long as this process lives, and is
// gone with it, even if that is killed. For what must not be left lying about.

#include <expected>
#include <string>
#include <string_view>

namespace ucsignin::host {

class memory_file {
public:
    // The error is one line.
    [[nodiscard]] static std::expected<memory_file, std::string> make(
        const std::string& name, std::string_view content);
    ~memory_file();
    memory_file(memory_file&&) noexcept;
    memory_file& operator=(memory_file&&) noexcept;

    // "/proc/4711/fd/7"; mode 0600.
    [[nodiscard]] std::string path() const;

private:
    explicit memory_file(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

}  // namespace ucsignin::host
