#pragma once
// What every page begins and ends with: one file that asks for nothing. Its policy lets only the style and the script
// run that are compiled in; a page without a script allows none.

#include <string_view>

#include "report/html/markup.hpp"

namespace ucsignin::report::html {

enum class scripted { no, yes };
void begin_page(markup& to, std::string_view title, scripted);
void end_page(markup& to, scripted);

}  // namespace ucsignin::report::html
