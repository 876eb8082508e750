#pragma once
// Bodies of several parts (RFC 2046, 5.1), as front ends write them: multipart/related about contacts, or one document
// wrapped for no reason.

#include <string>
#include <string_view>
#include <vector>

namespace ucsignin::sip {

struct body_part {
    std::string type;            // lower case, without parameters; "" when the part does not say
    std::string id;              // Content-ID without angle brackets
    std::string_view text = {};  // into the body that was split
};

// The boundary is that of the body's first delimiter line: servers that name another in the header are understood too.
// Empty for what has no such line, and for what begins as a document.
[[nodiscard]] std::vector<body_part> body_parts(std::string_view body);

// The first part with anything in it, or the body itself where it has no parts.
[[nodiscard]] std::string_view first_document(std::string_view body);

}  // namespace ucsignin::sip
