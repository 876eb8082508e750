#pragma once
// A line a decision as it happens, and on a terminal a sign of life while nothing does.

#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string>
#include <thread>

#include "ucsignin/report.hpp"

namespace ucsignin::cmd {

class progress {
public:
    progress(FILE* to, report::text_style style, bool quiet);
    ~progress();
    void show(const trace::span& ended);
    void stop();

private:
    void wait_and_tell();
    void clear();
    FILE* to_;
    report::text_style style_;
    bool quiet_, animated_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::chrono::steady_clock::time_point last_, began_;
    std::string last_node_;
    bool waiting_shown_ = false, done_ = false;
    std::jthread ticker_;
};

}  // namespace ucsignin::cmd
