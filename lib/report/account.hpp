#pragma once
// What of the account people ask for first, as it was when the user was signed in.

#include <string>
#include <string_view>
#include <vector>

#include "ucsignin/report.hpp"

namespace ucsignin::report {

struct account_fact {
    std::string_view label;  // empty: goes on with what is before it
    std::string text;
};
[[nodiscard]] std::vector<account_fact> account_of(const report&);

}  // namespace ucsignin::report
