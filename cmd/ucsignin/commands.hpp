#pragma once
// One function a subcommand: adds it to the command line; the returned callable runs it and gives the exit code.

#include <CLI/CLI.hpp>
#include <functional>

namespace ucsignin::cmd {

// Exit codes of contract that are not a diagnosis.
inline constexpr int usage_error = 64, bad_input = 65, our_fault = 70, cannot_write = 74;

class interrupts;

using action = std::function<int()>;
action add_diagnose(CLI::App& app, interrupts& watched);
action add_lab(CLI::App& app, interrupts& watched);
action add_chart(CLI::App& app);
action add_explain(CLI::App& app);
action add_render(CLI::App& app);
action add_mask(CLI::App& app);
action add_compare(CLI::App& app);
action add_completions(CLI::App& app);
action add_man(CLI::App& app);

}  // namespace ucsignin::cmd
