#pragma once
// SIGINT, SIGTERM and SIGHUP, and the time that a run has, watched on a thread of its own: all this works while
// everything else is busy, or blocked.
//
//   no plan yet              the program ends at once with 130: no report is owed
//   the first interrupt      plan.stop: the run ends in order, and reports
//   the second, or overdue   plan.report_now, on yet another thread; the program ends when it is done, or its time is
//   over the third                the end, at once

#include <chrono>
#include <csignal>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace ucsignin::cmd {

inline constexpr int interrupted = 130;  // the exit code

// For a process that leaves signals as they are (a helper): they are blocked from before main() on.
void unblock_interrupts();

class interrupts {
public:
    enum class hurry { second_interrupt, overdue };
    struct plan {
        std::function<void()> stop;            // returns at once; none: the first interrupt is as the second
        std::function<int(hurry)> report_now;  // writes what is owed and gives the exit code; none: nothing is
        std::function<bool()> is_overdue;
    };

    // To be made first of all, on the main thread: other threads inherit what is blocked then. SIGHUP stays ignored
    // under nohup. SIGPIPE and SIGXFSZ are ignored from here on: writing fails with EPIPE or EFBIG.
    interrupts();
    ~interrupts();
    interrupts(const interrupts&) = delete;
    interrupts& operator=(const interrupts&) = delete;

    void follow(plan next);
    // Before what the plan refers to goes, and before the main thread ends the program. Does not return when a hurried
    // report is under way: that one ends it.
    void stand_down();

    // While it lives the plan is followed, whatever ends the scope that it refers to.
    class following {
    public:
        following(interrupts& by, plan first) : by_(by) { by_.follow(std::move(first)); }
        ~following() { by_.stand_down(); }
        following(const following&) = delete;
        following& operator=(const following&) = delete;

    private:
        interrupts& by_;
    };

private:
    void watch(const std::stop_token& until);
    void on_interrupt();
    [[noreturn]] void hurry_up(hurry why);
    [[nodiscard]] bool comes_within(std::chrono::milliseconds) const;

    sigset_t signals_;
    mutable std::mutex mutex_;  // held while a hurried report is under way
    plan plan_;
    int seen_ = 0;
    std::jthread watcher_;
};

}  // namespace ucsignin::cmd
