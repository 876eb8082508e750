#include "progress.hpp"

namespace ucsignin::cmd {

using namespace std::chrono_literals;

progress::progress(host::output& to, report::text_style style, bool quiet)
    : to_(to), style_(style), quiet_(quiet), last_(std::chrono::steady_clock::now()), began_(last_) {
    if (!quiet && to.is_terminal()) ticker_ = std::jthread([this] { wait_and_tell(); });
}

progress::~progress() { stop(); }

void progress::show(const trace::span& ended) {
    if (quiet_) return;
    const auto line = report::live_line(ended, style_);
    {
        const std::lock_guard lock(mutex_);
        last_ = std::chrono::steady_clock::now();
        last_node_ = ended.node;
    }
    if (!line.empty()) to_.offer(line);
}

void progress::stop() {
    {
        const std::lock_guard lock(mutex_);
        done_ = true;
    }
    changed_.notify_all();
    if (ticker_.joinable()) ticker_.join();
    to_.clear();
}

// After a second of silence the terminal says that the run still waits, and for how long.
void progress::wait_and_tell() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, 500ms, [this] { return done_; })) {
        const auto now = std::chrono::steady_clock::now();
        if (now - last_ < 1s) continue;
        const auto so_far = std::chrono::duration<double>(now - began_).count();
        to_.show_for_now(fmt::format("  waiting, {:.0f} s so far (last: {}) ...", so_far, last_node_));
    }
}

}  // namespace ucsignin::cmd
