#include "report/layout.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "trace/visible.hpp"

namespace ucsignin::report {
namespace {

std::string_view next_word(std::string_view& text) {
    const auto begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    const auto end = std::min(text.find_first_of(" \t\r\n", begin), text.size());
    const auto word = text.substr(begin, end - begin);
    text.remove_prefix(end);
    return word;
}

std::string_view colour_of(trace::outcome o) {
    switch (o) {
        case trace::outcome::ok:
        case trace::outcome::expected: return "\x1b[32m";
        case trace::outcome::warning: return "\x1b[33m";
        case trace::outcome::failed:
        case trace::outcome::broken: return "\x1b[1;31m";
        case trace::outcome::not_run:
        case trace::outcome::unknown: return "\x1b[2m";
    }
    return "";
}

}  // namespace

std::size_t width(std::string_view text) {
    std::size_t columns = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = trace::character_at(text, at);
        columns += c.valid ? static_cast<std::size_t>(trace::columns_of(c.code)) : 1;
        at += c.length;
    }
    return columns;
}

std::string padded(std::string_view text, std::size_t columns) {
    const auto used = width(text);
    return std::string(text) + std::string(columns > used ? columns - used : 0, ' ');
}

std::string cut(std::string_view text, std::size_t columns) {
    if (width(text) <= columns) return std::string(text);
    const std::size_t keep = columns > 3 ? columns - 3 : 0;
    std::size_t at = 0;
    for (std::size_t used = 0; at < text.size();) {
        const auto c = trace::character_at(text, at);
        used += c.valid ? static_cast<std::size_t>(trace::columns_of(c.code)) : 1;
        if (used > keep) break;
        at += c.length;
    }
    while (at > 0 && text[at - 1] == ' ') --at;
    return std::string(text.substr(0, at)) + "...";
}

std::string wrapped(std::string_view text, std::string_view first, std::string_view rest, int columns) {
    const auto room = static_cast<std::size_t>(std::max(columns, 20));
    std::string out, line(first);
    bool empty = true;
    for (auto word = next_word(text); !word.empty(); word = next_word(text)) {
        if (!empty && width(line) + 1 + width(word) > room) {
            out += line + "\n";
            line = rest;
            empty = true;
        }
        line += (empty ? "" : " ") + std::string(word);
        empty = false;
    }
    return empty ? out : out + line + "\n";
}

std::string fact_text(const trace::span& s) {
    const auto* node = chart::find(s.node);
    const std::string title(node ? node->title : s.node);
    if (s.summary.empty()) return title;
    return s.summary.starts_with(title) ? s.summary : title + ": " + s.summary;
}

std::string duration_text(double ms) {
    return ms < 1000 ? fmt::format("{:.0f} ms", ms) : fmt::format("{:.2f} s", ms / 1000);
}

std::string clock_text(double ms) { return fmt::format("+{:.3f}s", ms / 1000); }

std::string_view outcome_text(trace::outcome o) {
    switch (o) {
        case trace::outcome::failed: return "FAILED";
        case trace::outcome::broken: return "BROKEN";
        case trace::outcome::not_run: return "not run";
        case trace::outcome::expected: return "as expected";
        default: return trace::to_string(o);
    }
}

std::string coloured(std::string_view text, trace::outcome o, const text_style& style) {
    if (!style.colour) return std::string(text);
    return std::string(colour_of(o)) + std::string(text) + "\x1b[0m";
}

std::string bold(std::string_view text, const text_style& style) {
    return style.colour ? "\x1b[1m" + std::string(text) + "\x1b[0m" : std::string(text);
}

}  // namespace ucsignin::report
