#include "report/html/frame.hpp"

#include "report/html/assets.hpp"

namespace ucsignin::report::html {

void begin_page(markup& to, std::string_view title, scripted script) {
    to << "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src "_m;
    to.asset(style_hash);
    if (script == scripted::yes) (to << "; script-src "_m).asset(script_hash);
    to << "; base-uri 'none'; form-action 'none'\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<link rel=\"icon\" href=\"data:,\">\n<title>"_m
       << title << "</title>\n<style>"_m;
    to.asset(page_style) << "</style></head>\n<body>\n"_m;
}

void end_page(markup& to, scripted script) {
    to << "</main>\n"_m;
    if (script == scripted::yes) (to << "<script>"_m).asset(page_script) << "</script>\n"_m;
    to << "</body></html>\n"_m;
}

}  // namespace ucsignin::report::html
