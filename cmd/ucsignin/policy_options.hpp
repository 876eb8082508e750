#pragma once
// --fail-on and --ignore: which findings let a run fail although nothing stopped it.

#include <CLI/CLI.hpp>
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "ucsignin/report.hpp"

namespace ucsignin::cmd {

struct policy_options {
    std::string fail_on;
    std::vector<std::string> ignore;  // ID[@SUBJECT]
};

void add_options(CLI::App& sub, policy_options& o);
// The policy, or what is wrong with an id and which may have been meant.
[[nodiscard]] std::expected<report::policy, std::string> policy_of(const policy_options& o);

}  // namespace ucsignin::cmd
