// A file is there whole or not at all: a CI job that reads a report never sees half of one.
#include "ucsignin/files.hpp"

#include <cerrno>
#include <cstring>
#include <expected>
#include <filesystem>
#include <memory>

#include "host/flush.hpp"

namespace ucsignin::host {
namespace {

namespace fs = std::filesystem;

struct closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using file_handle = std::unique_ptr<std::FILE, closer>;

std::unexpected<std::string> failed(const std::string& path, std::string_view why) {
    return std::unexpected(path + ": " + std::string(why));
}

// Devices and pipes (/dev/stderr, /dev/null, a FIFO) are written to, never replaced.
bool is_replaceable(const fs::path& path) {
    std::error_code ignored;
    const auto status = fs::status(path, ignored);
    return !fs::exists(status) || fs::is_regular_file(status);
}

// Where a chain of links leads, though nothing be there yet: where open(2) would go. A link is never replaced.
std::expected<fs::path, std::error_code> end_of_links(fs::path at) {
    constexpr int most = 40;  // as the system
    std::error_code error;
    for (int i = 0; i < most && fs::is_symlink(fs::symlink_status(at, error)); ++i) {
        const auto next = fs::read_symlink(at, error);
        if (error) return std::unexpected(error);
        at = next.is_absolute() ? next : at.parent_path() / next;
    }
    if (fs::is_symlink(fs::symlink_status(at, error)))
        return std::unexpected(std::make_error_code(std::errc::too_many_symbolic_link_levels));
    return at;
}

std::expected<void, std::string> write_whole(
    const fs::path& path, std::string_view text, const std::string& shown, const char* mode) {
    errno = 0;
    file_handle file(std::fopen(path.c_str(), mode));
    if (!file) return failed(shown, std::strerror(errno));
    if (std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() || !flush_to_disk(file.get()))
        return failed(shown, std::strerror(errno));
    if (std::fclose(file.release()) != 0) return failed(shown, std::strerror(errno));
    return {};
}

}  // namespace

std::expected<void, std::string> write_file(const std::string& path, std::string_view text) {
    std::error_code error;
    if (fs::is_directory(path, error)) return failed(path, std::strerror(EISDIR));
    if (!is_replaceable(path)) return write_whole(path, text, path, "wb");
    const auto target = end_of_links(path);
    if (!target) return failed(path, target.error().message());
    const fs::path temporary = target->string() + ".partial";
    // A leftover of a run that was killed is no reason to fail; "x" then makes sure that the file is ours.
    fs::remove(temporary, error);
    auto written = write_whole(temporary, text, path, "wbx");
    if (written) {
        fs::rename(temporary, *target, error);
        if (error) written = failed(path, error.message());
    }
    if (!written) fs::remove(temporary, error);
    return written;
}

}  // namespace ucsignin::host
