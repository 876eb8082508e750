// The page: one file that asks for nothing. Its policy lets only the style and the script run that are compiled in.
#include "report/html/assets.hpp"
#include "report/html/parts.hpp"
#include "report/layout.hpp"
#include "report/shown.hpp"

namespace ucsignin::report {
namespace {

using namespace html;

void write_head(markup& to, const report& r) {
    to << "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src "_m;
    to.asset(style_hash) << "; script-src "_m;
    to.asset(script_hash) << "; base-uri 'none'; form-action 'none'\">\n"
                             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                             "<meta name=\"color-scheme\" content=\"light dark\">\n"
                             "<link rel=\"icon\" href=\"data:,\">\n<title>"_m
                          << r.facts.sip_uri << " "_m << r.trace.started_at << " - ucsignin</title>\n<style>"_m;
    to.asset(page_style) << "</style></head>\n<body>\n"_m;
}

struct place {
    literal link;
    std::string_view name;
};
constexpr place places[] = {{"#answer"_m, "Answer"},     {"#chart"_m, "Chart"},         {"#timeline"_m, "Timeline"},
                            {"#messages"_m, "Messages"}, {"#decisions"_m, "Decisions"}, {"#tables"_m, "Tables"},
                            {"#steps"_m, "Steps"}};

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
    write_head(page, r);
    write_shapes(page);
    write_top(page, r);
    page << "<main>\n"_m;
    for (const auto write :
         {write_answer, write_findings, write_chart, write_timeline, write_ladder, write_decisions, write_tables,
          write_steps}) {
        write(page, m);
        page << "\n"_m;
    }
    page << "</main>\n<script>"_m;
    page.asset(page_script) << "</script>\n</body></html>\n"_m;
    return std::move(page).take();
}

}  // namespace ucsignin::report
