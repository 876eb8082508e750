#include "forms.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ucsignin::cmd {

const form* find_form(std::string_view name) {
    const auto at = std::ranges::find(forms, name, &form::name);
    return at == std::end(forms) ? nullptr : at;
}

std::vector<std::string> form_names() {
    std::vector<std::string> names;
    for (const auto& f : forms) names.emplace_back(f.name);
    return names;
}

const form* form_on_stdout(const form_paths& paths) {
    const auto at = std::ranges::find(paths, "-");
    return at == paths.end() ? nullptr : &forms[at - paths.begin()];
}

std::string check_paths(const form_paths& paths) {
    for (auto one = paths.begin(); one != paths.end(); ++one) {
        const auto other = one->empty() ? paths.end() : std::find(one + 1, paths.end(), *one);
        if (other == paths.end()) continue;
        return fmt::format(
            "--{} {} and --{} {}: one place cannot take two reports", forms[one - paths.begin()].name, *one,
            forms[other - paths.begin()].name, *other);
    }
    return {};
}

}  // namespace ucsignin::cmd
