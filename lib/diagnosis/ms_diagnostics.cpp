// Finds a number in the table of its header, or, for one that is not listed, the component in whose range it lies.
#include "diagnosis/ms_diagnostics.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "diagnosis/names.hpp"

namespace ucsignin::diagnosis {
namespace {

struct range {
    std::int64_t first, last;
    std::string_view component;
};

// protocol/01 section 8.2
// clang-format off
constexpr range ranges[] = {
    {0, 999, "any server"}, {1000, 1999, "the SIP stack of front end or Edge"}, {2000, 2999, "presence and user services"},
    {3000, 3999, "conferencing"}, {4000, 4999, "the registrar and user services"}, {5000, 5999, "server applications"},
    {6000, 6999, "the IM conferencing server"}, {7000, 7999, "the A/V conferencing server"}, {8000, 8999, "the telephony conferencing server"},
    {9000, 9999, "the media relay service"}, {10000, 10999, "the Mediation Server"}, {11000, 11999, "metrics"},
    {12000, 12999, "outbound voice routing"}, {13000, 13999, "inbound routing"}, {14000, 14999, "the translation service"},
    {15000, 15999, "Exchange UM routing"}, {16000, 16999, "the intelligent IM filter"}, {17000, 17999, "the client version filter"},
    {28000, 28999, "the authentication web services"}, {51000, 51999, "a client"}};
// clang-format on

}  // namespace

number_space space_of(std::string_view header, std::int64_t id) {
    if (id >= 2000000) return number_space::exchange;
    const auto name = lower(header);
    if (name.starts_with("x-ms-") || name == "soap" || (id >= 28000 && id < 29000)) return number_space::web;
    return number_space::sip;
}

const diagnostics_entry* find_diagnostics(std::string_view header, std::int64_t id) {
    const auto space = space_of(header, id);
    const auto all = diagnostics_numbers();
    const auto at = std::ranges::find_if(
        all, [&](const diagnostics_entry& e) { return e.space == space && e.id == id; });
    return at == all.end() ? nullptr : &*at;
}

std::string_view component_of(std::int64_t id) {
    for (const auto& r : ranges)
        if (id >= r.first && id <= r.last) return r.component;
    return "a component that is not known";
}

std::string describe_number(std::string_view header, std::int64_t id, std::string_view reason) {
    const auto* known = find_diagnostics(header, id);
    const auto said = reason.empty() && known ? known->reason : reason;
    auto text = said.empty() ? fmt::format("{}", id) : fmt::format("{} ({})", id, said);
    if (known) return text + ": " + std::string(known->meaning);
    return text + fmt::format(": a number from {}", component_of(id));
}

}  // namespace ucsignin::diagnosis
