#include "commands.hpp"
#include "near.hpp"
#include "speak.hpp"
#include "ucsignin/diagnosis.hpp"

namespace ucsignin::cmd {
namespace {

int say_unknown(const std::string& id) {
    std::vector<std::string> ids;
    for (const auto& entry : diagnosis::catalogue()) ids.emplace_back(entry.id);
    complain("there is no finding '{}'.", id);
    err().write(did_you_mean(id, ids) + "`ucsignin explain --list` prints all of them.\n");
    return usage_error;
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
            for (const auto& entry : diagnosis::catalogue()) out().print("{:<40} {}\n", entry.id, entry.title);
            return 0;
        }
        const auto* entry = diagnosis::find_entry(*id);
        if (!entry) return say_unknown(*id);
        out().write(diagnosis::explain(*entry));
        return 0;
    };
}

}  // namespace ucsignin::cmd
