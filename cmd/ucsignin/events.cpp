#include "events.hpp"

#include <utility>

#include "speak.hpp"
#include "ucsignin/events.hpp"

namespace ucsignin::cmd {
namespace {

class json_sink : public event_sink {
public:
    explicit json_sink(host::output& to) : to_(to) {}
    void on_span(const trace::span& s) override { to_.write(report::json_line(s)); }
    void on_message(const trace::message& m) override { to_.write(report::json_line(m)); }
    void on_end(const report::report& r, int code) override { to_.write(report::json_line(r, code)); }
    void on_failure(int code, const std::string& why) override { to_.write(report::json_line(code, why)); }

private:
    host::output& to_;
};

// Times count from the moment at which it is made.
class log_sink : public event_sink {
public:
    explicit log_sink(std::shared_ptr<log_file> to) : to_(std::move(to)) {}
    void on_span(const trace::span& s) override { write(report::log_lines(s)); }
    void on_message(const trace::message& m) override { write(report::log_lines(m)); }
    void on_end(const report::report& r, int code) override { write(report::log_lines(r, code)); }
    void on_failure(int code, const std::string& why) override {
        to_->write(
            log_file::clock::now(), report::log_level::error, "result", why + ", exit code " + std::to_string(code));
    }

private:
    void write(const std::vector<report::log_line>& lines) {
        for (const auto& line : lines) {
            const auto after = std::chrono::duration<double, std::milli>(line.time_ms);
            to_->write(
                began_ + std::chrono::duration_cast<log_file::clock::duration>(after), line.level, line.component,
                line.text);
        }
    }
    std::shared_ptr<log_file> to_;
    log_file::clock::time_point began_ = log_file::clock::now();
};

}  // namespace

template <class Tell>
void event_stream::tell(bool is_last, Tell what) {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    ended_ = is_last;
    for (const auto& one : sinks_) what(*one);
}

void event_stream::add(std::shared_ptr<event_sink> to) {
    const std::lock_guard lock(mutex_);
    sinks_.push_back(std::move(to));
}

signin::listeners event_stream::listeners() {
    return {
        [this](const trace::span& s) { tell(false, [&](event_sink& to) { to.on_span(s); }); },
        [this](const trace::message& m) { tell(false, [&](event_sink& to) { to.on_message(m); }); }};
}

void event_stream::end(const report::report& r, int exit_code) {
    tell(true, [&](event_sink& to) { to.on_end(r, exit_code); });
}

void event_stream::fail(int exit_code, const std::string& why) {
    tell(true, [&](event_sink& to) { to.on_failure(exit_code, why); });
}

std::expected<std::shared_ptr<log_file>, std::string> open_log(const event_options& o) {
    if (o.log.empty()) return nullptr;
    return log_file::open(o.log, report::log_level_from(o.log_level).value_or(report::log_level::info));
}

std::string event_stream::open(const event_options& o) {
    if (o.progress == "jsonl") add(std::make_shared<json_sink>(out()));
    auto opened = open_log(o);
    if (!opened) return opened.error();
    log_ = std::move(*opened);
    if (log_) add(std::make_shared<log_sink>(log_));
    return {};
}

std::string event_stream::close(std::chrono::steady_clock::time_point until) {
    const auto log = std::exchange(log_, nullptr);
    return log ? log->close(until) : "";
}

void add_log_options(CLI::App& sub, event_options& o) {
    auto* log = sub.add_option(
        "--log", o.log,
        "add a line an event to this file: decisions and messages as they happen; it is\nmade private, and a new one "
        "is begun at 10 MB");
    sub.add_option("--log-level", o.log_level, "debug, info, the default, warning or error")
        ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
        ->needs(log);
}

void add_progress_option(CLI::App& sub, event_options& o) {
    sub.add_option(
           "--progress", o.progress,
           "auto: on a terminal what each stage waits for, the default; lines: history only;\njsonl: JSON lines on "
           "standard output for a program, the last is the result")
        ->check(CLI::IsMember({"auto", "lines", "jsonl"}));
}

}  // namespace ucsignin::cmd
