// It knows neither what is asked nor what it means: needs and nodes are data, so that a new node changes no sequence.
#include "signin/provisioning/driver.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "signin/base/decision.hpp"
#include "signin/base/notes.hpp"
#include "signin/provisioning/exchange.hpp"
#include "sip/bodies.hpp"

namespace ucsignin::signin::provisioning {
namespace {

using state = answer::state;
using trace::not_run_reason;

class driver {
public:
    driver(context& c, std::shared_ptr<session> s, endpoint me, tables of)
        : c_(c),
          s_(std::move(s)),
          me_(std::move(me)),
          of_(of),
          board_(std::make_shared<board>(c.executor, of.requests.size())),
          visits_(of.nodes.size()) {
        board_->all.own_address = me_.sip_uri;
        board_->all.dial = me_.dial;
        board_->all.presence_of = me_.presence_of;
        board_->all.remote = me_.remote;
        board_->all.own_machine_state = sip::machine_state_instance(me_.epid);
    }

    net::awaitable<void> run() {
        for (;;) {
            board_->changed.reset();
            while (step()) {}
            if (std::ranges::all_of(visits_, &visit::over)) co_return;
            // Requests and reading end by themselves at the total.
            const bool in_time = co_await board_->changed.wait(c_.until.due());
            if (!in_time) co_return;
        }
    }

private:
    struct visit {
        trace::scope span;
        std::string span_id;  // of the span that is or was open
        bool over = false;
        bool leads_on = true;  // once it is over
    };

    // True when something changed that others may have waited for.
    bool step() {
        bool changed = false;
        for (const auto& row : of_.requests) changed = start_if_ready(row) || changed;
        for (std::size_t i = 0; i < visits_.size(); ++i) changed = go_on(of_.nodes[i], visits_[i]) || changed;
        return changed;
    }

    // -- requests --

    bool start_if_ready(const request_row& row) {
        auto& a = board_->all.at(row.id);
        if (a.now != state::waiting) return false;
        for (const auto need : needs_of(row))
            if (board_->all.at(need).now != state::complete) return false;
        if (const auto lacking = first_lacking(row.needed)) {
            const auto& need = board_->all.at(*lacking);
            a.name = row.name;
            a.unsent = need.unsent.value_or(not_sent{});
            if (a.unsent->reason == not_run_reason::none) a.unsent = {not_run_reason::not_reached, said_no(need)};
            // Told at one node, which judges by the need: this one has nothing to add.
            if (!need.unsent || need.unsent->reason == not_run_reason::none)
                if (of_.requests[*lacking].told_at->id == row.told_at->id) a.unsent->reason = not_run_reason::none;
            a.now = state::complete;
        } else {
            start(c_, s_, me_, board_, row);
        }
        return true;
    }

    [[nodiscard]] needs needs_of(const request_row& row) const {
        return row.sources ? row.sources(board_->all) : row.needed;
    }
    [[nodiscard]] std::optional<std::size_t> first_lacking(const needs& rows) const {
        const auto lacks = [&](std::size_t row) { return !gave_something(board_->all.at(row)); };
        const auto* at = std::find_if(rows.begin(), rows.end(), lacks);
        return at == rows.end() ? std::nullopt : std::optional(*at);
    }
    [[nodiscard]] static bool gave_something(const answer& a) {
        return a.accepted() || (a.body && *a.body) || !a.each.empty();
    }
    [[nodiscard]] static std::string said_no(const answer& need) {
        return fmt::format("it needs the answer to {}: {}", need.name, need.in_words());
    }

    // -- nodes --

    bool go_on(const node_row& row, visit& v) {
        if (v.over) return false;
        if (const auto* before = row.after ? visit_of(*row.after) : nullptr; before) {
            if (!before->over) return false;
            if (!before->leads_on) return close(v, false);
        }
        if (const auto why = reason_against(row)) {
            if (!v.span.is_open()) open(row, v);
            note_waits(row, v.span);
            v.span.not_run(why->reason, why->why);
            return close(v, true);
        }
        const bool opened = !v.span.is_open() && has_begun(row);
        if (opened) open(row, v);
        if (!is_due(row)) return opened;
        if (!v.span.is_open()) open(row, v);
        finish(row, v, row.decide(board_->all));
        return true;
    }

    static bool close(visit& v, bool leads_on) {
        v.leads_on = leads_on;
        return v.over = true;
    }

    [[nodiscard]] bool all_reached(const needs& rows, state least) const {
        return std::ranges::all_of(rows, [&](std::size_t need) { return board_->all.at(need).now >= least; });
    }

    // With the first request that it is about, or when all are out that it only reads.
    [[nodiscard]] bool has_begun(const node_row& row) const {
        return all_reached(row.needed, state::under_way) || std::ranges::any_of(row.needed, [&](std::size_t need) {
                   return is_about(row, need) && board_->all.at(need).now >= state::under_way;
               });
    }

    [[nodiscard]] bool is_due(const node_row& row) const {
        if (row.when == when::all_complete)
            return all_reached(row.needed, state::complete) && all_reached(row.beside, state::complete);
        for (const auto need : row.needed) {
            const auto& a = board_->all.at(need);
            if (a.now < state::answered) return false;
            if (a.accepted()) return true;
        }
        return true;
    }

    [[nodiscard]] std::optional<not_sent> reason_against(const node_row& row) const {
        if (row.when == when::first_accepted) return std::nullopt;
        for (const auto need : row.needed) {
            const auto& a = board_->all.at(need);
            if (a.now != state::complete || gave_something(a)) continue;
            if (a.unsent && a.unsent->reason != not_run_reason::none) return a.unsent;
            if (!a.unsent && !is_about(row, need)) return not_sent{not_run_reason::not_reached, said_no(a)};
        }
        return std::nullopt;
    }

    [[nodiscard]] bool is_about(const node_row& row, std::size_t request) const {
        return of_.requests[request].told_at->id == row.node->id;
    }

    [[nodiscard]] visit* visit_of(const chart::node& node) {
        for (std::size_t i = 0; i < visits_.size(); ++i)
            if (of_.nodes[i].node->id == node.id) return &visits_[i];
        return nullptr;
    }

    void open(const node_row& row, visit& v) {
        v.span = c_.trace.open(row.node, s_->candidate);
        v.span_id = v.span.span_id();
        if (row.after)
            if (const auto* before = visit_of(*row.after)) v.span.wait_for(before->span_id);
    }

    // A span that holds an answer waited for what its request had needed; others wait for the span that holds it.
    void note_waits(const node_row& row, trace::scope& span) {
        for (const auto need : row.needed) {
            if (row.when == when::all_complete && !is_about(row, need)) {
                wait_for_holder(need, span);
                continue;
            }
            if (needs_of(of_.requests[need]).empty()) span.wait_for_latest("registration.confirmed", s_->candidate);
            wait_for_holders_before(row, need, span);
        }
        for (const auto need : row.beside) {
            if (is_about(row, need)) wait_for_holders_before(row, need, span);
            else wait_for_holder(need, span);
        }
    }
    void wait_for_holders_before(const node_row& row, std::size_t request, trace::scope& span) {
        for (const auto before : needs_of(of_.requests[request]))
            if (!is_about(row, before)) wait_for_holder(before, span);
    }
    void wait_for_holder(std::size_t request, trace::scope& span) {
        if (const auto* holder = visit_of(*of_.requests[request].told_at)) span.wait_for(holder->span_id);
    }

    void finish(const node_row& row, visit& v, decided found) {
        v.span.note(ev::candidate, s_->candidate);
        auto about = found.about;
        for (const auto need : row.needed)
            if (!about && is_about(row, need)) about = need;
        if (about) note_exchange(v.span, board_->all.at(*about));
        for (auto& fact : found.facts) v.span.note(std::move(fact));
        for (auto& facts : found.groups) {
            auto group = v.span.group();
            for (auto& fact : facts) group.note(std::move(fact));
        }
        if (found.decision) tell(v.span, *std::move(found.decision));
        note_waits(row, v.span);
        v.span.finish(found.branch, found.how, std::move(found.summary));
        close(v, !row.node->find(found.branch.name())->leads_to.empty());
    }

    // sip.event, status, diagnostics, or the error.
    static void note_exchange(trace::scope& span, const answer& a) {
        if (a.unsent || a.only_heard || !a.each.empty()) return;
        span.note(ev::sip_event, std::string(a.name));
        if (a.reply) note_sip(span, a.reply->answer);
        else note_sip_error(span, a.error);
        if (!a.reply && a.discarded > 0) span.note(ev::sip_discarded, std::int64_t{a.discarded});
    }

    context& c_;
    std::shared_ptr<session> s_;
    endpoint me_;
    tables of_;
    std::shared_ptr<board> board_;
    std::vector<visit> visits_;
};

}  // namespace

net::awaitable<void> drive(context& c, std::shared_ptr<session> s, endpoint me, tables of) {
    driver running(c, std::move(s), std::move(me), of);
    co_await running.run();
}

}  // namespace ucsignin::signin::provisioning
