#pragma once
// Where the values stand in a distinguished name.

#include <string_view>
#include <vector>

namespace ucsignin::report {

// The value of one "TYPE=value" of a distinguished name (RFC 4514, and OpenSSL's "TYPE = value" and "/TYPE=value").
struct dn_attribute {
    std::string_view type;
    std::size_t begin, end;
};
[[nodiscard]] std::vector<dn_attribute> attributes_of(std::string_view text);

}  // namespace ucsignin::report
