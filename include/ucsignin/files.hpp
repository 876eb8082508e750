#pragma once
// Files, in and out. They are read in one way, never without an end: /dev/zero, a folder, a file of 10 GB, a FIFO that
// nobody writes to, a share that hangs: each ends as an error that names the file. Written are files for people:
// reports.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace ucsignin::host {

using clock = std::chrono::steady_clock;
using deadline = clock::time_point;

struct file_error {
    std::string detail;  // "PATH: why"
    int code = 0;        // errno (ENOENT, ...) where the system said no
};
template <class T>
using file_result = std::expected<T, file_error>;

struct input_limit {
    std::size_t bytes = 1u << 20;
    bool first_line = false;  // no more than that is wanted: what stands behind it doesn't count
};

// Longest time for files that are read before a run begins.
inline constexpr std::chrono::seconds longest_read{5};

// A file or a pipe ("<(...)"); an empty text for /dev/null, an error for any other device. Blocks: on a loop, by
// run_blocking.
[[nodiscard]] file_result<std::string> read_file(const std::string& path, input_limit limit);
// The same with an end in time as well.
[[nodiscard]] file_result<std::string> read_file(const std::string& path, input_limit limit, deadline until);
// Standard input; as long as its writer takes.
[[nodiscard]] file_result<std::string> read_standard_input(input_limit limit);
[[nodiscard]] file_result<std::string> read_standard_input(input_limit limit, deadline until);

// Written whole: to a temporary name beside it, then renamed. The error names the file.
[[nodiscard]] std::expected<void, std::string> write_file(const std::string& path, std::string_view text);

// A blocking call for code that has no loop to wait on: on a thread of its own, which is left behind at the deadline.
// What `work` captured must be owned by it. Nothing at the deadline, and when no thread could be started.
template <class T>
[[nodiscard]] std::optional<T> left_behind(std::function<T()> work, deadline until) {
    struct shared {
        std::mutex mutex;
        std::condition_variable done;
        std::optional<T> outcome;
    };
    const auto between = std::make_shared<shared>();
    try {
        std::thread([between, work = std::move(work)] {
            auto outcome = work();
            const std::lock_guard lock(between->mutex);
            between->outcome = std::move(outcome);
            between->done.notify_all();
        }).detach();
    } catch (const std::system_error&) {
        return std::nullopt;
    }
    std::unique_lock lock(between->mutex);
    between->done.wait_until(lock, until, [&] { return between->outcome.has_value(); });
    return std::move(between->outcome);
}

}  // namespace ucsignin::host
