#include "commands.hpp"
#include "near.hpp"
#include "speak.hpp"
#include "ucsignin/diagnosis.hpp"
#include "ucsignin/explain.hpp"

namespace ucsignin::cmd {
namespace {

int say_unknown(const std::string& id) {
    std::vector<std::string> ids;
    for (const auto& entry : diagnosis::catalogue()) ids.emplace_back(entry.id);
    complain("there is no finding '{}'.", id);
    err().write(did_you_mean(id, ids) + "`ucsignin explain --list` prints all of them.\n");
    return usage_error;
}

int list_all(const std::string& format) {
    if (format == "json") out().write(report::explain_as_json(diagnosis::catalogue()));
    else if (format == "html") out().write(report::explain_as_html(diagnosis::catalogue()));
    else
        for (const auto& entry : diagnosis::catalogue()) out().print("{:<40} {}\n", entry.id, entry.title);
    return 0;
}

}  // namespace

action add_explain(CLI::App& app) {
    auto* sub = app.add_subcommand("explain", "Explain a finding by its id");
    auto id = std::make_shared<std::string>();
    auto list = std::make_shared<bool>(false);
    sub->add_option("ID", *id, "for instance tls-expired");
    sub->add_flag("--list", *list, "print every id with its title");
    auto format = std::make_shared<std::string>("text");
    sub->add_option("--format", *format, "text, json, or html: a page")->check(CLI::IsMember({"text", "json", "html"}));
    sub->footer(
        "Examples:\n  ucsignin explain dns-srv-target-missing\n  ucsignin explain --list --format json\n"
        "  ucsignin explain --list --format html > findings.html");
    return [id, list, format] {
        if (*list) return list_all(*format);
        const auto* entry = diagnosis::find_entry(*id);
        if (!entry) return say_unknown(*id);
        out().write(
            *format == "json"   ? report::explain_as_json(*entry)
            : *format == "html" ? report::explain_as_html({entry, 1})
                                : diagnosis::explain(*entry));
        return 0;
    };
}

}  // namespace ucsignin::cmd
