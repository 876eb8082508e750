#pragma once
// Values that name somebody or something, in every form in which a report may hold them.

#include <string>
#include <vector>

namespace ucsignin::report::samples {

struct marked_value {
    std::string what;
    std::string text;
    std::vector<std::string> markers;  // in lower case; none of them may be left
};
[[nodiscard]] const std::vector<marked_value>& marked_values();

// As people and servers write the value into what they say: with every mark before it and behind it.
[[nodiscard]] std::string sentences_with(const std::string& value);

// Those markers that a text still holds: as they are, in capitals, percent-encoded or in Base64.
[[nodiscard]] std::vector<std::string> markers_left(const std::string& text, const std::vector<std::string>& markers);

}  // namespace ucsignin::report::samples
