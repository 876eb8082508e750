#pragma once
// The numbers of ms-diagnostics headers (protocol/01 section 8), as data. Numbers are keyed with the header: the web
// services and Exchange count apart from SIP.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ucsignin::diagnosis {

enum class number_space {
    sip,
    web,
    exchange
};  // ms-diagnostics(-public); X-MS-diagnostics; x-ms-diagnostics of Exchange

struct diagnostics_entry {
    number_space space;
    std::int32_t id;
    std::string_view reason;   // as on the wire; "" when only the number is known
    std::string_view meaning;  // in our words
};

[[nodiscard]] std::span<const diagnostics_entry> diagnostics_numbers();
[[nodiscard]] number_space space_of(std::string_view header, std::int64_t id);
[[nodiscard]] const diagnostics_entry* find_diagnostics(std::string_view header, std::int64_t id);
// Who counts in the range of a SIP number: "the registrar and user services".
[[nodiscard]] std::string_view component_of(std::int64_t id);
// "4005 (Destination URI either ...): not enabled, mistyped or not yet replicated". `reason` is what the server wrote.
[[nodiscard]] std::string describe_number(std::string_view header, std::int64_t id, std::string_view reason);

}  // namespace ucsignin::diagnosis
