#pragma once
// Where an element stands in the bytes of a document: signatures over XML need text as it came, which no parser gives
// back.

#include <cstddef>
#include <optional>
#include <string_view>

namespace ucsignin::auth {

struct element_range {
    std::string_view outer;  // from < of the start tag to > of the end tag
    std::string_view inner;  // between the two
};
// The first element with this local name, whatever its prefix. `xml` must be well-formed UTF-8 (let libxml2 check
// first); other text gives nothing, or a range inside it.
[[nodiscard]] std::optional<element_range> find_element(std::string_view xml, std::string_view local_name);

}  // namespace ucsignin::auth
