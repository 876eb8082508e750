// The page of a report.
#include "report/html/frame.hpp"
#include "report/html/parts.hpp"
#include "report/layout.hpp"
#include "report/shown.hpp"

namespace ucsignin::report {
namespace {

using namespace html;

struct place {
    literal link;
    std::string_view name;
};
constexpr place places[] = {{"#answer"_m, "Answer"},       {"#chart"_m, "Chart"},         {"#timeline"_m, "Timeline"},
                            {"#messages"_m, "Messages"},   {"#decisions"_m, "Decisions"}, {"#tables"_m, "Tables"},
                            {"#reference"_m, "Reference"}, {"#steps"_m, "Steps"}};

// What only a script can do is made by the script.
void write_top(markup& to, const report& r) {
    to << "<a class=\"skip\" href=\"#answer\">To the answer</a>\n<header class=\"top\"><p class=\"whose\"><b>"_m
       << r.tool_name << "</b> "_m << r.tool_version << " <span>"_m << r.facts.sip_uri << "</span> <span>"_m
       << r.trace.started_at << "</span>"_m;
    if (r.mode != "live") to << " <span class=\"mode\">"_m << r.mode << "</span>"_m;
    to << "</p><nav aria-label=\"Sections\">"_m;
    for (const auto& [link, name] : places) to << "<a href=\""_m << link << "\">"_m << name << "</a>"_m;
    to << "</nav></header>\n"_m;
}

}  // namespace

std::string to_html(const report& as_read) {
    const auto r = shown(as_read);
    const material m(r);
    markup page;
    begin_page(page, r.facts.sip_uri + " " + r.trace.started_at + " - ucsignin", scripted::yes);
    write_shapes(page);
    write_top(page, r);
    page << "<main>\n"_m;
    for (const auto write :
         {write_answer, write_findings, write_chart, write_timeline, write_ladder, write_decisions, write_tables,
          write_reference, write_steps}) {
        write(page, m);
        page << "\n"_m;
    }
    end_page(page, scripted::yes);
    return std::move(page).take();
}

}  // namespace ucsignin::report
