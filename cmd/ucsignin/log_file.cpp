// The one file that knows spdlog: compiling it takes a while.
#include "log_file.hpp"

#include <cstdio>
#include <fmt/format.h>
#include <mutex>
#include <spdlog/async.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <utility>

#include "ucsignin/files.hpp"

namespace ucsignin::cmd {
namespace {

constexpr std::size_t most_bytes = 10u << 20, most_old_files = 3, most_waiting = 8192;

spdlog::level::level_enum level_of(report::log_level l) {
    switch (l) {
        case report::log_level::debug: return spdlog::level::debug;
        case report::log_level::info: return spdlog::level::info;
        case report::log_level::warning: return spdlog::level::warn;
        case report::log_level::error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

// Each file that it begins is private from its first moment.
spdlog::file_event_handlers private_files() {
    spdlog::file_event_handlers on;
    on.before_open = [](const spdlog::filename_t& path) { (void)make_private(path); };
    on.after_open = [](const spdlog::filename_t&, std::FILE* file) { keep_from_children(file); };
    return on;
}

}  // namespace

struct log_file::state {
    std::string path;
    std::shared_ptr<spdlog::details::thread_pool> writer;
    std::shared_ptr<spdlog::async_logger> logger;
    std::mutex mutex;
    std::string fault;  // the first

    void note(const std::string& what) {
        const std::lock_guard lock(mutex);
        if (fault.empty()) fault = what;
    }
    [[nodiscard]] std::string noted() {
        const std::lock_guard lock(mutex);
        return fault;
    }
};

std::expected<std::shared_ptr<log_file>, std::string> log_file::open(const std::string& path, report::log_level least) {
    if (auto why = make_private(path); !why.empty()) return std::unexpected(path + ": " + why);
    try {
        auto made = std::make_shared<state>();
        made->path = path;
        auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_st>(
            path, most_bytes, most_old_files, false, private_files());
        made->writer = std::make_shared<spdlog::details::thread_pool>(most_waiting, 1);
        made->logger = std::make_shared<spdlog::async_logger>(
            "", std::move(sink), made->writer, spdlog::async_overflow_policy::overrun_oldest);
        made->logger->set_level(level_of(least));
        made->logger->flush_on(spdlog::level::trace);
        made->logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %-7l %v", spdlog::pattern_time_type::utc);
        made->logger->set_error_handler([to = std::weak_ptr(made)](const std::string& what) {
            if (const auto at = to.lock()) at->note(what);
        });
        return std::shared_ptr<log_file>(new log_file(std::move(made)));
    } catch (const spdlog::spdlog_ex& failed) {
        return std::unexpected(path + ": " + failed.what());
    }
}

log_file::log_file(std::shared_ptr<state> opened) : state_(std::move(opened)) {}

log_file::~log_file() = default;

void log_file::write(
    clock::time_point when, report::log_level level, std::string_view component, std::string_view text) {
    state_->logger->log(when, spdlog::source_loc{}, level_of(level), fmt::format("{} {}", component, text));
}

std::string log_file::close(std::chrono::steady_clock::time_point until) {
    const auto lost = state_->writer->overrun_counter();
    // The pool's end waits for all that is queued.
    const auto written = host::left_behind<bool>(
        [pool = std::exchange(state_->writer, nullptr)]() mutable {
            pool.reset();
            return true;
        },
        until);
    if (!written) return state_->path + ": nothing takes the rest of the log";
    if (const auto fault = state_->noted(); !fault.empty()) return "the log is incomplete: " + fault;
    return lost > 0 ? fmt::format("{}: {} lines are missing, it was too slow", state_->path, lost) : "";
}

}  // namespace ucsignin::cmd
