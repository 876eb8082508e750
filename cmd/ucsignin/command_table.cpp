#include "command_table.hpp"

#include <algorithm>
#include <array>
#include <ranges>

namespace ucsignin::cmd {
namespace {

constexpr std::string_view file = "FILE";
constexpr std::array<std::string_view, 16> naming_files{
    "--password-file",
    "--proxy-password-file",
    "--ca-file",
    "--keylog",
    "--scenario",
    "--lab-record",
    "--json",
    "--html",
    "--junit",
    "--markdown",
    "--log",
    "--config",
    "--output",
    "REPORT",
    "A",
    "B"};

std::string on_one_line(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    return text;
}

// "TEXT:{auto,ntlm}": the words between the braces.
std::vector<std::string> words_in(std::string_view type) {
    const auto open = type.find('{'), close = type.find('}');
    std::vector<std::string> words;
    if (open == std::string_view::npos || close == std::string_view::npos) return words;
    for (const auto part : type.substr(open + 1, close - open - 1) | std::views::split(','))
        words.emplace_back(part.begin(), part.end());
    return words;
}

value_kind kind_of(const option_row& o) {
    if (o.value.empty()) return value_kind::none;
    if (o.value == file) return value_kind::file;
    if (o.place == "ID") return value_kind::finding;
    return o.place == "PAGE" ? value_kind::page : value_kind::text;
}

option_row row_of(const CLI::Option& o) {
    option_row row;
    if (!o.get_snames().empty()) row.short_name = "-" + o.get_snames().front();
    if (!o.get_lnames().empty()) row.long_name = "--" + o.get_lnames().front();
    if (o.get_positional()) row.place = o.get_name(true);
    row.description = on_one_line(o.get_description());
    const auto type = o.get_items_expected_max() == 0 ? "" : o.get_type_name();
    row.words = words_in(type);
    // "FLOAT:SECONDS": a check of our own says what it takes.
    row.value = row.words.empty() ? type.substr(type.rfind(':') + 1) : type.substr(0, type.find(':'));
    row.kind = kind_of(row);
    row.required = o.get_required();
    row.repeatable = o.get_items_expected_max() > 1;
    return row;
}

std::vector<option_row> rows_of(const CLI::App& app) {
    std::vector<option_row> rows;
    for (const auto* option : app.get_options())
        if (!option->get_group().empty()) rows.push_back(row_of(*option));  // others are hidden
    return rows;
}

}  // namespace

command_table read_table(const CLI::App& app) {
    command_table table{app.get_description(), app.get_footer(), rows_of(app), {}};
    for (const auto* sub : app.get_subcommands(nullptr))
        table.commands.push_back(
            {sub->get_name(), on_one_line(sub->get_description()), sub->get_footer(), rows_of(*sub)});
    return table;
}

void mark_values(CLI::App& app) {
    for (auto* sub : app.get_subcommands(nullptr))
        for (const auto name : naming_files)
            if (auto* option = sub->get_option_no_throw(std::string(name))) option->type_name(std::string(file));
}

}  // namespace ucsignin::cmd
