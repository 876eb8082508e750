// Files for this account's eyes only, whole or not at all.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "host/host.hpp"
#include "host/linux/owned_fd.hpp"
#include "ucsignin/files.hpp"

namespace ucsignin::host {

namespace {

constexpr std::size_t most_bytes = 1u << 20;

std::string failed(const std::string& path) {
    return path + ": " + std::error_code{errno, std::generic_category()}.message();
}

}  // namespace

std::expected<std::string, std::string> read_private_file(const std::string& path) {
    auto text = read_file(path, {.bytes = most_bytes});
    if (text) return std::move(*text);
    const bool absent = text.error().code == ENOENT || text.error().code == ENOTDIR;
    return std::unexpected(absent ? std::string{} : text.error().detail);
}

std::expected<void, std::string> make_private_folder(const std::string& path) {
    std::error_code problem;
    std::filesystem::create_directories(std::filesystem::path{path}.parent_path(), problem);
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return std::unexpected(failed(path));
    struct stat facts = {};
    if (::stat(path.c_str(), &facts) != 0) return std::unexpected(failed(path));
    if (!S_ISDIR(facts.st_mode)) return std::unexpected(path + ": is not a folder");
    if ((facts.st_mode & 0077) != 0 && ::chmod(path.c_str(), 0700) != 0) return std::unexpected(failed(path));
    return {};
}

std::expected<void, std::string> write_private_file(const std::string& path, std::string_view text) {
    std::string name = path + ".XXXXXX";
    owned_fd file{::mkostemp(name.data(), O_CLOEXEC)};  // 0600
    if (!file) return std::unexpected(failed(path));
    bool whole = true;
    for (auto rest = text; !rest.empty() && whole;) {
        const auto written = ::write(file.get(), rest.data(), rest.size());
        whole = written > 0;
        if (whole) rest.remove_prefix(static_cast<std::size_t>(written));
    }
    if (whole && ::fsync(file.get()) == 0 && ::rename(name.c_str(), path.c_str()) == 0) return {};
    auto why = failed(path);
    ::unlink(name.c_str());
    return std::unexpected(std::move(why));
}

void remove_file(const std::string& path) { ::unlink(path.c_str()); }

}  // namespace ucsignin::host
