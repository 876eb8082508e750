#include "ucsignin/compare.hpp"

#include "commands.hpp"
#include "report_file.hpp"
#include "speak.hpp"

namespace ucsignin::cmd {

action add_compare(CLI::App& app) {
    auto* sub = app.add_subcommand(
        "compare", "Say what changed between two JSON reports; exits with 0 when they are the same, else with 1");
    struct options {
        std::string before, after, format = "text";
        bool verbose = false;
    };
    auto o = std::make_shared<options>();
    sub->add_option("BEFORE", o->before, "JSON report of a run that worked, - for standard input")->required();
    sub->add_option("AFTER", o->after, "JSON report of a run that did not")->required();
    sub->add_option("--format", o->format, "what to show it as")
        ->check(CLI::IsMember({"text", "json", "html"}))
        ->capture_default_str();
    sub->add_flag("-v,--verbose", o->verbose, "text: every difference with its evidence");
    sub->footer(
        "Examples:\n  ucsignin compare worked.json fails.json\n"
        "  ucsignin compare worked.json fails.json --format html > changed.html");
    return [o] {
        if (o->before == "-" && o->after == "-") {
            complain("standard input holds one report only");
            return usage_error;
        }
        const auto before = load_report(o->before);
        const auto after = before ? load_report(o->after) : std::nullopt;
        if (!after) return bad_input;
        const auto found = report::compare(*before, *after);
        report::text_style style{.verbose = o->verbose};
        out().write(
            o->format == "json"   ? report::to_json(found)
            : o->format == "html" ? report::to_html(found)
                                  : report::to_text(found, style));
        return found.same() ? 0 : 1;
    };
}

}  // namespace ucsignin::cmd
