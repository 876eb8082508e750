#pragma once
// Options that say who is told what happens in a run.

#include <CLI/CLI.hpp>
#include <string>

namespace ucsignin::cmd {

struct event_options {
    std::string log, log_level = "info", progress = "auto";
};

void add_log_options(CLI::App& sub, event_options& o);
void add_progress_option(CLI::App& sub, event_options& o);

}  // namespace ucsignin::cmd
