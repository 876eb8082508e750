#pragma once
// A line a decision as it happens, and on a terminal a sign of life while nothing does. Never waits for who reads it.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "ucsignin/terminal.hpp"
#include "ucsignin/report.hpp"

namespace ucsignin::cmd {

class progress {
public:
    progress(host::output& to, report::text_style style, bool quiet);
    ~progress();
    void show(const trace::span& ended);
    void stop();

private:
    void wait_and_tell();
    host::output& to_;
    report::text_style style_;
    bool quiet_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::chrono::steady_clock::time_point last_, began_;
    std::string last_node_;
    bool done_ = false;
    std::jthread ticker_;
};

}  // namespace ucsignin::cmd
