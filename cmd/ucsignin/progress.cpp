#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace ucsignin::cmd {

using namespace std::chrono_literals;

progress::progress(FILE* to, report::text_style style, bool quiet)
    : to_(to), style_(style), quiet_(quiet), animated_(!quiet && isatty(fileno(to))), last_(std::chrono::steady_clock::now()), began_(last_) {
    if (animated_) ticker_ = std::jthread([this] { wait_and_tell(); });
}

progress::~progress() { stop(); }

void progress::show(const trace::span& ended) {
    if (quiet_) return;
    const auto line = report::live_line(ended, style_);
    const std::lock_guard lock(mutex_);
    last_ = std::chrono::steady_clock::now();
    last_node_ = ended.node;
    if (line.empty()) return;
    clear();
    fmt::print(to_, "{}\n", line);
    std::fflush(to_);
}

void progress::stop() {
    {
        const std::lock_guard lock(mutex_);
        done_ = true;
        clear();
    }
    changed_.notify_all();
    if (ticker_.joinable()) ticker_.join();
}

// After a second of silence the terminal says that the run still waits, and for how long.
void progress::wait_and_tell() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, 500ms, [this] { return done_; })) {
        const auto now = std::chrono::steady_clock::now();
        if (now - last_ < 1s) continue;
        clear();
        fmt::print(to_, "  waiting, {:.0f} s so far (last: {}) ...", std::chrono::duration<double>(now - began_).count(), last_node_);
        std::fflush(to_);
        waiting_shown_ = true;
    }
}

void progress::clear() {
    if (!waiting_shown_) return;
    fmt::print(to_, "\r\033[K");
    waiting_shown_ = false;
}

}  // namespace ucsignin::cmd
