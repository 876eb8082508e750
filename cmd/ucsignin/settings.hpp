#pragma once
// Options that were not typed: from the environment (UCSIGNIN_TIMEOUT), then from the configuration file. What was
// typed stands over both, also where it rules an option out.

#include <CLI/CLI.hpp>
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ucsignin::cmd {

struct setting {
    std::vector<std::string> values;
    std::string origin;  // "FILE, line 3: timeout" or "UCSIGNIN_TIMEOUT": for an error
};
using settings = std::map<std::string, setting>;  // by the option's long name without dashes

// The section of one command. An error says which line is wrong, and why. `sections` are the names that a section may
// have; the options' names are checked by apply_settings().
[[nodiscard]] std::string read_config(
    std::string_view text, const std::string& file, const std::string& command,
    const std::vector<std::string>& sections, settings& into);

// For each option of a parsed command that was not typed. `what` of the later ones counts where the first has nothing.
// An error names the origin.
[[nodiscard]] std::string apply_settings(CLI::App& command, const std::vector<settings>& in_order);

// $UCSIGNIN_CONFIG, $XDG_CONFIG_HOME/ucsignin/config.toml or ~/.config/ucsignin/config.toml; "" where nothing says so.
[[nodiscard]] std::string usual_config();

struct settings_fault {
    int code = 0;  // the exit code
    std::string what;
};
void add_config_option(CLI::App& command, std::string& file);
// All of it, for a command that was parsed. `typed`: --config.
[[nodiscard]] settings_fault settle(
    CLI::App& command, const std::string& typed, const std::vector<std::string>& sections);

}  // namespace ucsignin::cmd
