// One pass over the spans fills every index.
#include "diagnosis/indexed_trace.hpp"

#include "diagnosis/case_view.hpp"

namespace ucsignin::diagnosis {
namespace {

const visits nothing;

template <class Map, class Key>
auto value_or_null(const Map& map, const Key& key) {
    const auto at = map.find(key);
    return at == map.end() ? nullptr : &at->second;
}

}  // namespace

std::string_view text_of(const trace::span& s, const trace::evidence_name<std::string>& name) {
    const auto* found = s.find(name.name);
    const auto* text = found ? std::get_if<std::string>(&found->value) : nullptr;
    return text ? std::string_view(*text) : std::string_view{};
}

std::string_view candidate_named_by(const trace::span& s) {
    if (s.has(ev::probe_kind)) return {};  // a look aside: at another address, or in another way
    const auto named = text_of(s, ev::candidate);
    const bool subject_names_it = s.stage >= 3 && !s.is_at("connection.candidate") &&
                                  s.subject.find("://") == std::string::npos;
    return named.empty() && subject_names_it ? std::string_view(s.subject) : named;
}

indexed_trace::indexed_trace(const trace::record& record) : spans(record.spans), started_at(record.started_at) {
    for (const auto& s : spans) add(s);
}

void indexed_trace::add(const trace::span& s) {
    by_id_.try_emplace(s.span_id, &s);
    auto& node = nodes_[s.node];
    node.every.push_back(&s);
    const auto [place, is_new] = node.place.try_emplace(s.subject, node.latest_per_subject.size());
    if (is_new) node.latest_per_subject.push_back(&s);
    else node.latest_per_subject[place->second] = &s;

    const auto candidate = candidate_named_by(s);
    candidates_[candidate].push_back(&s);
    auto& taken = steps_[{candidate, s.node}];
    taken.latest = &s;
    if (ran(s)) taken.latest_run = &s;
    taken.reached = taken.reached || went_well(s);
    if (s.node.ends_with(".cross_check")) looks_[{text_of(s, ev::probe_kind), text_of(s, ev::probe_of)}] = &s;
}

const trace::span* indexed_trace::by_id(std::string_view span_id) const {
    const auto* found = value_or_null(by_id_, span_id);
    return found ? *found : nullptr;
}

const trace::span* indexed_trace::latest(chart::sought_node node) const {
    const auto* found = value_or_null(nodes_, node.id());
    return found ? found->every.back() : nullptr;
}

const trace::span* indexed_trace::latest(chart::sought_node node, std::string_view subject) const {
    const auto* found = value_or_null(nodes_, node.id());
    const auto* place = found ? value_or_null(found->place, subject) : nullptr;
    return place ? found->latest_per_subject[*place] : nullptr;
}

const visits& indexed_trace::all(chart::sought_node node) const {
    const auto* found = value_or_null(nodes_, node.id());
    return found ? found->latest_per_subject : nothing;
}

const visits& indexed_trace::at(chart::sought_node node) const {
    const auto* found = value_or_null(nodes_, node.id());
    return found ? found->every : nothing;
}

const visits& indexed_trace::of(std::string_view candidate) const {
    const auto* found = value_or_null(candidates_, candidate);
    return found ? *found : nothing;
}

const trace::span* indexed_trace::latest_of(std::string_view candidate, chart::sought_node node) const {
    const auto* found = value_or_null(steps_, two_words{candidate, node.id()});
    return found ? found->latest : nullptr;
}

const trace::span* indexed_trace::latest_run_of(std::string_view candidate, chart::sought_node node) const {
    const auto* found = value_or_null(steps_, two_words{candidate, node.id()});
    return found ? found->latest_run : nullptr;
}

bool indexed_trace::reached(chart::sought_node node, std::string_view candidate) const {
    const auto* found = value_or_null(steps_, two_words{candidate, node.id()});
    return found && found->reached;
}

const trace::span* indexed_trace::second_look(trace::look_ref probe, std::string_view of) const {
    const auto* found = value_or_null(looks_, two_words{probe.word(), of});
    return found ? *found : nullptr;
}

void two_of_many::add(std::string_view word, const trace::span& said_by) {
    auto& [first, second] = kept_;
    if (!first.second) first = {std::string(word), &said_by};
    else if (!second.second && first.first != word) second = {std::string(word), &said_by};
}

const trace::span* two_of_many::other_than(std::string_view word) const {
    for (const auto& [kept, said_by] : kept_)
        if (said_by && kept != word) return said_by;
    return nullptr;
}

}  // namespace ucsignin::diagnosis
