#pragma once
// What happens in a run, while it happens, as text: lines of a log, JSON lines, the view of a terminal. Pure functions;
// what servers say is made visible, and every line has an end.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ucsignin/report.hpp"

namespace ucsignin::report {

enum class log_level { debug, info, warning, error };
inline constexpr std::string_view log_levels[] = {"debug", "info", "warning", "error"};
[[nodiscard]] std::optional<log_level> log_level_from(std::string_view);

struct log_line {
    log_level level = log_level::info;
    double time_ms = 0;     // on the trace's clock
    std::string component;  // the node with its stage before the dot, or protocol and server
    std::string text;
};
inline constexpr std::size_t longest_log_line = 1000;  // characters of the text

// A step's fact; at level debug, each option that was looked at, and what was noted.
[[nodiscard]] std::vector<log_line> log_lines(const trace::span& ended);
// A message's first line; at level debug, its headers.
[[nodiscard]] std::vector<log_line> log_lines(const trace::message&);
// How the run ended: the root causes, and the exit code of the process.
[[nodiscard]] std::vector<log_line> log_lines(const report& ended, int exit_code);

// One JSON object in one line, with the line's end; "type" is span, message or result. A span and a message have the
// keys that they have in a report, the result those of "result" there.
[[nodiscard]] std::string json_line(const trace::span& ended);
[[nodiscard]] std::string json_line(const trace::message&);
[[nodiscard]] std::string json_line(const report& ended, int exit_code);
// The result of a run that never began.
[[nodiscard]] std::string json_line(int exit_code, std::string_view why);

// A line a stage: what it waits for and for how long, or what came of it. `now` is a snapshot of the recorder's, in
// which what is under way counts as interrupted at its end. Lines are at most `columns` wide.
[[nodiscard]] std::vector<std::string> live_view(trace::record now, int columns);

}  // namespace ucsignin::report
