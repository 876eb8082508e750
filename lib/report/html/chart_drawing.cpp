#include "report/html/chart_drawing.hpp"

#include <algorithm>

#include "report/html/parts.hpp"

namespace ucsignin::report::html {
namespace {

// In the drawing's own units, which are pixels where there is room.
constexpr int box_width = 224, box_height = 66, gap = 34, gutter = 36, margin = 22;
constexpr std::size_t title_room = 22, branch_room = 26;  // characters that fit for certain

struct point {
    int x, y;
};

class drawing {
public:
    drawing(markup& to, const material& m, const stage_path& path, int columns)
        : to_(to), m_(m), path_(path), columns_(columns) {}

    [[nodiscard]] int width() const { return 2 * margin + columns_ * box_width + (columns_ - 1) * gap; }
    [[nodiscard]] int height() const {
        const int rows = (static_cast<int>(path_.nodes.size()) + columns_ - 1) / columns_;
        return 2 * margin + rows * box_height + (rows - 1) * gutter;
    }
    void draw_edge(const edge& e);
    void draw_box(std::size_t node);
    void draw_stop(std::size_t node);

private:
    // Of the box's upper left corner.
    [[nodiscard]] point corner(std::size_t node) const {
        const int at = static_cast<int>(node - path_.nodes.front());
        return {margin + at % columns_ * (box_width + gap), margin + at / columns_ * (box_height + gutter)};
    }
    void draw_way(const edge& e);
    void draw_next(point from, point to);
    void draw_around(point from, point to, int lane);
    void draw_exit(point at, const chart::node& next);
    void write_label(std::size_t node, const trace::span* s, std::size_t visits);

    markup& to_;
    const material& m_;
    const stage_path& path_;
    int columns_;
    int lane_ = 0;  // so that two ways in one gutter don't cover each other
};

literal look_of(way how) {
    switch (how) {
        case way::taken: return "taken"_m;
        case way::ahead: return "ahead"_m;
        default: return "open"_m;
    }
}

// To the right, or through the gutter to the begin of the next row.
void drawing::draw_next(point from, point to) {
    const int middle = box_height / 2;
    if (from.y == to.y) {
        to_ << "M"_m << from.x + box_width << " "_m << from.y + middle << "H"_m << to.x - 3;
        return;
    }
    const int x = box_width / 2, level = from.y + box_height + gutter / 2;
    to_ << "M"_m << from.x + x << " "_m << from.y + box_height << "V"_m << level << "H"_m << to.x + x << "V"_m
        << to.y - 3;
}

// Past other boxes: below the row, and along the left margin where rows lie in between.
void drawing::draw_around(point from, point to, int lane) {
    const int out = from.x + box_width / 2 + 40, in = to.x + box_width / 2 - 40;
    const int below = from.y + box_height + 8 + lane % 3 * 6;
    to_ << "M"_m << out << " "_m << from.y + box_height << "V"_m << below;
    if (from.y == to.y) {
        to_ << "H"_m << in << "V"_m << to.y + box_height + 3;
        return;
    }
    const int above = to.y - 10 - lane % 2 * 5;
    if (to.y - from.y > box_height + gutter || to.y < from.y) to_ << "H"_m << 6 + lane % 3 * 5 << "V"_m << above;
    to_ << "H"_m << in << "V"_m << to.y - 3;
}

// A bar across: here it ends.
void drawing::draw_stop(std::size_t node) {
    const int x = corner(node).x + box_width / 2, y = corner(node).y + box_height;
    to_ << "<path class=\"stop\" d=\"M"_m << x << " "_m << y
        << "v11m-34 0h68m-56 6h44\"/><text class=\"stopped-here\" x=\""_m << x - 42 << "\" y=\""_m << y + 17
        << "\">stopped here</text>"_m;
}

void drawing::draw_exit(point at, const chart::node& next) {
    const int x = at.x + 14, y = at.y + box_height;
    to_ << "<path class=\"taken\" d=\"M"_m << x << " "_m << y
        << "v13\" marker-end=\"url(#tip-way)\"/><text class=\"exit\" x=\""_m << x + 8 << "\" y=\""_m << y + 15
        << "\">"_m << next.stage << " "_m << chart::stage_name(next.stage) << ": "_m << next.title << "</text>"_m;
}

void drawing::draw_way(const edge& e) {
    to_ << "<path class=\""_m << look_of(e.how) << "\" d=\""_m;
    if (e.to == e.from + 1) draw_next(corner(e.from), corner(e.to));
    else draw_around(corner(e.from), corner(e.to), lane_++);
    to_ << (e.how == way::open ? "\"/>"_m : "\" marker-end=\"url(#tip-way)\"/>"_m);
}

void drawing::draw_edge(const edge& e) {
    if (e.how == way::stopped) draw_stop(e.from);
    else if (e.how == way::leaves) draw_exit(corner(e.from), chart::nodes()[e.to]);
    else draw_way(e);
}

// A line that would be too long is drawn closer together.
void write_line(markup& to, literal look, point at, std::string_view text, std::size_t room) {
    to << "<text class=\""_m << look << "\" x=\""_m << at.x << "\" y=\""_m << at.y;
    if (text.size() > room) to << "\" lengthAdjust=\"spacingAndGlyphs\" textLength=\""_m << room * 8;
    to << "\">"_m << text << "</text>"_m;
}

void drawing::write_label(std::size_t node, const trace::span* s, std::size_t visits) {
    const auto& n = chart::nodes()[node];
    const auto [x, y] = corner(node);
    const auto how = !s ? std::string() : ran(*s) ? in_words(s->branch) : in_words(trace::to_string(s->reason));
    write_line(to_, "title"_m, {x + 36, y + 24}, n.title, title_room);
    write_line(to_, "branch"_m, {x + 36, y + 43}, how, branch_room - (visits > 1 ? 4 : 0));
    if (visits > 1)
        to_ << "<text class=\"visits\" x=\""_m << x + box_width - 10 << "\" y=\""_m << y + 43 << "\">\u00d7"_m << visits
            << "</text>"_m;
}

// Its ways out stand as ticks below its name: the one that was taken is filled, one that ends the sign-in is square.
void write_ticks(markup& to, const chart::node& n, std::string_view taken, point at) {
    for (const auto& b : n.branches()) {
        to << "<rect class=\"way-out"_m << (b.name == taken ? " this"_m : ""_m) << "\" x=\""_m << at.x << "\" y=\""_m
           << at.y << "\" width=\"6\" height=\"6\" rx=\""_m << (b.leads_to.empty() ? 0 : 3) << "\"/>"_m;
        at.x += 10;
    }
}

void drawing::draw_box(std::size_t node) {
    const auto& visits = m_.nodes[node];
    const auto* s = visits.counts ? &m_.span(*visits.counts) : nullptr;
    const auto o = s ? s->outcome : trace::outcome::not_run;
    const auto [x, y] = corner(node);
    if (s) {
        to_ << "<a href=\"#s"_m << *visits.counts << "\" class=\"node "_m << class_of(o) << "\" data-s=\""_m
            << *visits.counts << "\" data-n=\""_m << node << "\">"_m;
    } else {
        to_ << "<g class=\"node "_m << class_of(o) << "\" data-n=\""_m << node << "\">"_m;
    }
    to_ << "<title>"_m << chart::nodes()[node].question << " "_m << spoken(o) << "</title><rect class=\"box\" x=\""_m
        << x << "\" y=\""_m << y << "\" width=\""_m << box_width << "\" height=\""_m << box_height
        << "\" rx=\"8\"/><use class=\"sign "_m << class_of(o) << "\" href=\"#"_m << class_of(o) << "\" x=\""_m << x + 10
        << "\" y=\""_m << y + 10 << "\" width=\"18\" height=\"18\"/>"_m;
    write_label(node, s, visits.all.size());
    write_ticks(to_, chart::nodes()[node], s ? std::string_view(s->branch) : std::string_view(), {x + 37, y + 52});
    to_ << (s ? "</a>"_m : "</g>"_m);
}

}  // namespace

void draw_stage(markup& to, const material& m, const stage_path& path, drawing_style style) {
    drawing d(to, m, path, style.columns);
    to << "<svg class=\""_m << style.look << "\" viewBox=\"0 0 "_m << d.width() << " "_m << d.height()
       << "\" role=\"group\" aria-label=\"Steps of this stage\">"_m;
    for (const auto how : {way::open, way::ahead, way::taken, way::leaves, way::stopped})
        for (const auto& e : path.edges)
            if (e.how == how) d.draw_edge(e);
    for (const auto i : path.nodes) d.draw_box(i);
    to << "</svg>"_m;
}

}  // namespace ucsignin::report::html
