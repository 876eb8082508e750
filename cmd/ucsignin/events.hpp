#pragma once
// What happens in a run, told as it happens: the one place through which it goes to the terminal, to the log and to
// programs that wrap this one. Nothing comes after the end, whichever thread told that.

#include <chrono>
#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "event_options.hpp"
#include "log_file.hpp"
#include "ucsignin/report.hpp"
#include "ucsignin/terminal.hpp"
#include "ucsignin/watch.hpp"

namespace ucsignin::cmd {

// Never waits for whoever reads what it writes.
class event_sink {
public:
    virtual ~event_sink() = default;
    virtual void on_span(const trace::span&) {}
    virtual void on_message(const trace::message&) {}
    virtual void on_end(const report::report&, int /*exit_code*/) {}
    virtual void on_failure(int /*exit_code*/, const std::string& /*why*/) {}  // no run came about
};

// The log that the options ask for; none: they don't. The error names the file.
[[nodiscard]] std::expected<std::shared_ptr<log_file>, std::string> open_log(const event_options&);

class event_stream {
public:
    // What the options ask for: log and JSON lines. The error names the file.
    [[nodiscard]] std::string open(const event_options&);
    void add(std::shared_ptr<event_sink> to);
    [[nodiscard]] signin::listeners listeners();
    void end(const report::report&, int exit_code);
    void fail(int exit_code, const std::string& why);
    // After the end: the log is in its file by then, or given up. What is wrong with it, if anything is.
    [[nodiscard]] std::string close(std::chrono::steady_clock::time_point until);

private:
    template <class Tell>
    void tell(bool is_last, Tell what);
    std::vector<std::shared_ptr<event_sink>> sinks_;
    std::mutex mutex_;
    bool ended_ = false;
    std::shared_ptr<log_file> log_;
};

}  // namespace ucsignin::cmd
