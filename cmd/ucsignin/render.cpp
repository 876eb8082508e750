// Reports that lie in files: shown again, or with personal data masked.

#include <cstdlib>

#include "commands.hpp"
#include "forms.hpp"
#include "policy_options.hpp"
#include "report_file.hpp"
#include "ucsignin/files.hpp"
#include "speak.hpp"
#include "ucsignin/report.hpp"

namespace ucsignin::cmd {
action add_render(CLI::App& app) {
    auto* sub = app.add_subcommand(
        "render", "Show a JSON report as text or in another form; exits with the report's own code");
    auto file = std::make_shared<std::string>();
    auto style = std::make_shared<report::text_style>();
    sub->add_option("REPORT", *file, "JSON report, - for standard input")->required();
    auto format = std::make_shared<std::string>("text");
    sub->add_option("--format", *format, "what to show it as")
        ->check(CLI::IsMember(form_names()))
        ->capture_default_str();
    auto counted = std::make_shared<policy_options>();
    add_options(*sub, *counted);
    sub->add_flag("-v,--verbose", style->verbose, "text: every step with its evidence");
    sub->footer("Examples:\n  ucsignin render report.json\n  ucsignin render --format json report.json");
    return [file, format, counted, style] {
        const auto policy = policy_of(*counted);
        if (!policy) {
            complain("{}", policy.error());
            return usage_error;
        }
        auto loaded = load_report(*file);
        if (!loaded) return bad_input;
        report::apply(*policy, *loaded);
        style->colour = *format == "text" && out().is_terminal() && std::getenv("NO_COLOR") == nullptr;
        if (style->colour) out().allow_colours();
        out().write(find_form(*format)->written(*loaded, *style));
        return loaded->verdict.exit_code;
    };
}

action add_mask(CLI::App& app) {
    auto* sub = app.add_subcommand(
        "mask", "Replace names, addresses and hosts in a report, each by the same mask throughout");
    auto file = std::make_shared<std::string>();
    auto to = std::make_shared<std::string>("-");
    sub->add_option("REPORT", *file, "JSON report, - for standard input")->required();
    sub->add_option("-o,--output", *to, "where to write it; - for standard output")->capture_default_str();
    sub->footer("Example:\n  ucsignin mask report.json -o report-masked.json");
    return [file, to] {
        auto loaded = load_report(*file);
        if (!loaded) return bad_input;
        const auto masked = report::to_json(report::mask(std::move(*loaded)));
        if (*to == "-") {
            out().write(masked);
            return 0;
        }
        if (const auto written = host::write_file(*to, masked); !written) {
            complain("{}", written.error());
            return cannot_write;
        }
        return 0;
    };
}

}  // namespace ucsignin::cmd
