// Text is queued and a thread writes it. The thread takes all that waits at once; while a write() hangs, more queues
// up: what must not be lost without a limit (a report has one of its own), progress up to `most_waiting`.

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "trace/visible.hpp"
#include "ucsignin/terminal.hpp"

namespace ucsignin::host {
namespace {

constexpr std::size_t most_waiting = 64u << 10;  // as much as a pipe holds

// Back to the first column of the first of so many rows; everything from there on is wiped.
std::string clear_rows(std::size_t rows) { return rows > 1 ? fmt::format("\r\x1b[{}A\x1b[J", rows - 1) : "\r\x1b[J"; }

std::size_t width(std::string_view text) {
    std::size_t columns = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = trace::character_at(text, at);
        columns += c.valid ? static_cast<std::size_t>(trace::columns_of(c.code)) : 1;
        at += c.length;
    }
    return columns;
}

bool is_dumb() {
    const char* kind = std::getenv("TERM");
    return kind == nullptr || *kind == '\0' || std::string_view(kind) == "dumb";
}

// False when the stream takes no more. Others may have made it non-blocking.
bool write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
        else if (written < 0 && errno == EAGAIN) {
            pollfd ready{descriptor, POLLOUT, 0};
            (void)::poll(&ready, 1, -1);
        } else if (written == 0 || errno != EINTR) return false;
    }
    return true;
}

}  // namespace

struct output::state {
    explicit state(int to) : descriptor(to), terminal(::isatty(to) == 1), redraws(terminal && !is_dumb()) {}

    const int descriptor;
    const bool terminal, redraws;
    std::mutex mutex;
    std::condition_variable changed;
    std::string waiting;
    std::size_t left_out = 0;
    bool busy = false, broken = false, started = false, colours = false;
    std::vector<std::size_t> shown_for_now;  // the lines' widths

    [[nodiscard]] winsize size() const {
        winsize now{};
        const bool says = terminal && ::ioctl(descriptor, TIOCGWINSZ, &now) == 0;
        if (!says || now.ws_col == 0) now.ws_col = 80;
        if (!says || now.ws_row == 0) now.ws_row = 24;
        return now;
    }

    // Rows that they take now: a terminal that was made narrower has broken them.
    [[nodiscard]] std::size_t shown_rows() const {
        const std::size_t columns = size().ws_col;
        std::size_t rows = 0;
        for (const auto width : shown_for_now) rows += std::max<std::size_t>((width + columns - 1) / columns, 1);
        return rows;
    }

    // Under the lock, as all below but write_on().
    void queue(std::string_view text) {
        if (broken) return;
        if (!shown_for_now.empty()) waiting += clear_rows(shown_rows());
        shown_for_now.clear();
        if (left_out > 0)
            waiting += fmt::format("... {} lines left out: nobody read them in time\n", std::exchange(left_out, 0));
        waiting += text;
    }

    void wake(const std::shared_ptr<state>& self) {
        changed.notify_all();
        if (started || waiting.empty()) return;
        started = true;
        sigset_t all, before;  // signals are other threads' business; a pipe that closed is an error here, no signal
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        std::optional<std::system_error> failed;
        try {
            std::thread([self] { self->write_on(); }).detach();
        } catch (const std::system_error& e) {
            failed = e;
        }
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        if (failed) broken = true;
    }

    void write_on() {
        std::unique_lock lock(mutex);
        for (;;) {
            changed.wait(lock, [this] { return !waiting.empty(); });
            const auto text = std::exchange(waiting, {});
            busy = true;
            lock.unlock();
            const bool taken = write_all(descriptor, text);
            lock.lock();
            busy = false;
            if (!taken) give_up();
            changed.notify_all();
        }
    }

    void give_up() {
        broken = true;
        waiting.clear();
    }

    [[nodiscard]] bool done() const { return broken || (waiting.empty() && !busy); }
};

std::string on_one_line(std::string_view text) { return trace::visible(text); }

output::output(int descriptor) : state_(std::make_shared<state>(descriptor)) {}
output::~output() = default;

void output::write(std::string_view text) {
    const std::lock_guard lock(state_->mutex);
    state_->queue(trace::visible_lines(text, state_->colours));
    state_->wake(state_);
}

void output::offer(std::string_view line) {
    const std::lock_guard lock(state_->mutex);
    auto& s = *state_;
    if (s.waiting.size() + line.size() > most_waiting) {
        ++s.left_out;
        return;
    }
    s.queue(trace::visible_lines(line, s.colours) + "\n");
    s.wake(state_);
}

void output::show_for_now(const std::vector<std::string>& lines) {
    const std::lock_guard lock(state_->mutex);
    auto& s = *state_;
    if (!s.redraws || !s.done()) return;
    std::string block;
    std::vector<std::size_t> widths;
    for (const auto& line : lines) {
        const auto shown = trace::visible(line);
        block += (widths.empty() ? "" : "\n") + shown;
        widths.push_back(width(shown));
    }
    s.queue(block);
    s.shown_for_now = std::move(widths);
    s.wake(state_);
}

void output::clear() {
    const std::lock_guard lock(state_->mutex);
    state_->queue("");
    state_->wake(state_);
}

bool output::flush(clock::time_point until) {
    std::unique_lock lock(state_->mutex);
    if (!state_->changed.wait_until(lock, until, [this] { return state_->done(); })) state_->give_up();
    return !state_->broken;
}

bool output::flush() {
    std::unique_lock lock(state_->mutex);
    state_->changed.wait(lock, [this] { return state_->done(); });
    return !state_->broken;
}

bool output::is_terminal() const { return state_->terminal; }

bool output::redraws() const { return state_->redraws; }

int output::columns() const { return state_->size().ws_col; }

int output::rows() const { return state_->size().ws_row; }

void output::allow_colours() {
    const std::lock_guard lock(state_->mutex);
    state_->colours = true;
}

output& standard_output() {
    static auto& out = *new output(STDOUT_FILENO);
    return out;
}

output& standard_error() {
    static auto& out = *new output(STDERR_FILENO);
    return out;
}

void hold_standard_descriptors() {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(descriptor, F_GETFD) >= 0) continue;
        (void)::open(
            "/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);  // takes the lowest that is free: this one
    }
}

}  // namespace ucsignin::host
