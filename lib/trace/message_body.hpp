#pragma once
// What of a body may stand in a trace. Pure; linear in the body's length, whatever it is.

#include <optional>
#include <string>
#include <string_view>

namespace ucsignin::trace {

// Nothing for what is no text. Of web services' XML, which carries passwords, tickets, keys and certificates, the names
// of elements and the text of those that may stand; of presence, settings and other XML over SIP all but the text of
// elements whose names tell of secrets; of pages and plain text all but what looks encoded.
[[nodiscard]] std::optional<std::string> body_to_keep(
    std::string_view protocol, std::string_view type, std::string_view body);

// Whether this Content-Type is that of a page for people: where a service was asked, a portal's or a gateway's own.
[[nodiscard]] bool is_page(std::string_view content_type);

}  // namespace ucsignin::trace
