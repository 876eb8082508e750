// Which candidate does the client end on?

#include <algorithm>
#include <fmt/format.h>

#include "signin/base/decision.hpp"
#include "signin/connection/connection.hpp"

namespace ucsignin::signin::connection {

using trace::outcome;

chooser::chooser(context& c, probes& started, std::vector<candidate> in_order)
    : context_(c),
      started_(started),
      candidates_(std::move(in_order)),
      why_not_(candidates_.size()),
      handed_out_(candidates_.size(), false) {
    for (const auto& one : candidates_) probes_.push_back(started.start(one.server));
}

net::awaitable<std::optional<connected>> chooser::next() {
    // Twice through the list: first each gets its grace, then the slow ones get what is left.
    for (const bool patient : {false, true}) {
        for (std::size_t i = 0; i < probes_.size(); ++i) {
            if (handed_out_[i]) continue;
            auto& p = *probes_[i];
            // They are under way side by side: those that are silent are silent together.
            const auto until = patient ? context_.until.total() : context_.until.grace(p.started);
            co_await p.done.wait(until);
            if (!p.done.is_set()) {
                why_not_[i] = "no answer within its grace";
                continue;
            }
            why_not_[i] = p.failure;
            if (!p.up()) continue;
            // A redirect may have taken its connection meanwhile.
            if (const auto up = co_await started_.reach(candidates_[i].server, context_.until.total())) {
                handed_out_[i] = true;
                co_return take(candidates_[i], i + 1, up);
            }
            why_not_[i] = "it could not be reached a second time";
        }
    }
    co_return std::nullopt;
}

void chooser::note_failure(const std::string& candidate_name, std::string why) {
    for (std::size_t i = 0; i < candidates_.size(); ++i)
        if (candidates_[i].name() == candidate_name) why_not_[i] = why;
}

trace::decision decide_candidate(std::span<const candidate_seen> seen, const std::optional<std::string>& ended_on) {
    using trace::verdict;
    std::vector<trace::considered> options;
    bool after = false;
    for (const auto& one : seen) {
        if (ended_on == one.name)
            options.push_back(
                {one.name, verdict::chosen,
                 options.empty() ? "the first in the client's order"
                                 : "the first in the client's order that could be used"});
        else if (!one.why_not.empty()) options.push_back({one.name, verdict::failed, one.why_not});
        else
            options.push_back(
                {one.name, verdict::not_tried,
                 after ? "a server before it in the order answered" : "the sign-in ended before it was asked"});
        after = after || ended_on == one.name;
    }
    return decided("Which candidate does the client end on?", std::move(options));
}

void chooser::decide(const std::optional<std::string>& ended_on) {
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
        if (handed_out_[i] || !probes_[i]->up()) continue;
        auto span = context_.trace.open<"connection.service">(candidates_[i].name());
        span.note(ev::candidate, candidates_[i].name());
        span.finish("not_asked", outcome::ok, "another server came first in the client's order; no SIP was sent here");
    }
    auto span = context_.trace.open<"connection.candidate">();
    std::vector<candidate_seen> seen;
    for (std::size_t i = 0; i < candidates_.size(); ++i) seen.push_back({candidates_[i].name(), why_not_[i]});
    tell(span, decide_candidate(seen, ended_on));
    const bool fallback = ended_on && !seen.empty() && seen.front().name != *ended_on;
    if (!ended_on)
        span.finish(
            "none", outcome::failed,
            candidates_.empty() ? "there was no server to try" : "none of the servers can be used");
    else span.finish({fallback, "fallback", "first_choice"}, fallback ? outcome::warning : outcome::ok, *ended_on);
}

}  // namespace ucsignin::signin::connection
