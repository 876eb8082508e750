#include "ucsignin/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <system_error>

namespace ucsignin::host {
namespace {

std::unexpected<file_error> failed(const std::string& path, const std::string& why, int code = 0) {
    return std::unexpected(file_error{path + ": " + why, code});
}
std::unexpected<file_error> failed(const std::string& path, int code) {
    return failed(path, std::generic_category().message(code), code);
}

std::string size_text(std::size_t bytes) {
    const bool whole = bytes >= (1u << 20);
    return std::to_string(whole ? bytes >> 20 : bytes >> 10) + (whole ? " MiB" : " KiB");
}

// Looked at before it is opened: opening a device may be heard by it (a watchdog, a tape).
enum class sort { readable, empty, refused };
sort sort_of(const struct stat& facts) {
    if (S_ISREG(facts.st_mode) || S_ISFIFO(facts.st_mode)) return sort::readable;
    const bool is_null = S_ISCHR(facts.st_mode) && facts.st_rdev == makedev(1, 3);
    return is_null ? sort::empty : sort::refused;
}

file_result<std::string> read_all(int descriptor, const std::string& name, input_limit limit) {
    std::string text;
    std::array<char, 16384> piece{};
    for (;;) {
        const auto got = ::read(descriptor, piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed(name, errno);
        if (got == 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(got));
        if (const auto end = limit.first_line ? text.find('\n') : std::string::npos; end != std::string::npos)
            text.resize(end);
        else if (text.size() <= limit.bytes) continue;
        if (text.size() > limit.bytes)
            return failed(
                name, (limit.first_line ? "its first line is longer than " : "longer than ") + size_text(limit.bytes));
        return text;
    }
}

file_result<std::string> in_time(
    std::function<file_result<std::string>()> read, const std::string& name, deadline until) {
    auto outcome = left_behind<file_result<std::string>>(std::move(read), until);
    return outcome ? std::move(*outcome) : failed(name, "it could not be read in the time given");
}

}  // namespace

file_result<std::string> read_file(const std::string& path, input_limit limit) {
    struct stat facts{};
    if (::stat(path.c_str(), &facts) != 0) return failed(path, errno);
    if (S_ISDIR(facts.st_mode)) return failed(path, EISDIR);
    const auto kind = sort_of(facts);
    if (kind == sort::refused) return failed(path, "is a device or a socket, not a file");
    if (kind == sort::empty) return std::string{};
    if (!limit.first_line && S_ISREG(facts.st_mode) && static_cast<std::uintmax_t>(facts.st_size) > limit.bytes)
        return failed(path, "longer than " + size_text(limit.bytes));
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) return failed(path, errno);
    auto text = read_all(descriptor, path, limit);
    ::close(descriptor);
    return text;
}

file_result<std::string> read_file(const std::string& path, input_limit limit, deadline until) {
    return in_time([path, limit] { return read_file(path, limit); }, path, until);
}

file_result<std::string> read_standard_input(input_limit limit) {
    return read_all(STDIN_FILENO, "standard input", limit);
}

file_result<std::string> read_standard_input(input_limit limit, deadline until) {
    return in_time([limit] { return read_standard_input(limit); }, "standard input", until);
}

}  // namespace ucsignin::host
