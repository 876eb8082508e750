#include "report/html/reference.hpp"

#include <algorithm>
#include <span>

#include "diagnosis/entry_sections.hpp"
#include "report/html/frame.hpp"
#include "report/html/parts.hpp"
#include "ucsignin/explain.hpp"

namespace ucsignin::report {
namespace html {
namespace {

using is_here = std::function<bool(std::string_view)>;

// Ids are the only words with a hyphen that are in the catalogue.
void write_prose(markup& to, std::string_view text, const is_here& here) {
    constexpr std::string_view of_an_id = "abcdefghijklmnopqrstuvwxyz0123456789-";
    while (!text.empty()) {
        const auto begin = std::min(text.find_first_of(of_an_id), text.size());
        to << text.substr(0, begin);
        text.remove_prefix(begin);
        const auto word = text.substr(0, text.find_first_not_of(of_an_id));
        if (here(word)) to << "<a href=\"#"_m << word << "\"><code>"_m << word << "</code></a>"_m;
        else to << word;
        text.remove_prefix(word.size());
    }
}

void write_section(markup& to, const diagnosis::entry_section& section, const is_here& here) {
    to << "<h4>"_m << section.heading << "</h4>"_m;
    for (std::string_view rest = section.text; !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (!diagnosis::system_of(line).empty()) {
            write_commands(to, line);
            continue;
        }
        to << "<p>"_m;
        write_prose(to, line, here);
        to << "</p>"_m;
    }
}

void write_grounds(markup& to, const diagnosis::catalogue_entry& entry) {
    if (!entry.grounds.can_decide()) return;
    to << "<h4>Evidence that decides</h4><p>"_m;
    for (const auto* one : entry.grounds.any_of)
        if (one) to << "<code>"_m << one->name << "</code> "_m;
    to << "</p>"_m;
}

void write_nature(markup& to, const diagnosis::catalogue_entry& entry) {
    to << "<span class=\"severity "_m << to_string(entry.severity) << "\">"_m << to_string(entry.severity)
       << "</span> <code>"_m << entry.id << "</code>"_m;
}

// The place that links lead to is inside: a browser opens what is around it.
void write_folded(markup& to, const material& m, const diagnosis::catalogue_entry& entry) {
    to << "<details class=\"explains\"><summary>"_m;
    write_nature(to, entry);
    to << " "_m << diagnosis::readable(entry.title) << "</summary><div class=\"inside\" id=\""_m << entry.id << "\">"_m;
    write_sections(to, entry, [&m](std::string_view id) { return m.explains(id); });
    to << "</div></details>"_m;
}

void write_entry(markup& to, const diagnosis::catalogue_entry& entry, const is_here& here) {
    to << "<article class=\"explains\" id=\""_m << entry.id << "\"><h3>"_m << diagnosis::readable(entry.title)
       << "</h3><p>"_m;
    write_nature(to, entry);
    to << "</p>"_m;
    write_sections(to, entry, here);
    to << "</article>"_m;
}

using entries = std::span<const diagnosis::catalogue_entry>;

bool has_stage(entries all, int stage) {
    return std::ranges::find(all, stage, &diagnosis::catalogue_entry::stage) != all.end();
}

void write_stage(markup& to, entries all, int stage, const is_here& here) {
    if (!has_stage(all, stage)) return;
    to << "<section id=\"stage"_m << stage << "\" aria-labelledby=\"stage"_m << stage << "-h\"><h2 id=\"stage"_m
       << stage << "-h\">Stage "_m << stage << ", "_m << chart::stage_name(stage) << "</h2><p class=\"index\">"_m;
    for (const auto& entry : all)
        if (entry.stage == stage) to << "<a href=\"#"_m << entry.id << "\">"_m << entry.id << "</a> "_m;
    to << "</p>"_m;
    for (const auto& entry : all)
        if (entry.stage == stage) write_entry(to, entry, here);
    to << "</section>\n"_m;
}

}  // namespace

void write_sections(markup& to, const diagnosis::catalogue_entry& entry, const is_here& here) {
    for (const auto& section : diagnosis::sections_of(entry)) write_section(to, section, here);
    write_grounds(to, entry);
}

void write_reference(markup& to, const material& m) {
    to << "<section id=\"reference\" aria-labelledby=\"reference-h\"><h2 id=\"reference-h\">Reference</h2>"_m;
    if (m.reference.empty()) to << "<p>This run has no findings.</p></section>"_m;
    if (m.reference.empty()) return;
    to << "<p class=\"hint\">What the findings of this run mean, and what looks like them. All findings there are: "
          "<code>ucsignin explain --list --format html</code></p>"_m;
    for (const auto* entry : m.reference) write_folded(to, m, *entry);
    to << "</section>"_m;
}

}  // namespace html

std::string explain_as_html(std::span<const diagnosis::catalogue_entry> all) {
    using namespace html;
    const auto here = [all](std::string_view id) {
        return std::ranges::find(all, id, &diagnosis::catalogue_entry::id) != all.end();
    };
    markup page;
    begin_page(page, "Findings - ucsignin", scripted::no);
    page << "<header class=\"top\"><p class=\"whose\"><b>ucsignin</b> findings</p><nav aria-label=\"Stages\">"_m;
    for (int stage = 1; stage <= 5; ++stage)
        if (has_stage(all, stage))
            page << "<a href=\"#stage"_m << stage << "\">"_m << stage << " "_m << chart::stage_name(stage) << "</a>"_m;
    page << "</nav></header>\n<main><h1>What can be wrong with a sign-in</h1>\n"_m;
    for (int stage = 1; stage <= 5; ++stage) write_stage(page, all, stage, here);
    end_page(page, scripted::no);
    return std::move(page).take();
}

}  // namespace ucsignin::report
