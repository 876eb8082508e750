// Reports that lie in files: shown again, or with personal data masked.

#include <cstdlib>

#include "commands.hpp"
#include "ucsignin/files.hpp"
#include "speak.hpp"
#include "ucsignin/report.hpp"

namespace ucsignin::cmd {
namespace {

host::file_result<std::string> read_report(const std::string& path) {
    const host::input_limit limit{.bytes = report::most_bytes};
    return path == "-" ? host::read_standard_input(limit)
                       : host::read_file(path, limit, host::clock::now() + host::longest_read);
}

std::optional<report::report> load(const std::string& path) {
    auto text = read_report(path);
    if (!text) {
        complain("{}", text.error().detail);
        return std::nullopt;
    }
    auto read = report::from_json(*text);
    if (read) return std::move(*read);
    complain(
        "{} is not a report of this program: {} {} (offset {})", path, read.error().where, read.error().what,
        read.error().offset);
    return std::nullopt;
}

}  // namespace

action add_render(CLI::App& app) {
    auto* sub = app.add_subcommand("render", "Show a JSON report as text; exits with the report's own code");
    auto file = std::make_shared<std::string>();
    auto style = std::make_shared<report::text_style>();
    sub->add_option("REPORT", *file, "JSON report, - for standard input")->required();
    sub->add_flag("-v,--verbose", style->verbose, "every step with its evidence");
    sub->footer("Example:\n  ucsignin render report.json");
    return [file, style] {
        const auto loaded = load(*file);
        if (!loaded) return bad_input;
        style->colour = out().is_terminal() && std::getenv("NO_COLOR") == nullptr;
        if (style->colour) out().allow_colours();
        out().write(report::to_text(*loaded, *style));
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
        auto loaded = load(*file);
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
