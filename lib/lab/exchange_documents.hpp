#pragma once
// What Exchange writes: answers of Autodiscover, and of each request of EWS.

#include <cstdint>
#include <string>
#include <string_view>

#include "lab/pool_state_settings.hpp"

namespace ucsignin::lab {

[[nodiscard]] std::string autodiscover_settings_xml(const exchange_settings&, const std::string& address);
[[nodiscard]] std::string autodiscover_error_xml(int code, std::string_view message);

// `request`: the name of the element in the request's body.
[[nodiscard]] std::string ews_xml(
    const exchange_settings&, const mailbox*, const std::vector<contact_entry>& contacts, std::string_view request,
    std::string_view body, std::int64_t now);
[[nodiscard]] std::string ews_fault_xml(const exchange_settings&, std::string_view code, std::string_view text);

}  // namespace ucsignin::lab
