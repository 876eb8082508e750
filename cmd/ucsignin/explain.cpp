#include <fmt/format.h>

#include "commands.hpp"
#include "ucsignin/diagnosis.hpp"

namespace ucsignin::cmd {
namespace {

// Ids that share a word with what was typed: enough for a typing error or half an id.
void print_near(const std::string& id) {
    std::string list;
    for (const auto& entry : diagnosis::catalogue())
        if (entry.id.find(id) != std::string_view::npos || id.find(entry.id) != std::string::npos) list += "  " + std::string(entry.id) + "\n";
    if (list.empty()) fmt::print(stderr, "`ucsignin explain --list` prints all of them.\n");
    else fmt::print(stderr, "Did you mean\n{}", list);
}

}  // namespace

action add_explain(CLI::App& app) {
    auto* sub = app.add_subcommand("explain", "Explain a finding by its id");
    auto id = std::make_shared<std::string>();
    auto list = std::make_shared<bool>(false);
    sub->add_option("ID", *id, "for instance tls-expired");
    sub->add_flag("--list", *list, "print every id with its title");
    sub->footer("Example:\n  ucsignin explain dns-srv-target-missing");
    return [id, list] {
        if (*list) {
            for (const auto& entry : diagnosis::catalogue()) fmt::print("{:<40} {}\n", entry.id, entry.title);
            return 0;
        }
        const auto* entry = diagnosis::find_entry(*id);
        if (!entry) {
            fmt::print(stderr, "ucsignin: there is no finding '{}'.\n", *id);
            print_near(*id);
            return usage_error;
        }
        fmt::print("{}", diagnosis::explain(*entry));
        return 0;
    };
}

}  // namespace ucsignin::cmd
