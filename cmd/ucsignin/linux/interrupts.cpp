#include "interrupts.hpp"

#include <atomic>
#include <cstdlib>
#include <memory>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "commands.hpp"
#include "password_prompt.hpp"
#include "speak.hpp"

namespace ucsignin::cmd {
namespace {

using namespace std::chrono_literals;

constexpr auto glance = 50ms;
// Within a second of the second interrupt, and of the end of the run's total, the program is gone.
constexpr auto time_when_interrupted = 800ms, time_when_overdue = 250ms;

// What a terminal shows for now goes, if it takes that at once.
[[noreturn]] void leave_at_once(int code) {
    restore_terminal();
    for (auto* stream : {&out(), &err()}) {
        stream->clear();
        (void)stream->flush(std::chrono::steady_clock::now() + glance);
    }
    std::_Exit(code);
}

constexpr unsigned long bit_of(int signal) { return 1UL << (signal - 1); }
const unsigned long early_set = bit_of(SIGINT) | bit_of(SIGTERM) | bit_of(SIGHUP);  // as the kernel has it

// Loading and initializing 50 libraries takes some milliseconds. The loader calls this before any of them (and before
// what sanitizers need is there): an interrupt that comes meanwhile waits for main().
extern "C" __attribute__((no_sanitize("address", "undefined", "thread"))) void block_early(int, char**, char**) {
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, &early_set, nullptr, sizeof early_set);
}
[[gnu::section(".preinit_array"), gnu::used]] void (*const before_everything)(int, char**, char**) = block_early;

bool is_ignored(int signal) {
    struct sigaction now{};
    return sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

sigset_t block_interrupts() {
    sigset_t wanted;
    sigemptyset(&wanted);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        if (signal == SIGHUP && is_ignored(signal)) continue;
        std::signal(signal, SIG_DFL);  // a shell's background jobs are started with SIGINT ignored
        sigaddset(&wanted, signal);
    }
    pthread_sigmask(SIG_SETMASK, &wanted, nullptr);
    // Writing fails instead, and who writes says so: EPIPE, and EFBIG beyond `ulimit -f`.
    for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
    std::signal(SIGCHLD, SIG_DFL);  // started with it ignored, no helper's end could be waited for
    return wanted;
}

}  // namespace

void unblock_interrupts() {
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

interrupts::interrupts()
    : signals_(block_interrupts()), watcher_([this](const std::stop_token& until) { watch(until); }) {}

interrupts::~interrupts() = default;

void interrupts::follow(plan next) {
    const std::lock_guard lock(mutex_);
    plan_ = std::move(next);
}

void interrupts::stand_down() {
    const std::lock_guard lock(mutex_);
    plan_ = {};
}

bool interrupts::comes_within(std::chrono::milliseconds time) const {
    const timespec longest{.tv_sec = 0, .tv_nsec = std::chrono::nanoseconds(time).count()};
    return sigtimedwait(&signals_, nullptr, &longest) > 0;
}

void interrupts::watch(const std::stop_token& until) {
    while (!until.stop_requested()) {
        const bool one = comes_within(glance);
        const std::lock_guard lock(mutex_);
        if (one) on_interrupt();
        else if (plan_.is_overdue && plan_.is_overdue()) hurry_up(hurry::overdue);
    }
}

void interrupts::on_interrupt() {
    if (++seen_ == 1 && plan_.stop) return plan_.stop();
    hurry_up(hurry::second_interrupt);
}

void interrupts::hurry_up(hurry why) {
    if (!plan_.report_now) leave_at_once(interrupted);
    auto code = std::make_shared<std::atomic<int>>(-1);
    std::thread([code, why, report = plan_.report_now] { *code = report(why); }).detach();
    const auto until = std::chrono::steady_clock::now() +
                       (why == hurry::overdue ? time_when_overdue : time_when_interrupted);
    while (*code < 0 && std::chrono::steady_clock::now() < until)
        if (comes_within(5ms) && ++seen_ >= 3) leave_at_once(interrupted);
    leave_at_once(*code < 0 ? cannot_write : code->load());
}

}  // namespace ucsignin::cmd
