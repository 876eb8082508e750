#include <algorithm>
#include <cstdlib>
#include <exception>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "command_table.hpp"
#include "commands.hpp"
#include "interrupts.hpp"
#include "near.hpp"
#include "settings.hpp"
#include "speak.hpp"
#include "ucsignin/host.hpp"
#include "ucsignin/report.hpp"
#include "version.hpp"

using namespace ucsignin;

namespace {

// Commands whose options may come from the environment and the configuration file.
const std::vector<std::string> with_settings{"diagnose", "lab"};

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
        if (!lines.empty()) lines.pop_back();  // the last line's end
        return lines;
    }
};

const CLI::App* command_of(const CLI::App& app, const std::vector<std::string>& words) {
    const auto all = app.get_subcommands(nullptr);
    const auto at = std::ranges::find_if(
        all, [&](const CLI::App* sub) { return !words.empty() && sub->get_name() == words.front(); });
    return at == all.end() ? nullptr : *at;
}

// Of a mistyped command or option: what it may have been meant for.
std::string advice(const CLI::App& app, const CLI::App* command, const std::vector<std::string>& words) {
    std::vector<std::string> known;
    if (!command && !words.front().starts_with('-')) {
        for (const auto* sub : app.get_subcommands(nullptr)) known.push_back(sub->get_name());
        return cmd::did_you_mean(words.front(), known);
    }
    for (const auto* option : (command ? command : &app)->get_options())
        for (const auto& name : option->get_lnames()) known.push_back("--" + name);
    for (const auto& word : words) {
        const auto name = word.substr(0, word.find('='));
        if (name.starts_with("--") && std::ranges::find(known, name) == known.end())
            return cmd::did_you_mean(name, known);
    }
    return {};
}

// The first word that looks like an option and is none of this command; without a value, which may be a secret.
std::string unknown_option(const CLI::App& command, const std::vector<std::string>& words) {
    for (const auto& word : words) {
        const auto name = word.substr(0, word.find('='));
        if (name == "--") break;
        if (name.starts_with("--") && !command.get_option_no_throw(name)) return name;
    }
    return {};
}

// The library's text repeats what was typed, so that it is somebody's.
int explain_usage(const CLI::App& app, const CLI::ParseError& e, const std::vector<std::string>& words) {
    if (e.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {  // --help, --version
        std::ostringstream text;
        (void)app.exit(e, text, text);
        const bool is_version = dynamic_cast<const CLI::CallForVersion*>(&e) != nullptr;
        cmd::out().write(is_version && app.count("--json") > 0 ? cmd::version_as_json() : text.str());
        return 0;
    }
    const auto* command = command_of(app, words);
    const bool extra = e.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError);
    if (words.empty()) cmd::err().write(app.help());
    else if (!command && !words.front().starts_with('-')) cmd::complain("there is no command '{}'", words.front());
    else if (const auto odd = command && extra ? unknown_option(*command, words) : ""; !odd.empty())
        cmd::complain("there is no option '{}'", odd);
    else cmd::complain("{}", e.what());
    if (!words.empty())
        cmd::err().write(
            advice(app, command, words) + "`ucsignin " + (command ? command->get_name() + " " : "") +
            "--help` tells more.\n");
    return cmd::usage_error;
}

constexpr auto closing_help =
    "Examples:\n"
    "  ucsignin diagnose alice@contoso.example\n"
    "  ucsignin diagnose alice@contoso.example --lab\n"
    "  ucsignin explain tls-expired\n"
    "  ucsignin diagnose --help\n\n"
    "Exit codes: 0 signed in; 2 signed in, but --fail-on was met; 10 to 50 not signed\n"
    "in, ten times the stage where it stopped; 64 usage; 65 bad input file; 70 our\n"
    "fault; 74 a report could not be written; 130 interrupted.";

int run(int argc, char** argv, cmd::interrupts& watched) {
    CLI::App app{"Signs in to Skype for Business step by step and says where and why it fails."};
    app.name("ucsignin");
    app.formatter(std::make_shared<help_text>());
    app.set_version_flag("--version", "ucsignin " UCSIGNIN_VERSION);
    bool as_json = false;
    app.add_flag("--json", as_json, "with --version: commit, compiler, libraries and features as well");
    app.require_subcommand(1);
    app.footer(closing_help);
    const std::pair<const char*, cmd::action> commands[] = {
        {"diagnose", cmd::add_diagnose(app, watched)},
        {"lab", cmd::add_lab(app, watched)},
        {"chart", cmd::add_chart(app)},
        {"explain", cmd::add_explain(app)},
        {"render", cmd::add_render(app)},
        {"mask", cmd::add_mask(app)},
        {"compare", cmd::add_compare(app)},
        {"completions", cmd::add_completions(app)},
        {"man", cmd::add_man(app)},
    };
    std::string config;
    for (const auto& name : with_settings) cmd::add_config_option(*app.get_subcommand(name), config);
    cmd::mark_values(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return explain_usage(app, e, {argv + std::min(argc, 1), argv + argc});
    }
    for (const auto& name : with_settings)
        if (app.got_subcommand(name))
            if (const auto bad = cmd::settle(*app.get_subcommand(name), config, with_settings); bad.code != 0) {
                cmd::complain("{}", bad.what);
                return bad.code;
            }
    for (const auto& [name, act] : commands)
        if (app.got_subcommand(name)) return act();
    return cmd::usage_error;
}

// A library call that hung past its deadline (GSSAPI, say) may still run on its thread: the end of the process waits
// for none of them, and destroys nothing under their feet. A reader (a pager) may take as long as it likes, unless a
// command with a total has given it up.
int leave(int code) {
    if (!cmd::out().flush()) code = cmd::cannot_write;
    (void)cmd::err().flush(host::output::clock::now() + std::chrono::seconds(1));
    std::_Exit(code);
}

}  // namespace

int main(int argc, char** argv) {
    host::hold_standard_descriptors();
    host::share_one_heap();
    host::keep_look_ups_alive();
    (void)host::allow_open_files();
    try {
        if (const auto helper = host::helper_of(argc, argv)) {
            cmd::unblock_interrupts();
            return helper();
        }
        cmd::interrupts watched;
        const int code = run(argc, argv, watched);
        watched.stand_down();
        return leave(code);
    } catch (const std::exception& e) {
        cmd::complain("an internal error: {}", e.what());
        return leave(cmd::our_fault);
    }
}
