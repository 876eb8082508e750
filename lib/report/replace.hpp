#pragma once
// Where names stand inside longer texts.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ucsignin::report {

// The value of one "TYPE=value" of a distinguished name (RFC 4514, and OpenSSL's "TYPE = value" and "/TYPE=value").
struct dn_attribute {
    std::string_view type;
    std::size_t begin, end;
};
[[nodiscard]] std::vector<dn_attribute> attributes_of(std::string_view text);

// Every phrase (lower case) that stands in the text, in whatever case and as whole words; the longest wins.
[[nodiscard]] std::string replace_phrases(std::string_view text, const std::map<std::string, std::string, std::less<>>& phrases);

}  // namespace ucsignin::report
