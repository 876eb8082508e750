// `ucsignin explain ID`: an entry of the catalogue as a page of at most 80 columns.
#include <fmt/format.h>

#include "diagnosis/entry_sections.hpp"
#include "ucsignin/chart.hpp"
#include "ucsignin/diagnosis.hpp"

namespace ucsignin::diagnosis {
namespace {

constexpr std::size_t columns = 80;

// Appends words, wrapped; lines after the first get `indent` spaces. A word longer than a line is split.
void wrap(std::string& out, std::string_view text, std::size_t indent, std::size_t first_column) {
    std::size_t column = first_column;
    while (!text.empty()) {
        const auto space = text.find(' ');
        auto word = text.substr(0, space);
        text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
        if (column > indent && column + word.size() + 1 > columns) {
            out += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (column > indent && column > first_column) {
            out += ' ';
            ++column;
        }
        while (column + word.size() > columns) {
            const auto room = columns - column;
            out += word.substr(0, room);
            out += "\n" + std::string(indent, ' ');
            word.remove_prefix(room);
            column = indent;
        }
        out += word;
        column += word.size();
    }
    out += '\n';
}

}  // namespace

std::string readable(std::string_view text) {
    std::string out(text);
    for (std::size_t open = out.find('{'); open != std::string::npos; open = out.find('{', open + 1)) {
        const auto close = out.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", open + 1);
        if (close == std::string::npos || out[close] != '}' || close == open + 1) continue;
        out[open] = '<';
        out[close] = '>';
    }
    return out;
}

std::string_view system_of(std::string_view line) {
    for (const std::string_view known : {"Windows", "Linux", "server"})
        if (line.starts_with(known) && line.substr(known.size()).starts_with(": ")) return known;
    return {};
}

std::vector<entry_section> sections_of(const catalogue_entry& entry) {
    std::vector<entry_section> all;
    const auto add = [&](std::string_view heading, std::string_view text) {
        if (!text.empty()) all.push_back({heading, readable(text)});
    };
    add("What it means", entry.meaning);
    add("Who repairs it", entry.who);
    add("What to do", entry.remedy);
    add("How to check", entry.check);
    add("What it is not", entry.look_alikes);
    add(entry.grounds.can_decide() ? "What makes it certain" : "Why it is never certain", entry.grounds.because);
    return all;
}

namespace {

void write(std::string& out, const entry_section& section) {
    out += fmt::format("\n{}\n", section.heading);
    std::string_view rest = section.text;
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        const auto line = rest.substr(0, end);
        out += "  ";
        wrap(out, line, system_of(line).empty() ? 2 : 4, 2);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
}

}  // namespace

std::string explain(const catalogue_entry& entry) {
    std::string out(entry.id);
    out += '\n';
    wrap(out, readable(entry.title), 0, 0);
    out += fmt::format("stage {} ({}), {}\n", entry.stage, chart::stage_name(entry.stage), to_string(entry.severity));
    for (const auto& section : sections_of(entry)) write(out, section);
    return out;
}

}  // namespace ucsignin::diagnosis
