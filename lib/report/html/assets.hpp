#pragma once
// The page's style and script: page.css and page.js, compiled in by embed.py.

#include <string_view>

namespace ucsignin::report::html {

extern const std::string_view page_style, page_script;
// As a Content-Security-Policy names them: 'sha256-...'.
extern const std::string_view style_hash, script_hash;

}  // namespace ucsignin::report::html
