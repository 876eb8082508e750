#pragma once
// One stage of the chart as SVG: rows of boxes from left to right, the way that was taken drawn over the chart's own.

#include "report/html/chart_path.hpp"
#include "report/html/markup.hpp"

namespace ucsignin::report::html {

struct drawing_style {
    int columns;
    literal look;  // classes
};
void draw_stage(markup& to, const material&, const stage_path&, drawing_style);

}  // namespace ucsignin::report::html
