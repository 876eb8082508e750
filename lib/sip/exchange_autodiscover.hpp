#pragma once
// Exchange Autodiscover in its plain form (POX, MS-OXDSCLI): where a mailbox's web services are (protocol 02, sections
// 8.2 and 8.3).

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "sip/message.hpp"

namespace ucsignin::sip {

[[nodiscard]] std::string exchange_autodiscover_request(std::string_view smtp_address);

struct exchange_autodiscover {
    enum class kind { settings, other_address, other_url, error };
    kind what = kind::settings;
    std::string leads_to;               // of the two that lead on: an address, a URL
    std::vector<std::string> ews_urls;  // each once; those for clients inside come first
    std::string code, message;          // of an error: "500", and what it says

    // Known to the server, or not, as somebody who has no mailbox there.
    [[nodiscard]] bool tells_of_no_mailbox() const;
};
[[nodiscard]] std::expected<exchange_autodiscover, parse_error> parse_exchange_autodiscover(std::string_view xml);

}  // namespace ucsignin::sip
