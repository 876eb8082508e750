// links: signin sip trace
// Where a redirect leads (several Contact lines, several addresses in each, with q), and the numbers of ms-diagnostics.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "signin/registration/signed_register.hpp"
#include "sip/lexical.hpp"
#include "sip/message.hpp"

using namespace ucsignin;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void try_contacts(std::string_view text) {
    sip::message answer;
    answer.status = 301;
    for (const auto line : sip::split_list(text, '\n')) answer.add("Contact", std::string(line));
    const auto choice = signin::registration::choose_home("here.contoso.example:5061", answer);
    require(choice.homes.size() <= 5);
    for (auto one = choice.homes.begin(); one != choice.homes.end(); ++one)
        require(
            !one->host.empty() && one->port != 0 &&
            std::find(std::next(one), choice.homes.end(), *one) == choice.homes.end());
}

void try_diagnostics(std::string_view text) {
    const auto read = sip::parse_diagnostics("ms-diagnostics", text);
    if (!read) return;
    require(read->id >= 0);
    // Read again as it would be written, it is the same number.
    const auto again = sip::parse_diagnostics("ms-diagnostics", std::to_string(read->id) + ";reason=\"x\"");
    require(again && again->id == read->id);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try_contacts(text);
    try_diagnostics(text);
    return 0;
}
