// The judge, pure: where it stopped, all findings, which of them is the cause, and what would decide between
// look-alikes.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "diagnosis/certainty.hpp"
#include "diagnosis/root_cause.hpp"
#include "diagnosis/rules.hpp"
#include "diagnosis/stop.hpp"

namespace ucsignin::diagnosis {
namespace {

// The same fault seen again (another URL, another address) is one finding with more evidence.
class collection {
public:
    // Whether there was one; it is all_[place] then.
    std::optional<std::size_t> add(maybe found) {
        if (!found) return std::nullopt;
        const auto [place, is_new] = places_.try_emplace({found->id, found->subject}, all_.size());
        for (const auto& id : found->evidence)
            if (seen_.insert({place->second, id}).second && !is_new) all_[place->second].evidence.push_back(id);
        const auto at = place->second;
        if (is_new) all_.push_back(std::move(*found));
        return at;
    }
    void explain(std::size_t at, const std::string& more) { all_[at].explanation += " " + more; }
    [[nodiscard]] std::vector<finding> take() { return std::move(all_); }

private:
    std::vector<finding> all_;
    std::map<std::pair<std::string, std::string>, std::size_t> places_;  // by id and subject
    std::set<std::pair<std::size_t, std::string>> seen_;                 // evidence of each
};

// Spans that a later one on the same node, subject and candidate did not supersede.
visits standing_spans(const indexed_trace& record) {
    visits all;
    std::set<std::array<std::string_view, 4>> later;
    for (auto s = record.spans.rbegin(); s != record.spans.rend(); ++s)
        if (later.insert({s->node, s->subject, candidate_named_by(*s), text_of(*s, ev::probe_of)}).second && ran(*s))
            all.push_back(&*s);
    std::ranges::reverse(all);
    return all;
}

// A step of a candidate that had success with it later (another address of the same host) is no finding of its own.
bool overtaken(const case_view& view, const trace::span& s) {
    return is_gate(s.node) && !candidate_of(s).empty() && view.reached(chart::by_name(s.node), candidate_of(s));
}

// Names that are tried for want of a better source (sip, sipexternal at their usual ports) are no server's promise:
// where a record or Autodiscover led to a server that was reached, that nothing listens there is as it should be.
bool reached_by_a_better_name(const case_view& view) {
    return std::ranges::any_of(view.candidates, [&](const std::string& c) {
        return view.origin_of(c) != "a_fallback" && view.reached("connection.certificate", c);
    });
}

bool needless_fallback(const case_view& view, const trace::span& s) {
    return s.is_at("connection.tcp") && view.origin_of(candidate_of(s)) == "a_fallback" &&
           (view.once(reached_by_a_better_name) || !view.other_port_with_tls(candidate_of(s)).empty());
}

// How many visits of a node are looked at one by one, of those that failed and of the others: a person reads no more,
// and findings are long. What stopped the sign-in, and what rules look for in the whole trace, is found all the same.
constexpr std::size_t most_per_node = 256;

class rationing {
public:
    [[nodiscard]] bool is_due(const trace::span& s) {
        auto& node = nodes_[s.node];
        const bool due = ++(went_wrong(s) ? node.failed : node.others) <= most_per_node;
        node.left_out += !due && went_wrong(s);
        return due;
    }
    void found(const trace::span& s, std::optional<std::size_t> at) {
        if (at) nodes_[s.node].last_finding = at;
    }
    // Says how many were left out, at the last finding of each node.
    void tell(collection& all) const {
        for (const auto& [id, node] : nodes_)
            if (node.left_out > 0 && node.last_finding)
                all.explain(
                    *node.last_finding,
                    fmt::format(
                        "{} further steps failed here ({}) and were not examined one by one.", node.left_out, id));
    }

private:
    struct seen {
        std::size_t failed = 0, others = 0, left_out = 0;
        std::optional<std::size_t> last_finding;
    };
    std::map<std::string_view, seen> nodes_;
};

std::vector<finding> all_findings(const case_view& view) {
    collection all;
    rationing ration;
    if (view.stop) {
        const auto first = cause_of(view, *view.stop);
        all.add(first);
        if (first)
            for (auto& more : further_certificate_causes(view, *view.stop, *first)) all.add(std::move(more));
    }
    for (const auto rules :
         {clock_rules(), device_rules(), name_rules(), proxy_rules(), profile_rules(), dns_rules(), dns_record_rules(),
          autodiscover_rules(), kept_rules(), warning_rules()})
        for (const auto rule : rules) all.add(rule(view));
    constexpr chart::node_ref login = "provisioning.login";
    for (const auto* s : standing_spans(view.trace)) {
        if (!ration.is_due(*s)) continue;
        if (went_wrong(*s) && s != view.stop && !overtaken(view, *s) && !needless_fallback(view, *s))
            ration.found(*s, all.add(cause_of(view, *s)));
        // When no request after the 200 is served, each that was refused says the same again.
        const bool said = view.stopped_at == login->id && s->stage == 5;
        for (const auto notes :
             {connection_notes(), path_notes(), registration_notes(), provisioning_notes(), address_book_notes(),
              media_relay_notes(), presence_notes(), exchange_notes(*s), warning_notes()})
            for (const auto rule : notes) all.add(said ? maybe{} : rule(view, *s));
    }
    ration.tell(all);
    return all.take();
}

// Root causes first, then by severity, else as found.
void sort(std::vector<finding>& all, const std::vector<root_cause>& roots) {
    std::map<std::pair<std::string_view, std::string_view>, std::size_t> places;
    for (const auto& r : roots) places.try_emplace({r.id, r.subject}, places.size());
    std::vector<std::pair<std::size_t, std::size_t>> order;  // rank, place
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto root = places.find({all[i].id, all[i].subject});
        order.emplace_back(
            root != places.end() ? root->second : roots.size() + static_cast<std::size_t>(all[i].severity), i);
    }
    std::ranges::sort(order);
    std::vector<finding> sorted;
    for (const auto& [rank, place] : order) sorted.push_back(std::move(all[place]));
    all = std::move(sorted);
}

}  // namespace

verdict judge(const trace::record& record, const facts& run) {
    const auto view = look_at(record, run);
    verdict result;
    result.signed_in = view.signed_in;
    result.stage_reached = stage_reached(view);
    result.stopped_at = view.stopped_at;
    if (view.stop && view.stop->stage >= 3) result.stopped_candidate = candidate_of(*view.stop);
    result.exit_code = exit_code(view);
    result.findings = all_findings(view);
    for (auto& found : result.findings) hold_to_grounds(view.trace, found);
    result.root_causes = settle(view, result.findings);
    sort(result.findings, result.root_causes);
    return result;
}

}  // namespace ucsignin::diagnosis
