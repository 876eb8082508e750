#pragma once
// The page's style and script: page.css and page.js, compiled in by embed.py.

#include <string_view>

namespace ucsignin::report::html {

extern const std::string_view page_style, page_script;
// The shapes of outcomes, for drawings: signs.svg. Elsewhere they are pictures of the style, which cost a browser less.
extern const std::string_view page_signs;
// As a Content-Security-Policy names them: 'sha256-...'.
extern const std::string_view style_hash, script_hash;

}  // namespace ucsignin::report::html
