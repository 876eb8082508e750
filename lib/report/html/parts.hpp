#pragma once
// Pieces of the page that several sections use.

#include <string>
#include <string_view>

#include "report/html/markup.hpp"
#include "report/html/material.hpp"

namespace ucsignin::report::html {

// The sign of an outcome: told apart by shape as well as by colour.
void write_sign(markup& to, trace::outcome, std::string_view spoken = {});
// The shapes of all signs, once a page.
void write_shapes(markup& to);
// The class of an outcome: "o-ok".
[[nodiscard]] literal class_of(trace::outcome);
// `data-s="12" data-t="3" data-o="failed"`: by which the script finds and filters what belongs to a step.
void write_marks(markup& to, const material&, std::size_t span);

[[nodiscard]] std::string_view title_of(const trace::span&);
[[nodiscard]] std::string in_words(std::string_view code);  // "expected_not_there": "expected not there"
// "FAILED" is for terminals; a page has signs.
[[nodiscard]] std::string_view spoken(trace::outcome);
// A link to a step, with its sign, title and subject.
void write_step_link(markup& to, const material&, std::size_t span);
// "autodiscover": "Autodiscover", as a participant of the ladder.
[[nodiscard]] std::string_view participant(std::string_view role);
[[nodiscard]] std::size_t rank_of(std::string_view role);  // from this PC to the far end; what is unknown is last
// " to ", " from "; of a TLS handshake that failed without an answer, " with ".
[[nodiscard]] std::string_view direction_word(const trace::message&);
// What was noted as received although nothing came: the end of a wait.
[[nodiscard]] bool is_silence(const trace::message&);
// A host's name that may break behind its dots.
void write_host(markup& to, std::string_view host);
void write_headers(markup& to, const trace::message&);
void write_value(markup& to, const trace::value&);
// Commands, a line each: "Linux: dig A host". The word before the colon is no part of what is copied.
void write_commands(markup& to, std::string_view lines);
// The id of a finding; a link where the page explains it.
void write_finding_id(markup& to, const material&, std::string_view id);

// A browser lays out only the batches that are in view: with one for each of 2,000 rows it would be busy with these.
constexpr std::size_t rows_in_a_batch = 50;
// Writes `begin` before the first of each batch and `end` behind its last.
template <typename Write>
void write_in_batches(markup& to, std::size_t count, literal begin, literal end, Write write) {
    for (std::size_t i = 0; i < count; ++i) {
        if (i % rows_in_a_batch == 0) to << (i == 0 ? ""_m : end) << begin;
        write(i);
    }
    if (count > 0) to << end;
}

// The sections, in the page's order.
void write_answer(markup& to, const material&);
void write_findings(markup& to, const material&);
void write_chart(markup& to, const material&);
void write_timeline(markup& to, const material&);
void write_ladder(markup& to, const material&);
void write_decisions(markup& to, const material&);
void write_tables(markup& to, const material&);
void write_reference(markup& to, const material&);
void write_steps(markup& to, const material&);

}  // namespace ucsignin::report::html
