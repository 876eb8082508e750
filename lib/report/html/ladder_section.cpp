// The ladder: what went between this PC and the others, in order; each message opens to its headers.
#include <algorithm>
#include <map>

#include "report/html/parts.hpp"
#include "report/layout.hpp"

namespace ucsignin::report::html {
namespace {

constexpr std::size_t most_lanes = 7;

using lane_key = std::pair<std::string, std::string>;  // role, and host where each has a lane of its own

struct lanes {
    std::vector<lane_key> all;
    std::map<lane_key, std::size_t> places;
    bool by_host = true;

    [[nodiscard]] lane_key key(const trace::message_end& end) const {
        return {end.role, by_host && end.role != "client" ? end.host : std::string()};
    }
    [[nodiscard]] std::size_t place(const trace::message_end& end) const {
        const auto at = places.find(key(end));
        return at == places.end() ? 0 : at->second;
    }
    [[nodiscard]] double middle(std::size_t at) const {
        return 100 * (static_cast<double>(at) + 0.5) / static_cast<double>(std::max<std::size_t>(all.size(), 1));
    }
    void add(const trace::message_end& end) {
        if (places.try_emplace(key(end), all.size()).second) all.push_back(key(end));
    }
    void sort() {
        std::ranges::stable_sort(all, {}, [](const lane_key& one) { return rank_of(one.first); });
        for (std::size_t i = 0; i < all.size(); ++i) places[all[i]] = i;
    }
};

lanes of_messages(const material& m, bool by_host) {
    lanes found;
    found.by_host = by_host;
    found.add({"client", {}, {}});
    for (const auto& said : m.r.trace.messages) {
        found.add(said.from);
        found.add(said.to);
    }
    found.sort();
    return found;
}

// A lane for each server; with too many of them, for each kind.
lanes lanes_of(const material& m) {
    auto found = of_messages(m, true);
    return found.all.size() <= most_lanes ? found : of_messages(m, false);
}

void write_heads(markup& to, const lanes& known) {
    to << "<div class=\"heads\" aria-hidden=\"true\"><span class=\"at\"></span><span class=\"lanes\">"_m;
    for (const auto& [role, host] : known.all) {
        to << "<span><b>"_m << participant(role) << "</b> "_m;
        write_host(to, host);
        to << "</span>"_m;
    }
    to << "</span><span class=\"said\"></span></div>"_m;
}

// The lines down, drawn once and used in each row.
void write_lines(markup& to, const lanes& known) {
    to << "<svg class=\"shapes\" aria-hidden=\"true\" width=\"0\" height=\"0\"><defs><g id=\"lane-lines\">"_m;
    for (std::size_t i = 0; i < known.all.size(); ++i)
        to << "<line class=\"lane\" x1=\""_m << known.middle(i) << "%\" x2=\""_m << known.middle(i)
           << "%\" y1=\"0\" y2=\"100%\"/>"_m;
    to << "</g></defs></svg>"_m;
}

void write_arrow(markup& to, const lanes& known, const trace::message& said) {
    to << "<svg class=\"arrow "_m << (said.direction == trace::direction::sent ? "sent"_m : "received"_m)
       << "\" aria-hidden=\"true\"><use href=\"#lane-lines\"/><line class=\"way\" x1=\""_m
       << known.middle(known.place(said.from)) << "%\" x2=\""_m << known.middle(known.place(said.to))
       << "%\" y1=\"50%\" y2=\"50%\" marker-end=\"url("_m << (is_silence(said) ? "#none"_m : "#tip"_m)
       << ")\"/></svg>"_m;
}

void write_end(markup& to, const trace::message_end& end) {
    to << participant(end.role) << " "_m << end.host << (!end.host.empty() && !end.address.empty() ? ", " : "")
       << end.address;
}

void write_details(markup& to, const material& m, std::size_t at) {
    const auto& said = m.r.trace.messages[at];
    to << "<div class=\"inside\"><p class=\"of\">"_m;
    write_end(to, said.from);
    to << " \u2192 "_m;
    write_end(to, said.to);
    if (said.body.bytes > 0 || !said.body.type.empty()) {
        to << "; body: "_m << (said.body.type.empty() ? "bytes" : said.body.type) << ", "_m
           << std::to_string(said.body.bytes) << " bytes"_m;
    }
    to << "</p>"_m;
    write_headers(to, said);
    if (m.span_of[at]) {
        to << "<p>Step: "_m;
        write_step_link(to, m, *m.span_of[at]);
        to << "</p>"_m;
    }
    to << "</div>"_m;
}

void write_message(markup& to, const material& m, const lanes& known, std::size_t at) {
    const auto& said = m.r.trace.messages[at];
    const auto& far = said.direction == trace::direction::sent ? said.to : said.from;
    to << "<li><details class=\"message\" id=\"m"_m << at << "\" data-m=\""_m << at << "\""_m;
    if (m.span_of[at]) write_marks(to, m, *m.span_of[at]);
    to << "><summary><span class=\"at\">"_m << clock_text(said.time_ms) << "</span>"_m;
    write_arrow(to, known, said);
    to << "<span class=\"said\"><span class=\"protocol\">"_m << said.protocol << "</span><span><span class=\"vh\"> "_m
       << direction_word(said).substr(1) << participant(far.role) << " "_m << far.host << ": </span> "_m
       << said.start_line << "</span></span></summary>"_m;
    write_details(to, m, at);
    to << "</details></li>"_m;
}

}  // namespace

void write_ladder(markup& to, const material& m) {
    to << "<section id=\"messages\" aria-labelledby=\"messages-h\"><h2 id=\"messages-h\">Messages</h2>"_m;
    if (m.r.trace.messages.empty()) {
        to << "<p>This report holds no messages.</p></section>"_m;
        return;
    }
    const auto known = lanes_of(m);
    write_lines(to, known);
    to << "<p class=\"hint\">A message opens to its headers."_m;
    if (m.r.trace.messages_left_out > 0)
        to << " "_m << std::to_string(m.r.trace.messages_left_out) << " further messages were not kept."_m;
    to << "</p><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"All messages\">"_m;
    write_heads(to, known);
    write_in_batches(to, m.r.trace.messages.size(), "<ol class=\"ladder\">"_m, "</ol>"_m, [&](std::size_t i) {
        write_message(to, m, known, i);
    });
    to << "</div></section>"_m;
}

}  // namespace ucsignin::report::html
