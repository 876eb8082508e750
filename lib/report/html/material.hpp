#pragma once
// A report with what the page's sections look up in it: which step a message belongs to, what the end waited for, how
// each node of the chart went.

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "report/answer.hpp"
#include "report/stages.hpp"
#include "ucsignin/chart.hpp"
#include "ucsignin/report.hpp"

namespace ucsignin::report::html {

// How a node went: the visit that counts, and how many there were. That is the one on the server that the sign-in came
// furthest with, if there is one; else the last.
struct node_visits {
    std::optional<std::size_t> counts;  // place of its span
    std::vector<std::size_t> all;       // that ran
};

struct material {
    explicit material(const report& shown);  // keeps a reference

    const report& r;
    ucsignin::report::answer answer;
    std::array<stage_summary, 5> stages;
    std::vector<std::vector<std::size_t>> messages_of;         // by place of the span
    std::vector<std::optional<std::size_t>> span_of;           // by place of the message
    std::vector<bool> critical;                                // by place of the span: the end waited for it
    std::vector<node_visits> nodes;                            // by place in the chart
    std::unordered_map<std::string_view, std::size_t> places;  // of spans, by their ids

    // The findings that the page explains: those of this run, what they are not, and what looks like them.
    std::vector<const diagnosis::catalogue_entry*> reference;

    [[nodiscard]] bool explains(std::string_view finding_id) const;
    [[nodiscard]] std::optional<std::size_t> place(std::string_view span_id) const;
    [[nodiscard]] const trace::span& span(std::size_t at) const { return r.trace.spans[at]; }

private:
    void index();
    void mark_critical();
    void visit_nodes();
    void gather_reference();
};

[[nodiscard]] inline bool ran(const trace::span& s) { return s.outcome != trace::outcome::not_run; }
[[nodiscard]] inline double end_of(const trace::span& s) { return s.start_ms + s.duration_ms; }

}  // namespace ucsignin::report::html
