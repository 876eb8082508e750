#pragma once
// The trace as rules ask for it: by node, subject, candidate and second look. Made in one pass, so that a rule which is
// asked of every span costs the same however many spans there are.

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "trace/evidence.hpp"
#include "trace/looks.hpp"

namespace ucsignin::diagnosis {

using visits = std::vector<const trace::span*>;

class indexed_trace {
public:
    // Keeps references: the record must outlive the index.
    explicit indexed_trace(const trace::record&);

    const std::vector<trace::span>& spans;
    const std::string& started_at;

    [[nodiscard]] const trace::span* by_id(std::string_view span_id) const;  // null when there is none
    [[nodiscard]] const trace::span* latest(chart::sought_node) const;
    [[nodiscard]] const trace::span* latest(chart::sought_node, std::string_view subject) const;
    [[nodiscard]] const visits& all(
        chart::sought_node) const;  // the latest per subject, in the order in which subjects came
    [[nodiscard]] const visits& at(chart::sought_node) const;  // every visit
    // Steps of a candidate; "" for those of none.
    [[nodiscard]] const visits& of(std::string_view candidate) const;
    [[nodiscard]] const trace::span* latest_of(std::string_view candidate, chart::sought_node) const;
    [[nodiscard]] const trace::span* latest_run_of(
        std::string_view candidate, chart::sought_node) const;                         // of those that ran
    [[nodiscard]] bool reached(chart::sought_node, std::string_view candidate) const;  // ended ok or with a warning
    // The last look of the second round at something in another way (the cross_check nodes).
    [[nodiscard]] const trace::span* second_look(trace::look_ref probe, std::string_view of) const;

private:
    using two_words = std::pair<std::string_view, std::string_view>;
    struct node_visits {
        visits every, latest_per_subject;
        std::unordered_map<std::string_view, std::size_t> place;  // of a subject in latest_per_subject
    };
    struct step {
        const trace::span *latest = nullptr, *latest_run = nullptr;
        bool reached = false;
    };
    void add(const trace::span&);

    std::unordered_map<std::string_view, const trace::span*> by_id_;
    std::unordered_map<std::string_view, node_visits> nodes_;
    std::unordered_map<std::string_view, visits> candidates_;
    std::map<two_words, step> steps_;                // by candidate and node
    std::map<two_words, const trace::span*> looks_;  // by probe and what it looked at
};

// Text evidence without a copy; "" when absent.
[[nodiscard]] std::string_view text_of(const trace::span&, const trace::evidence_name<std::string>&);
template <const auto& Words>
[[nodiscard]] std::string_view text_of(
    const trace::span& s, const trace::evidence_name<trace::code_word<Words>>& name) {
    return text_of(s, trace::evidence_name<std::string>{name});
}
// The candidate that a span belongs to, as the span spells it; "" for a look aside and for what is of no candidate.
[[nodiscard]] std::string_view candidate_named_by(const trace::span&);

// Two different words of many, each with the first span that said it: enough to tell whether any other than a given one
// was there.
class two_of_many {
public:
    void add(std::string_view word, const trace::span& said_by);
    [[nodiscard]] const trace::span* other_than(std::string_view word) const;  // null when there is none

private:
    std::array<std::pair<std::string, const trace::span*>, 2> kept_{};
};

}  // namespace ucsignin::diagnosis
