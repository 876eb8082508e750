#include "completions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>

namespace ucsignin::cmd {
namespace {

// What a finding's id and a page of the manual may be, the program itself is asked.
constexpr auto ids = "ucsignin explain --list 2>/dev/null | cut -d' ' -f1";

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

// The pages of the manual: the program's own, and one a command.
std::string pages(const command_table& table, std::string_view between) {
    std::string all = "ucsignin";
    for (const auto& c : table.commands) all += std::string(between) + c.name;
    return all;
}

std::vector<std::string> names_of(const option_row& o) {
    std::vector<std::string> names;
    if (!o.short_name.empty()) names.push_back(o.short_name);
    if (!o.long_name.empty()) names.push_back(o.long_name);
    return names;
}

std::string all_names(const std::vector<option_row>& options) {
    std::vector<std::string> names;
    for (const auto& o : options)
        if (o.place.empty()) names.push_back(o.long_name.empty() ? o.short_name : o.long_name);
    return fmt::format("{}", fmt::join(names, " "));
}

std::string all_commands(const command_table& table) {
    std::vector<std::string> names;
    for (const auto& c : table.commands) names.push_back(c.name);
    return fmt::format("{}", fmt::join(names, " "));
}

// -- bash --

std::string bash_values(const option_row& o, const command_table& table) {
    if (!o.words.empty()) return fmt::format("_ucsignin_words \"{}\"", fmt::join(o.words, " "));
    switch (o.kind) {
        case value_kind::file: return "_ucsignin_files";
        case value_kind::finding: return fmt::format("_ucsignin_words \"$({})\"", ids);
        case value_kind::page: return fmt::format("_ucsignin_words \"{}\"", pages(table, " "));
        default: return ":";  // whatever it is, nobody can guess it
    }
}

std::string bash_options(const command_row& c, const command_table& table) {
    std::string out;
    for (const auto& o : c.options) {
        if (o.value.empty() || !o.place.empty()) continue;
        std::vector<std::string> keys;
        for (const auto& name : names_of(o)) keys.push_back(fmt::format("'{} {}'", c.name, name));
        out += fmt::format("        {}) {}; return ;;\n", fmt::join(keys, " | "), bash_values(o, table));
    }
    return out;
}

std::string bash_command(const command_row& c, const command_table& table) {
    auto places = std::string(":");
    for (const auto& o : c.options)
        if (!o.place.empty()) places = bash_values(o, table);
    return fmt::format(
        "        {0}) if [[ $current == -* ]]; then _ucsignin_words \"{1}\"; else {2}; fi ;;\n", c.name,
        all_names(c.options), places);
}

// -- zsh --

std::string in_single_quotes(const std::string& text) { return "'" + replaced(text, "'", "'\\''") + "'"; }

std::string zsh_text(std::string text) {
    for (const auto* const special : {"\\", "[", "]", ":"}) text = replaced(text, special, std::string("\\") + special);
    return text;
}

std::string zsh_values(const option_row& o, const command_table& table) {
    if (!o.words.empty()) return fmt::format("({})", fmt::join(o.words, " "));
    switch (o.kind) {
        case value_kind::file: return "_files";
        case value_kind::finding: return fmt::format("{{compadd -- $({})}}", ids);
        case value_kind::page: return fmt::format("({})", pages(table, " "));
        default: return " ";
    }
}

std::string zsh_option(const option_row& o, const command_table& table) {
    if (!o.place.empty())
        return in_single_quotes(fmt::format("{}:{}:{}", o.required ? "1" : ":", o.place, zsh_values(o, table)));
    const auto argument = o.value.empty() ? "" : fmt::format(":{}:{}", o.value, zsh_values(o, table));
    const auto what = fmt::format("[{}]{}", zsh_text(o.description), argument);
    const auto names = names_of(o);
    const std::string takes = o.value.empty() ? "" : "=";
    if (o.repeatable) return in_single_quotes("*" + names.back() + takes + what);
    if (names.size() == 1) return in_single_quotes(names[0] + (names[0].starts_with("--") ? takes : "") + what);
    return fmt::format("'({0} {1})'{{{0},{1}{2}}}{3}", names[0], names[1], takes, in_single_quotes(what));
}

std::string zsh_command(const command_row& c, const command_table& table) {
    auto out = fmt::format("    {})\n      _arguments", c.name);
    for (const auto& o : c.options) out += " \\\n        " + zsh_option(o, table);
    return out + " ;;\n";
}

// -- fish --

std::string fish_text(const std::string& text) {
    return "'" + replaced(replaced(text, "\\", "\\\\"), "'", "\\'") + "'";
}

std::string fish_values(const option_row& o, const command_table& table) {
    if (!o.words.empty()) return fmt::format(" -x -a '{}'", fmt::join(o.words, " "));
    switch (o.kind) {
        case value_kind::none: return "";
        case value_kind::file: return " -r -F";
        case value_kind::finding: return fmt::format(" -x -a \"({})\"", ids);
        case value_kind::page: return fmt::format(" -x -a '{}'", pages(table, " "));
        default: return " -x";
    }
}

std::string fish_option(const option_row& o, const std::string& when, const command_table& table) {
    auto out = fmt::format("complete -c ucsignin -n {}", when);
    if (!o.place.empty())
        return o.kind == value_kind::text && o.words.empty()
                   ? ""
                   : out + replaced(replaced(fish_values(o, table), " -r", ""), " -x", " -f") + "\n";
    if (!o.short_name.empty()) out += " -s " + o.short_name.substr(1);
    if (!o.long_name.empty()) out += " -l " + o.long_name.substr(2);
    return out + fish_values(o, table) + " -d " + fish_text(o.description) + "\n";
}

// -- PowerShell --

std::string powershell_text(const std::string& text) { return "'" + replaced(text, "'", "''") + "'"; }

std::string powershell_rows(
    const std::vector<option_row>& options, const std::function<std::string(const option_row&)>& row) {
    std::string out;
    for (const auto& o : options)
        if (o.place.empty()) out += row(o);
    return out;
}

std::string powershell_words(const std::vector<std::string>& words) {
    std::vector<std::string> quoted;
    for (const auto& word : words) quoted.push_back(powershell_text(word));
    return fmt::format("{}", fmt::join(quoted, ", "));
}

std::string powershell_options(const command_row& c) {
    return fmt::format("        '{}' = [ordered]@{{\n", c.name) +
           powershell_rows(
               c.options,
               [](const option_row& o) {
                   const auto& name = o.long_name.empty() ? o.short_name : o.long_name;
                   return fmt::format("            '{}' = {}\n", name, powershell_text(o.description));
               }) +
           "        }\n";
}

std::string powershell_values(const command_row& c) {
    return powershell_rows(c.options, [&](const option_row& o) {
        return o.words.empty()
                   ? ""
                   : fmt::format("        '{} {}' = @({})\n", c.name, o.long_name, powershell_words(o.words));
    });
}

// What may stand in a command's place, as something to run. Of files, and of text that nobody can guess, nothing is
// said: the shell then offers files.
std::string powershell_places(const command_row& c, const command_table& table) {
    const auto offered = [&](const option_row& o) -> std::string {
        if (!o.words.empty()) return powershell_words(o.words);
        if (o.kind == value_kind::page) return "'" + pages(table, "', '") + "'";
        if (o.kind == value_kind::finding) return "& ucsignin explain --list | ForEach-Object { ($_ -split ' ')[0] }";
        return {};
    };
    std::string out;
    for (const auto& o : c.options) {
        const auto what = o.place.empty() ? "" : offered(o);
        if (!what.empty()) out += fmt::format("        '{}' = {{ {} }}\n", c.name, what);
    }
    return out;
}

constexpr auto powershell_script =
    R"script(# PowerShell completion of ucsignin: call it from $PROFILE. The project's tests compare it, they don't run it.
Register-ArgumentCompleter -Native -CommandName ucsignin -ScriptBlock {{
    param($wordToComplete, $commandAst, $cursorPosition)
    $commands = [ordered]@{{
{}    }}
    $options = @{{
{}    }}
    $values = @{{
{}    }}
    $places = @{{
{}    }}
    $words = @($commandAst.CommandElements | ForEach-Object {{ $_.ToString() }})
    $at = if ($wordToComplete) {{ $words.Count - 1 }} else {{ $words.Count }}
    $command = if ($at -gt 1) {{ $words[1] }} else {{ '' }}
    $key = "$command $($words[$at - 1])"
    $found = if (-not $command) {{ $commands }}
        elseif ($values.ContainsKey($key)) {{ $values[$key] }}
        elseif ($wordToComplete -like '-*') {{ $options[$command] }}
        elseif ($places.ContainsKey($command)) {{ & $places[$command] }}
    if ($found -is [System.Collections.IDictionary]) {{
        $found.GetEnumerator() | Where-Object {{ $_.Key -like "$wordToComplete*" }} | ForEach-Object {{
            [System.Management.Automation.CompletionResult]::new($_.Key, $_.Key, 'ParameterName', $_.Value)
        }}
    }} else {{
        $found | Where-Object {{ $_ -like "$wordToComplete*" }} | ForEach-Object {{
            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
        }}
    }}
}}
)script";

}  // namespace

std::string bash_completions(const command_table& table) {
    std::string values, commands;
    for (const auto& c : table.commands) {
        values += bash_options(c, table);
        commands += bash_command(c, table);
    }
    return fmt::format(
        R"script(# bash completion of ucsignin: source it, or put it where bash-completion looks

_ucsignin_words() {{ mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }}
_ucsignin_files() {{ compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current"); }}

_ucsignin() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command=${{COMP_WORDS[1]}}
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        _ucsignin_words "{} {}"
        return
    fi
    case "$command $before" in
{}    esac
    case "$command" in
{}    esac
}}
complete -F _ucsignin ucsignin
)script",
        all_commands(table), all_names(table.options), values, commands);
}

std::string zsh_completions(const command_table& table) {
    std::string described, commands;
    for (const auto& c : table.commands) {
        described += "    " + in_single_quotes(c.name + ":" + zsh_text(c.description)) + "\n";
        commands += zsh_command(c, table);
    }
    for (const auto& o : table.options)
        if (!o.long_name.empty())
            described += "    " + in_single_quotes(o.long_name + ":" + zsh_text(o.description)) + "\n";
    return fmt::format(
        R"script(#compdef ucsignin
# zsh completion of ucsignin: put it as _ucsignin into a folder of $fpath

_ucsignin() {{
  local -a commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
{}  esac
}}

if [ "$funcstack[1]" = _ucsignin ]; then _ucsignin "$@"; else compdef _ucsignin ucsignin; fi
)script",
        described, commands);
}

std::string fish_completions(const command_table& table) {
    std::string out =
        "# fish completion of ucsignin: put it as ucsignin.fish into a folder of $fish_complete_path\n"
        "complete -c ucsignin -f\n";
    for (const auto& o : table.options) out += fish_option(o, "__fish_use_subcommand", table);
    for (const auto& c : table.commands) {
        out += fmt::format(
            "complete -c ucsignin -n __fish_use_subcommand -a {} -d {}\n", c.name, fish_text(c.description));
        for (const auto& o : c.options)
            out += fish_option(o, fmt::format("'__fish_seen_subcommand_from {}'", c.name), table);
    }
    return out;
}

std::string powershell_completions(const command_table& table) {
    std::string commands, options, values, places;
    for (const auto& c : table.commands) {
        commands += fmt::format("        '{}' = {}\n", c.name, powershell_text(c.description));
        options += powershell_options(c);
        values += powershell_values(c);
        places += powershell_places(c, table);
    }
    for (const auto& o : table.options)
        if (!o.long_name.empty())
            commands += fmt::format("        '{}' = {}\n", o.long_name, powershell_text(o.description));
    return fmt::format(powershell_script, commands, options, values, places);
}

}  // namespace ucsignin::cmd
