#pragma once
// What the catalogue says of a finding, on a page of all of them and on a report's.

#include <functional>
#include <string_view>

#include "report/html/markup.hpp"
#include "ucsignin/diagnosis.hpp"

namespace ucsignin::report::html {

// The sections of an entry. Other findings that they name are links where the page holds them.
void write_sections(
    markup& to, const diagnosis::catalogue_entry&, const std::function<bool(std::string_view id)>& is_here);

}  // namespace ucsignin::report::html
