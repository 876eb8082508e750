// What makes a run fail although nothing stopped it.
#include <algorithm>
#include <string_view>

#include "ucsignin/report.hpp"

namespace ucsignin::report {
namespace {

constexpr int as_it_should = 0, failed_by_policy = 2;

std::optional<diagnosis::severity> own_bound(const report& r) {
    const auto option = std::ranges::find(r.options, "fail-on", &std::pair<std::string, std::string>::first);
    if (option == r.options.end()) return std::nullopt;
    return option->second == "warning" ? diagnosis::severity::warning : diagnosis::severity::failure;
}

bool covers(const policy::ignored& which, const diagnosis::finding& f) {
    return which.id == f.id && (!which.subject || *which.subject == f.subject);
}

// Severities are listed from the worst on.
std::vector<finding_name> counted(const report& r, diagnosis::severity bound) {
    std::vector<finding_name> all;
    for (const auto& f : r.verdict.findings)
        if (f.severity <= bound && !is_ignored(r, f)) all.push_back({f.id, f.subject});
    return all;
}

}  // namespace

bool is_ignored(const report& r, const diagnosis::finding& f) { return r.ignored.contains({f.id, f.subject}); }

void apply(const policy& p, report& r) {
    for (const auto& f : r.verdict.findings)
        if (std::ranges::any_of(p.ignore, [&](const policy::ignored& which) { return covers(which, f); }))
            r.ignored.insert({f.id, f.subject});
    if (p.fail_on) {
        std::erase_if(r.options, [](const auto& option) { return option.first == "fail-on"; });
        r.options.emplace_back("fail-on", to_string(*p.fail_on));
    }
    auto& code = r.verdict.exit_code;
    if (code != as_it_should && code != failed_by_policy) return;
    const auto bound = own_bound(r);
    code = bound && !counted(r, *bound).empty() ? failed_by_policy : as_it_should;
}

std::vector<finding_name> counted_as_failed(const report& r) {
    const auto bound = own_bound(r);
    if (!bound || r.verdict.exit_code != failed_by_policy) return {};
    return counted(r, *bound);
}

}  // namespace ucsignin::report
