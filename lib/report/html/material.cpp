#include "report/html/material.hpp"

#include <algorithm>

#include "trace/evidence.hpp"

namespace ucsignin::report::html {

material::material(const report& shown)
    : r(shown),
      answer(answer_of(shown)),
      stages(summarize_stages(shown)),
      messages_of(shown.trace.spans.size()),
      span_of(shown.trace.messages.size()),
      critical(shown.trace.spans.size()),
      nodes(chart::nodes().size()) {
    index();
    mark_critical();
    visit_nodes();
    gather_reference();
}

std::optional<std::size_t> material::place(std::string_view span_id) const {
    const auto at = places.find(span_id);
    return at == places.end() ? std::nullopt : std::optional(at->second);
}

void material::index() {
    for (std::size_t i = 0; i < r.trace.spans.size(); ++i) places.try_emplace(r.trace.spans[i].span_id, i);
    for (std::size_t i = 0; i < r.trace.messages.size(); ++i)
        if ((span_of[i] = place(r.trace.messages[i].span_id))) messages_of[*span_of[i]].push_back(i);
}

void material::mark_critical() {
    const auto* end = ending_span(r);
    if (!end) return;
    for (const auto* s : trace::critical_path(r.trace, *end))
        if (const auto at = place(s->span_id)) critical[*at] = true;
}

void material::visit_nodes() {
    const auto* end = ending_span(r);
    const auto server = !r.verdict.stopped_candidate.empty() ? r.verdict.stopped_candidate
                        : end                                ? end->text(trace::ev::candidate)
                                                             : std::string();
    for (std::size_t i = 0; i < r.trace.spans.size(); ++i) {
        const auto& s = span(i);
        const int at = chart::position(s.node);
        if (at < 0) continue;
        auto& node = nodes[static_cast<std::size_t>(at)];
        if (ran(s)) node.all.push_back(i);
        const bool other_server = node.counts && !server.empty() && s.subject != server &&
                                  span(*node.counts).subject == server;
        if (!other_server && (ran(s) || node.all.empty())) node.counts = i;
    }
}

bool material::explains(std::string_view finding_id) const {
    return std::ranges::find(reference, finding_id, &diagnosis::catalogue_entry::id) != reference.end();
}

// An old report may name findings that the catalogue no longer has.
void material::gather_reference() {
    const auto add = [this](std::string_view id) {
        const auto* entry = explains(id) ? nullptr : diagnosis::find_entry(id);
        if (entry) reference.push_back(entry);
    };
    for (const auto& f : r.verdict.findings) add(f.id);
    for (const auto& f : r.verdict.findings) {
        for (const auto& other : f.ruled_out) add(other.id);
        if (const auto* entry = diagnosis::find_entry(f.id))
            for (const auto other : entry->look_alike_ids) add(other);
    }
}

}  // namespace ucsignin::report::html
