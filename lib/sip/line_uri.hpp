#pragma once
// The number of a user's line: a tel URI (RFC 3966) as userProperties hold it (protocol 02, section 9.2).

#include <expected>
#include <string>
#include <string_view>

#include "sip/message.hpp"

namespace ucsignin::sip {

struct line_uri {
    std::string number;         // "+493055501001", without visual separators
    std::string extension;      // of ;ext=, "" for none
    std::string phone_context;  // what a number without + is relative to
    [[nodiscard]] bool is_global() const { return number.starts_with('+'); }
    // A number that does not end in its extension is shared: callers reach the switchboard, not this user
    // (section 9.3).
    [[nodiscard]] bool is_main_number() const { return !extension.empty() && !number.ends_with(extension); }
};
[[nodiscard]] std::expected<line_uri, parse_error> parse_line_uri(std::string_view text);

}  // namespace ucsignin::sip
