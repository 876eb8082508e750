#include "commands.hpp"
#include "speak.hpp"
#include "ucsignin/chart.hpp"

namespace ucsignin::cmd {

action add_chart(CLI::App& app) {
    auto* sub = app.add_subcommand("chart", "Print the workflow chart: every decision point and its branches");
    auto format = std::make_shared<std::string>("text");
    sub->add_option("--format", *format, "text, mermaid, dot or json")
        ->check(CLI::IsMember({"text", "mermaid", "dot", "json"}));
    sub->footer("Example:\n  ucsignin chart --format dot | dot -Tsvg > chart.svg");
    return [format] {
        out().write(
            *format == "mermaid" ? chart::to_mermaid()
            : *format == "dot"   ? chart::to_dot()
            : *format == "json"  ? chart::to_json()
                                 : chart::to_text(true));
        return 0;
    };
}

}  // namespace ucsignin::cmd
