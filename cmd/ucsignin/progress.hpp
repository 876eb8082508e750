#pragma once
// What a person sees of a run that goes on: history, a line a decision as it is made; below it, on a terminal that can
// be redrawn, a line a stage, what it waits for and for how long. Never waits for who reads it.

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "events.hpp"
#include "ucsignin/report.hpp"
#include "ucsignin/terminal.hpp"

namespace ucsignin::cmd {

class progress : public event_sink {
public:
    // Shows the run's stages as far as `live` says so.
    progress(host::output& to, report::text_style style, bool live, const signin::control& run);
    ~progress() override;
    void on_span(const trace::span&) override;
    void on_end(const report::report&, int) override { stop(); }
    void on_failure(int, const std::string&) override { stop(); }
    void stop();

private:
    void redraw_until_the_end();
    [[nodiscard]] std::vector<std::string> view() const;
    host::output& to_;
    report::text_style style_;
    const signin::control& run_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool done_ = false, is_wiped_ = true;  // by a line of the history
    std::jthread painter_;
};

}  // namespace ucsignin::cmd
