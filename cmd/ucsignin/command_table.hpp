#pragma once
// The command line as data, read off the tables that parse it: manual pages and completions are made from this, so that
// neither can know another option than the program does.

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ucsignin::cmd {

enum class value_kind { none, text, file, finding, page };  // finding: an id of the catalogue; page: of the manual

struct option_row {
    std::string short_name, long_name;  // "-q", "--quiet"; both empty for what has its place instead of a name
    std::string place;                  // "ADDRESS"
    std::string description;            // one line
    std::string value;                  // what it is called: "TEXT", "SECONDS"; empty for a flag
    value_kind kind = value_kind::none;
    std::vector<std::string> words;  // those that alone may stand there; empty: any
    bool required = false, repeatable = false;
};

struct command_row {
    std::string name, description, examples;
    std::vector<option_row> options;
};

struct command_table {
    std::string description, examples;
    std::vector<option_row> options;  // before a command
    std::vector<command_row> commands;
};

[[nodiscard]] command_table read_table(const CLI::App& app);

// What the parser can't tell of a value: that it names a file, a finding. For all commands at once.
void mark_values(CLI::App& app);

}  // namespace ucsignin::cmd
