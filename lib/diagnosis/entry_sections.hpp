#pragma once
// An entry of the catalogue as people read it: in sections, with what a run fills in written <host>.

#include <string>
#include <string_view>
#include <vector>

#include "ucsignin/diagnosis.hpp"

namespace ucsignin::diagnosis {

struct entry_section {
    std::string_view heading;
    std::string text;  // a line break begins a new paragraph, or a command
};

// Those that say something, in the order in which one reads them.
[[nodiscard]] std::vector<entry_section> sections_of(const catalogue_entry&);
// {host} is written <host>: the name to put in.
[[nodiscard]] std::string readable(std::string_view text);
// For which system a line is a command, "Linux: dig A host"; empty: it is prose.
[[nodiscard]] std::string_view system_of(std::string_view line);

}  // namespace ucsignin::diagnosis
