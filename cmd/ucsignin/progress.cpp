#include "progress.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "ucsignin/events.hpp"

namespace ucsignin::cmd {

using namespace std::chrono_literals;

progress::progress(host::output& to, report::text_style style, bool live, const signin::control& run)
    : to_(to), style_(style), run_(run) {
    if (live && to.redraws()) painter_ = std::jthread([this] { redraw_until_the_end(); });
}

progress::~progress() { stop(); }

void progress::on_span(const trace::span& ended) {
    const auto line = report::live_line(ended, style_);
    if (line.empty()) return;
    const std::lock_guard lock(mutex_);
    to_.offer(line);
    is_wiped_ = true;
}

void progress::stop() {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(done_, true)) return;
        to_.clear();
    }
    changed_.notify_all();
}

// As many lines as there is room for below a few of history; one, where hardly anything fits.
std::vector<std::string> progress::view() const {
    auto lines = report::live_view(run_.so_far().trace, to_.columns() - 1);
    constexpr int enough_rows = 10;
    if (to_.rows() >= enough_rows) return lines;
    const auto waits = std::ranges::find_if(lines, [](const auto& l) { return l.find(" waits for ") != l.npos; });
    return waits == lines.end() ? std::vector<std::string>{} : std::vector{*waits};
}

void progress::redraw_until_the_end() {
    std::vector<std::string> shown;
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, 200ms, [this] { return done_; })) {
        lock.unlock();
        auto now = view();
        lock.lock();
        if (done_ || now.empty() || (!is_wiped_ && now == shown)) continue;
        is_wiped_ = false;
        to_.show_for_now(now);
        shown = std::move(now);
    }
}

}  // namespace ucsignin::cmd
