// The stop is the gate at which the candidate that came furthest failed: those before it were not what kept the user
// out.
#include "diagnosis/stop.hpp"

#include <algorithm>

#include "diagnosis/dns_evidence.hpp"
#include "diagnosis/names.hpp"
#include "ucsignin/chart.hpp"

namespace ucsignin::diagnosis {
namespace {

constexpr chart::node_ref publication = "provisioning.presentity", redirect = "registration.redirect",
                          candidates = "discovery.candidates";

bool went_as_needed(const case_view& view, std::string_view candidate, const chart::node& node) {
    const auto* s = view.trace.latest_of(candidate, node);
    if (&node == &*publication && (!view.facts.publish || (s && s->reason == trace::not_run_reason::switched_off)))
        return true;
    return s && went_well(*s) && std::ranges::find(node.role.signed_in_by, s->branch) != node.role.signed_in_by.end();
}

// A name or a connection that answered proves that there is a network, whatever the adapters look like.
bool network_answered(const case_view& view) {
    return std::ranges::any_of(view.trace.spans, [](const trace::span& s) {
        if (s.is_at("connection.tcp")) return went_well(s);
        return std::ranges::any_of(s.words(ev::dns_answer_state), [](const auto& state) {
            return state != "timeout" && state != "unreachable" && state != "malformed";
        });
    });
}

const trace::span* no_network(const case_view& view) {
    if (network_answered(view)) return nullptr;
    const auto* adapters = view.trace.latest("devices.adapters");
    if (adapters && adapters->branch == "none_usable") return adapters;
    const auto& routes = view.trace.all("devices.route");
    const auto closed = [](const trace::span* s) { return s->branch == "no_route" || !ran(*s); };
    const auto without = std::ranges::find(
        routes, std::string("no_route"), [](const trace::span* s) { return s->branch; });
    return without != routes.end() && std::ranges::all_of(routes, closed) ? *without : nullptr;
}

// The gate at which a candidate ended: the last that failed and did not go well in a later attempt. (Several addresses
// of a host are tried in turn; a refused cached certificate is replaced.) A failed certificate is the end, though the
// server is still asked what it is: no credentials go there.
const trace::span* gate_that_failed(const case_view& view, std::string_view candidate) {
    const trace::span* failed = nullptr;
    if (candidate.empty()) return nullptr;
    for (const auto* s : view.trace.of(candidate)) {
        if (!is_gate(s->node) || view.trace.latest_of(candidate, chart::by_name(s->node)) != s || !went_wrong(*s))
            continue;
        if (s->is_at("connection.certificate")) return s;
        // A connection that was lost in stage 5 was made once more; how far the second one came changes nothing.
        if (failed && failed->stage == 5 && s->stage < 5) continue;
        failed = s;
    }
    if (failed && failed->is_at("connection.tcp") && view.reached("connection.tls", candidate)) return nullptr;
    return failed;
}

// How far a candidate came. A home server continues where its redirector stopped.
int distance(const case_view& view, const trace::span& failed) {
    const int own = chart::position(failed.node);
    return view.from_redirect(candidate_of(failed)) ? std::max(own, chart::position(redirect->id)) : own;
}

// A name that nobody gave, and that exists only because the network answers for every name, is no candidate at all.
bool is_nobody(const case_view& view, const std::string& candidate) {
    return view.origin_of(candidate) == "a_fallback" && is_made_up(view, host_of(candidate));
}

const trace::span* furthest_failure(const case_view& view) {
    const trace::span* furthest = nullptr;
    const bool all_made_up = std::ranges::all_of(
        view.candidates, [&](const std::string& candidate) { return is_nobody(view, candidate); });
    for (const auto& candidate : view.candidates) {
        if (!all_made_up && is_nobody(view, candidate)) continue;
        const auto* failed = gate_that_failed(view, candidate);
        if (failed && (!furthest || distance(view, *failed) > distance(view, *furthest))) furthest = failed;
    }
    return furthest;
}

// Nothing is marked as failed, yet nobody is signed in: the last gate that was visited, by the candidate that came
// furthest.
const trace::span* last_gate_visited(const case_view& view) {
    const trace::span* furthest = nullptr;
    for (const auto& s : view.trace.spans)
        if (is_gate(s.node) && ran(s) && !candidate_of(s).empty() &&
            (!furthest || chart::position(s.node) >= chart::position(furthest->node)))
            furthest = &s;
    return furthest;
}

const trace::span* failed_before_candidates(const case_view& view) {
    constexpr chart::node_ref first_steps[] = {"discovery.sip_domain", "discovery.candidates"};
    for (const auto node : first_steps)
        if (const auto* s = view.trace.latest(node); s && went_wrong(*s)) return s;
    return nullptr;
}

bool candidate_passed(const case_view& view, int stage) {
    return std::ranges::any_of(view.candidates, [&](const std::string& candidate) {
        if (gate_that_failed(view, candidate)) return false;
        if (stage == 4) return view.reached("registration.confirmed", candidate);
        return view.reached("connection.service", candidate) || view.reached("connection.certificate", candidate);
    });
}

// Ctrl-C, or a bug of ours: what had not failed by then has not stopped the sign-in.
bool cut_short(const case_view& view) { return view.facts.interrupted || !view.facts.fault.empty(); }

}  // namespace

bool signed_in(const case_view& view) {
    return std::ranges::any_of(view.candidates, [&](const std::string& candidate) {
        return std::ranges::all_of(chart::nodes(), [&](const chart::node& node) {
            return !node.role.is_needed() || went_as_needed(view, candidate, node);
        });
    });
}

bool ended_as_asked(const case_view& view) {
    const int until = view.facts.until_stage;
    if (view.signed_in || until >= 5 || no_network(view)) return false;
    if (until == 1) return true;
    if (failed_before_candidates(view)) return false;
    if (until == 2) return !view.candidates.empty() || view.trace.latest("discovery.candidates") != nullptr;
    return candidate_passed(view, until);
}

void find_stop(case_view& view) {
    if (ended_as_asked(view)) return;
    view.stop = no_network(view);
    if (!view.stop) view.stop = furthest_failure(view);
    if (!view.stop) view.stop = failed_before_candidates(view);
    if (!view.stop && !cut_short(view)) view.stop = last_gate_visited(view);
    if (view.stop) view.stopped_at = view.stop->node;
    else if (!cut_short(view)) view.stopped_at = candidates->id;
}

int stage_reached(const case_view& view) {
    if (view.signed_in) return 5;
    int reached = view.stopped_at.empty() ? 1 : chart::find(view.stopped_at)->stage;
    for (const auto& s : view.trace.spans) {
        const bool of_the_way = s.stage <= 2 || (!candidate_of(s).empty() && !s.is_at("provisioning.sign_out"));
        if (ran(s) && of_the_way) reached = std::max(reached, s.stage);
    }
    return reached;
}

int exit_code(const case_view& view) {
    constexpr int our_fault = 70;
    if (!view.facts.fault.empty()) return our_fault;
    if (view.signed_in) return 0;
    if (view.facts.interrupted) return 130;
    if (ended_as_asked(view)) return 0;
    return 10 * chart::find(view.stopped_at)->stage;
}

}  // namespace ucsignin::diagnosis
