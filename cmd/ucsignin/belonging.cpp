// What a program brings along to belong to a system: completions for shells, and a manual.

#include <algorithm>

#include "commands.hpp"
#include "completions.hpp"
#include "build_facts.hpp"
#include "manual.hpp"
#include "speak.hpp"

namespace ucsignin::cmd {

action add_completions(CLI::App& app) {
    auto* sub = app.add_subcommand("completions", "Print a script that makes a shell complete this program's options");
    auto shell = std::make_shared<std::string>();
    sub->add_option("SHELL", *shell, "bash, zsh, fish or powershell")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish", "powershell"}));
    sub->footer(
        "Examples:\n"
        "  source <(ucsignin completions bash)\n"
        "  ucsignin completions zsh > ~/.zfunc/_ucsignin\n"
        "  ucsignin completions fish > ~/.config/fish/completions/ucsignin.fish\n"
        "  ucsignin completions powershell | Out-String | Invoke-Expression");
    return [shell, &app] {
        const auto table = read_table(app);
        out().write(
            *shell == "bash"   ? bash_completions(table)
            : *shell == "zsh"  ? zsh_completions(table)
            : *shell == "fish" ? fish_completions(table)
                               : powershell_completions(table));
        return 0;
    };
}

action add_man(CLI::App& app) {
    auto* sub = app.add_subcommand("man", "Print a page of the manual, for man -l");
    auto page = std::make_shared<std::string>("ucsignin");
    sub->add_option("PAGE", *page, "ucsignin, the default, or a command");
    sub->footer("Examples:\n  ucsignin man | man -l -\n  ucsignin man diagnose > ucsignin-diagnose.1");
    return [page, &app] {
        const auto table = read_table(app);
        const auto command = std::ranges::find(table.commands, *page, &command_row::name);
        if (*page == "ucsignin") out().write(manual_of_program(table, build_date));
        else if (command != table.commands.end()) out().write(manual_of(*command, build_date));
        else {
            complain("the manual has no page '{}'", *page);
            return usage_error;
        }
        return 0;
    };
}

}  // namespace ucsignin::cmd
