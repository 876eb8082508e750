#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fmt/format.h>
#include <memory>
#include <sstream>
#include <string_view>

#include "commands.hpp"
#include "host/pac.hpp"
#include "interrupts.hpp"
#include "report/layout.hpp"

using namespace ucsignin;

namespace {

// CLI11 breaks no lines.
class help_text : public CLI::Formatter {
public:
    std::string make_option_desc(const CLI::Option* option) const override { return narrow(option->get_description()); }
    std::string make_subcommand(const CLI::App* sub) const override {
        std::ostringstream out;
        CLI::detail::format_help(out, sub->get_display_name(true), narrow(sub->get_description()), get_column_width());
        return out.str();
    }

private:
    [[nodiscard]] std::string narrow(const std::string& text) const {
        constexpr int terminal = 80;
        auto lines = report::wrapped(text, "", "", terminal - static_cast<int>(get_column_width()));
        if (!lines.empty()) lines.pop_back();   // the last line's end
        return lines;
    }
};

int run(int argc, char** argv, cmd::interrupts& watched) {
    CLI::App app{"Signs in to Skype for Business step by step and says where and why it fails."};
    app.name("ucsignin");
    app.formatter(std::make_shared<help_text>());
    app.set_version_flag("--version", "ucsignin " UCSIGNIN_VERSION);
    app.require_subcommand(1);
    app.footer("Examples:\n"
               "  ucsignin diagnose alice@contoso.example\n"
               "  ucsignin diagnose alice@contoso.example --lab\n"
               "  ucsignin explain tls-expired\n"
               "  ucsignin diagnose --help\n\n"
               "Exit codes: 0 signed in; 10 to 50 not signed in, ten times the stage where\n"
               "it stopped; 64 usage; 65 bad input file; 70 our fault; 74 a report could\n"
               "not be written; 130 interrupted.");
    const std::pair<const char*, cmd::action> commands[] = {
        {"diagnose", cmd::add_diagnose(app, watched)}, {"lab", cmd::add_lab(app, watched)}, {"chart", cmd::add_chart(app)},
        {"explain", cmd::add_explain(app)},   {"render", cmd::add_render(app)}, {"mask", cmd::add_mask(app)},
    };
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : cmd::usage_error;
    }
    for (const auto& [name, act] : commands)
        if (app.got_subcommand(name)) return act();
    return cmd::usage_error;
}

// A library call that hung past its deadline (GSSAPI, say) may still run on its thread: the end of the process waits for
// none of them, and destroys nothing under their feet.
int leave(int code) {
    if (std::fflush(nullptr) != 0 && code == 0) code = cmd::cannot_write;
    std::_Exit(code);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::string_view helper = argc == 2 ? argv[1] : "";
        if (helper == host::audio_probe_argument) return host::run_audio_probe();
        if (helper == host::pac_probe_argument) return host::run_pac_probe();
        cmd::interrupts watched;
        const int code = run(argc, argv, watched);
        watched.stand_down();
        return leave(code);
    } catch (const std::exception& e) {
        fmt::print(stderr, "ucsignin: an error of its own: {}\n", e.what());
        return leave(cmd::our_fault);
    }
}
