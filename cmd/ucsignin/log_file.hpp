#pragma once
// --log: a file with a line an event, for this account's eyes only. Written by a thread of its own: a disk that is
// full, or that hangs, ends and holds up nothing. At 10 MB it becomes NAME.1.EXT, of which three are kept.

#include <chrono>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "ucsignin/events.hpp"

namespace ucsignin::cmd {

class log_file {
public:
    using clock = std::chrono::system_clock;

    // What is there already stays, and what is new is added. Lines below the level are left out. The error names the
    // file.
    [[nodiscard]] static std::expected<std::shared_ptr<log_file>, std::string> open(
        const std::string& path, report::log_level least);
    ~log_file();
    log_file(const log_file&) = delete;
    log_file& operator=(const log_file&) = delete;

    // The text is one visible line already. When too much waits, the oldest lines are lost, and counted.
    void write(clock::time_point when, report::log_level, std::string_view component, std::string_view text);

    // All that was written so far is in the file, or it is given up at the time given. What is wrong with the file, if
    // anything is; nothing is written any more.
    [[nodiscard]] std::string close(std::chrono::steady_clock::time_point until);

private:
    struct state;
    explicit log_file(std::shared_ptr<state> opened);
    std::shared_ptr<state> state_;
};

// What lies in linux/private_log.cpp. A file that is this account's alone is there afterwards; why not otherwise.
[[nodiscard]] std::string make_private(const std::string& path);
// Children don't get it.
void keep_from_children(std::FILE*) noexcept;

}  // namespace ucsignin::cmd
