#include "policy_options.hpp"

#include <fmt/format.h>

#include "near.hpp"
#include "ucsignin/diagnosis.hpp"

namespace ucsignin::cmd {
namespace {

std::string no_such_finding(const std::string& word, const std::string& id) {
    std::vector<std::string> ids;
    for (const auto& entry : diagnosis::catalogue()) ids.emplace_back(entry.id);
    auto near = did_you_mean(id, ids);
    if (!near.empty()) near.back() = ' ';  // its line's end
    return fmt::format("--ignore {}: there is no such finding. {}`ucsignin explain --list` prints all", word, near);
}

}  // namespace

void add_options(CLI::App& sub, policy_options& o) {
    sub.add_option(
           "--fail-on", o.fail_on,
           "warning or failure: exit with 2 when nothing stopped the sign-in, but there is\nsuch a finding or a worse "
           "one")
        ->check(CLI::IsMember({"warning", "failure"}));
    sub.add_option(
        "--ignore", o.ignore,
        "ID[@SUBJECT]: this finding does not count for --fail-on; it is shown as ignored.\nMay be repeated");
}

std::expected<report::policy, std::string> policy_of(const policy_options& o) {
    report::policy policy;
    if (!o.fail_on.empty())
        policy.fail_on = o.fail_on == "warning" ? diagnosis::severity::warning : diagnosis::severity::failure;
    for (const auto& word : o.ignore) {
        const auto at = word.find('@');
        auto id = word.substr(0, at);
        if (!diagnosis::find_entry(id)) return std::unexpected(no_such_finding(word, id));
        policy.ignore.push_back({std::move(id), std::nullopt});
        if (at != std::string::npos) policy.ignore.back().subject = word.substr(at + 1);
    }
    return policy;
}

}  // namespace ucsignin::cmd
