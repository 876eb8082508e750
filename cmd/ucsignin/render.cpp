// Reports that lie in files: shown again, or with personal data masked.

#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <iterator>
#include <unistd.h>

#include "commands.hpp"
#include "ucsignin/report.hpp"

namespace ucsignin::cmd {
namespace {

std::expected<std::string, std::string> read_all(const std::string& path) {
    if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
    std::ifstream in(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(in), {});
    if (!in.good() && !in.eof()) return std::unexpected("cannot read " + path);
    return text;
}

std::optional<report::report> load(const std::string& path) {
    const auto text = read_all(path);
    if (!text) {
        fmt::print(stderr, "ucsignin: {}\n", text.error());
        return std::nullopt;
    }
    auto read = report::from_json(*text);
    if (read) return std::move(*read);
    fmt::print(stderr, "ucsignin: {} is no report of this program: {} {} (offset {})\n", path, read.error().where, read.error().what, read.error().offset);
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
        style->colour = isatty(STDOUT_FILENO) && std::getenv("NO_COLOR") == nullptr;
        fmt::print("{}", report::to_text(*loaded, *style));
        return loaded->verdict.exit_code;
    };
}

action add_mask(CLI::App& app) {
    auto* sub = app.add_subcommand("mask", "Replace names, addresses and hosts in a report, the same one by the same mask");
    auto file = std::make_shared<std::string>();
    auto out = std::make_shared<std::string>("-");
    sub->add_option("REPORT", *file, "JSON report, - for standard input")->required();
    sub->add_option("-o,--output", *out, "where to write it; - for standard output")->capture_default_str();
    sub->footer("Example:\n  ucsignin mask report.json -o report-masked.json");
    return [file, out] {
        const auto loaded = load(*file);
        if (!loaded) return bad_input;
        const auto masked = report::to_json(report::mask(*loaded));
        if (*out == "-") {
            fmt::print("{}", masked);
            return 0;
        }
        if (const auto written = report::write_file(*out, masked); !written) {
            fmt::print(stderr, "ucsignin: {}\n", written.error());
            return cannot_write;
        }
        return 0;
    };
}

}  // namespace ucsignin::cmd
