#include "manual.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

#include "ucsignin/report.hpp"

namespace ucsignin::cmd {
namespace {

// mdoc wants a line a sentence, none longer than 80 bytes, and takes a dot in front for a macro.
constexpr int longest_line = 78;

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\') out += "\\e";
        else out += c;
    }
    return out;
}

std::string guarded(const std::string& line) {
    return line.starts_with('.') || line.starts_with('\'') ? "\\&" + line : line;
}

// Each paragraph of the text.
std::string paragraph(std::string_view text) {
    std::string out;
    for (auto rest = std::string(text); !rest.empty();) {
        const auto end = rest.find(". ");
        const auto sentence = rest.substr(0, end == std::string::npos ? end : end + 1);
        rest = end == std::string::npos ? "" : rest.substr(end + 2);
        const auto lines = report::wrapped(escaped(sentence), "", "", longest_line);
        for (std::size_t at = 0; at < lines.size();) {
            const auto line_end = lines.find('\n', at);
            out += guarded(lines.substr(at, line_end - at)) + "\n";
            at = line_end + 1;
        }
    }
    return out;
}

std::string literal(std::string_view text) {
    std::string out = ".Bd -literal\n";
    for (auto rest = text; !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        out += guarded(escaped(line)) + "\n";
    }
    return out + ".Ed\n";
}

std::string in_capitals(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

std::string argument_of(const option_row& o) { return o.value.empty() ? "" : " Ar " + o.value; }

std::string names_of(const option_row& o) {
    if (!o.place.empty()) return "Ar " + o.place;
    const auto shorter = o.short_name.empty() ? "" : "Fl " + o.short_name.substr(1);
    const auto longer = o.long_name.empty() ? "" : "Fl " + o.long_name.substr(1);
    return shorter + (shorter.empty() || longer.empty() ? "" : " , ") + longer + argument_of(o);
}

std::string list_of(const std::vector<option_row>& options) {
    std::string out = ".Bl -tag -width Ds\n";
    for (const auto& o : options) out += ".It " + names_of(o) + "\n" + paragraph(o.description);
    return out + ".El\n";
}

std::string head(std::string_view page, std::string_view description, std::string_view date) {
    auto what = std::string(description);
    if (!what.empty()) what[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(what[0])));
    while (what.ends_with('.')) what.pop_back();
    return fmt::format(
        ".Dd {}\n.Dt {} 1\n.Os\n.Sh NAME\n.Nm {}\n.Nd {}\n", date, in_capitals(std::string(page)), page, escaped(what));
}

// Of a footer its examples: what stands before belongs to the description, what behind is said elsewhere.
struct footer_parts {
    std::string before, examples, behind;
};
footer_parts parts_of(const std::string& footer) {
    const auto mark = footer.find("Example");
    if (mark == std::string::npos) return {footer, {}, {}};
    const auto first = footer.find('\n', mark);
    if (first == std::string::npos) return {footer, {}, {}};
    const auto end = footer.find("\n\n", first);
    return {
        footer.substr(0, mark), footer.substr(first + 1, end == std::string::npos ? end : end - first - 1),
        end == std::string::npos ? "" : footer.substr(end + 2)};
}

std::string examples_section(const std::string& examples) {
    return examples.empty() ? "" : ".Sh EXAMPLES\n" + literal(examples);
}

constexpr auto settings_sections =
    ".Sh ENVIRONMENT\n"
    "An option of\n.Xr ucsignin-diagnose 1\nand\n.Xr ucsignin-lab 1\n"
    "that is not given is taken from the environment:\n"
    ".Ev UCSIGNIN_TIMEOUT\nfor\n.Fl -timeout ,\nand so on.\n"
    "No password is taken from there.\n"
    ".Bl -tag -width Ds\n"
    ".It Ev UCSIGNIN_CONFIG\nThe configuration file.\n"
    ".It Ev NO_COLOR\nNo colours, if it is set and not empty.\n"
    ".El\n"
    ".Sh FILES\n"
    ".Bl -tag -width Ds\n"
    ".It Pa $XDG_CONFIG_HOME/ucsignin/config.toml , ~/.config/ucsignin/config.toml\n"
    "Options that are given neither on the command line nor in the environment:\n"
    "sections named for a command, in them lines such as\n"
    ".Ql timeout = 20 .\n"
    ".El\n";

constexpr auto exit_section =
    ".Sh EXIT STATUS\n"
    ".Bl -tag -width Ds\n"
    ".It 0\nSigned in.\n"
    ".It 2\nSigned in, and there is a finding that --fail-on asks to count.\n"
    ".It 10 , 20 , 30 , 40 , 50\nNot signed in: ten times the stage in which it stopped.\n"
    ".It 64\nWrong usage.\n"
    ".It 65\nAn input file that can't be used.\n"
    ".It 70\nAn internal fault of the program.\n"
    ".It 74\nA report, a log or standard output could not be written.\n"
    ".It 130\nInterrupted before there was a result.\n"
    ".El\n";

std::string page_of(const command_row& command) { return "ucsignin-" + command.name; }

}  // namespace

std::string manual_of_program(const command_table& table, std::string_view date) {
    const auto footer = parts_of(table.examples);
    auto out = head("ucsignin", table.description, date);
    out += ".Sh SYNOPSIS\n.Nm\n.Ar command\n.Op Ar options\n.Sh DESCRIPTION\n" + paragraph(table.description) +
           ".Pp\nThe commands:\n.Bl -tag -width Ds\n";
    for (const auto& c : table.commands) out += fmt::format(".It Xr {} 1\n", page_of(c)) + paragraph(c.description);
    out += ".El\n.Pp\nThe options that stand in place of a command:\n" + list_of(table.options);
    return out + settings_sections + exit_section + examples_section(footer.examples);
}

std::string manual_of(const command_row& command, std::string_view date) {
    const auto footer = parts_of(command.examples);
    auto out = head(page_of(command), command.description, date);
    out += fmt::format(".Sh SYNOPSIS\n.Nm ucsignin {}\n", command.name);
    for (const auto& o : command.options)
        if (!o.place.empty()) out += fmt::format(".{} {}\n", o.required ? "Ar" : "Op Ar", o.place);
    out += ".Op Ar options\n.Sh DESCRIPTION\n" + paragraph(command.description + ".");
    if (!footer.before.empty()) out += ".Pp\n" + paragraph(footer.before);
    if (!footer.behind.empty()) out += ".Pp\n" + paragraph(footer.behind);
    out += ".Pp\nThe options:\n" + list_of(command.options);
    return out + examples_section(footer.examples) + ".Sh SEE ALSO\n.Xr ucsignin 1\n";
}

}  // namespace ucsignin::cmd
