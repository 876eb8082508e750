// Stages 1 to 5 on one page. Later stages begin as soon as an earlier one has what they need: servers are dialled while
// DNS is still answering. Then candidates are tried in order, and redirects followed, until one takes the user.
#include "signin/sign_in.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <ranges>

#include "signin/base/clock_watch.hpp"
#include "signin/connection/connection.hpp"
#include "signin/devices/devices.hpp"
#include "signin/discovery/cached_server.hpp"
#include "signin/discovery/discovery.hpp"
#include "signin/provisioning/provisioning.hpp"
#include "signin/registration/dial_again.hpp"
#include "signin/registration/registration.hpp"
#include "signin/stay.hpp"
#include "signin/base/trust_trace.hpp"

namespace ucsignin::signin {
namespace {

using connection::connected;
using registration::registered;

constexpr int most_redirects = 5;

void trace_loop(context& c, const session& s, const net::host_port& home, std::string why) {
    auto span = c.trace.open<"registration.redirect">(s.candidate);
    span.note(ev::candidate, s.candidate).note(ev::home_server, home.host);
    span.finish("loop", trace::outcome::failed, std::move(why));
}

// The servers that this sign-in has asked, whoever named them. One that had nothing because nobody whose word counts
// had named it may be asked again when somebody does.
class visits {
public:
    void begin_way() { way_begins_ = asked_.size(); }  // from another candidate
    void add(const net::host_port& server, bool trusted) { asked_.push_back({server, trusted}); }
    [[nodiscard]] bool were_at(const net::host_port& server, bool trusted) const { return since(0, server, trusted); }
    // Each server of the way sent us on to the next: back at one of them it is a circle. What was asked before the way
    // began has failed, and isn't part of any.
    [[nodiscard]] bool closes_circle(const net::host_port& server, bool trusted) const {
        return since(way_begins_, server, trusted);
    }
    [[nodiscard]] bool may_follow() { return redirects_++ < most_redirects; }

private:
    struct visit {
        net::host_port server;
        bool trusted;
    };
    [[nodiscard]] bool since(std::size_t first, const net::host_port& server, bool trusted) const {
        return std::ranges::any_of(asked_ | std::views::drop(first), [&](const visit& v) {
            return v.server == server && (v.trusted || !trusted);
        });
    }
    std::vector<visit> asked_;
    std::size_t way_begins_ = 0;
    int redirects_ = 0;
};

// What one candidate after the other shares.
struct attempts {
    connection::probes& started;
    connection::chooser& choice;
    std::shared_ptr<registration::key_maker> key;
    std::shared_ptr<progress> so_far;
    visits& seen;
};

// A server that a registrar names. Its own name is judged anew: the word of a stranger makes nobody trusted.
net::awaitable<std::optional<connected>> follow(context& c, attempts& all, const connected& from, net::host_port home) {
    naming by_registrar{naming_way::redirect, from.server.server.host, false, {}};
    if (from.server.trusted()) by_registrar.voucher = **from.server.trust;
    candidate there{home, origin::redirect, "redirected by the registrar", {by_registrar}};
    there.trust = decide_trust(c, home.host, by_registrar, there.name());
    const auto p = co_await all.started.reach(home, c.until.total());
    if (!p) co_return std::nullopt;
    co_return take(there, 0, p);
}

registration::permission permission_for(const connected& on) {
    return [trust = on.server.trust, by = on.by]() -> std::expected<credential_target, registration::no_log_in> {
        if (!trust || !*trust)
            return std::unexpected(registration::no_log_in{
                trust ? std::optional(trust->error()) : std::nullopt, trust ? trust->error().why : "nobody named it"});
        if (!by->certificate.trusted) return std::unexpected(registration::no_log_in{{}, by->certificate.why});
        return **trust;
    };
}

struct stage_four {
    std::shared_ptr<session> in;  // set when registered
    std::optional<candidate> at;  // where
    std::optional<std::string> ended_on;
    bool try_next = false;
};

struct way_home {
    std::optional<connected> to;
    bool was_there = false;  // its failure stands in the trace, and was no reason to stop when it happened
};

// The first of the home servers that can be reached and was not asked before: primary and backup registrar, say.
net::awaitable<way_home> go_home(
    context& c, attempts& all, const connected& on, const session& s, std::vector<net::host_port> homes) {
    bool was_there = false;
    std::string circle;
    for (const auto& home : homes) {
        if (all.seen.closes_circle(home, on.server.trusted())) {
            circle = "sent on to " + net::to_string(home) + ", where this sign-in has been before";
            continue;
        }
        if (all.seen.were_at(home, on.server.trusted())) {
            was_there = true;
            continue;
        }
        if (!all.seen.may_follow()) {
            circle = fmt::format("redirected more than {} times, last to {}", most_redirects, net::to_string(home));
            break;
        }
        auto reached = co_await follow(c, all, on, home);
        if (!reached) continue;
        way_home there{std::move(reached), false};
        co_return there;
    }
    if (!circle.empty() && !was_there) trace_loop(c, s, homes.front(), circle);
    co_return way_home{std::nullopt, was_there};
}

// One candidate, and the home servers it may send us to.
net::awaitable<stage_four> register_at(context& c, attempts& all, connected on) {
    const auto first = on.server.name();
    all.seen.begin_way();
    for (;;) {
        all.seen.add(on.server.server, on.server.trusted());
        const auto may_log_in = permission_for(on);
        const auto s = open_session(c, on.server.server, std::move(on.stream), on.by->facts);
        all.so_far->current = s;
        const auto ended = co_await registration::register_endpoint(c, s, may_log_in, all.key);
        if (ended.how == registered::end::confirmed) co_return stage_four{s, on.server, first};
        s->sip->close();
        if (ended.how == registered::end::not_this_service) all.choice.note_failure(first, ended.why);
        if (ended.how == registered::end::not_this_service) co_return stage_four{nullptr, {}, std::nullopt, true};
        // What a kept server says that nobody names any more is no verdict, unless it is about the password.
        const bool outdated = on.server.origin == origin::cache && !on.server.found_again && c.passwords.refused() == 0;
        if (ended.how == registered::end::failed) co_return stage_four{nullptr, {}, first, !may_log_in() || outdated};
        const bool trusted_there = on.server.trusted();
        auto next = co_await go_home(c, all, on, *s, ended.homes);
        if (!next.to) co_return stage_four{nullptr, {}, first, next.was_there || !trusted_there};
        on = std::move(*next.to);
    }
}

struct signed_on {
    std::shared_ptr<session> in;  // null when nobody took us
    std::optional<candidate> at;
};

// Stages 3 and 4: candidates in the client's order until one takes us or says no for good.
net::awaitable<signed_on> connect_and_register(
    context& c, connection::probes& started, std::vector<candidate> candidates,
    std::shared_ptr<registration::key_maker> key, std::shared_ptr<progress> so_far) {
    const auto first = candidates.empty() ? std::optional<candidate>{} : candidates.front();
    connection::chooser choice(c, started, std::move(candidates));
    visits seen;
    attempts all{started, choice, std::move(key), std::move(so_far), seen};
    signed_on done;
    std::optional<std::string> ended_on;
    for (;;) {
        auto on = co_await choice.next();
        if (!on) break;
        if (c.options.until_stage < 4) {
            ended_on = on->server.name();
            break;
        }
        if (seen.were_at(on->server.server, on->server.trusted())) {
            choice.note_failure(on->server.name(), "a redirect led there before");
            continue;
        }
        auto outcome = co_await register_at(c, all, std::move(*on));
        if (outcome.ended_on) ended_on = outcome.ended_on;
        done = {outcome.in, std::move(outcome.at)};
        if (!outcome.try_next) break;
    }
    choice.decide(ended_on);
    if (first && discovery::is_stale(*first, ended_on == first->name())) discovery::note_stale(c, *first);
    if (done.in) discovery::keep_server(c, done.in->server);
    co_return done;
}

// The same server once more; from there on as at the first time. Null when it comes to nothing.
net::awaitable<std::shared_ptr<session>> connect_again(
    context& c, connection::probes& started, candidate to, std::shared_ptr<registration::key_maker> key,
    std::shared_ptr<progress> so_far) {
    const auto p = co_await started.reach(to.server, c.until.total());
    if (!p) co_return nullptr;
    connection::chooser nobody_else(c, started, {});
    visits seen;
    attempts all{started, nobody_else, std::move(key), std::move(so_far), seen};
    auto on = take(to, 0, p);
    const auto outcome = co_await register_at(c, all, std::move(on));
    co_return outcome.in;
}

// Stage 5. A connection that is lost meanwhile is made once more; the session that is left.
net::awaitable<std::shared_ptr<session>> provision(
    context& c, connection::probes& started, signed_on on, std::shared_ptr<registration::key_maker> key,
    std::shared_ptr<progress> so_far) {
    co_await provisioning::provision(c, on.in);
    if (!registration::weigh_dialing_again(c, *on.in)) co_return on.in;
    const auto again = co_await connect_again(c, started, *on.at, std::move(key), so_far);
    if (!again) {
        // A REGISTER that is still open is what there is to sign out of.
        if (!so_far->current->asked_to_register) so_far->current = on.in;
        co_return on.in;
    }
    on.in->once_more->took_over = true;
    registration::trace_kept(c, *on.in);
    again->is_second = true;
    co_await provisioning::provision(c, again);
    registration::weigh_dialing_again(c, *again);
    co_return again;
}

void switch_off(context& c, int from_stage) {
    for (const auto& node : chart::nodes())
        if (node.stage >= from_stage && node.implemented && !c.trace.visited(node) &&
            node.id != "provisioning.sign_out")
            c.trace.not_run(node, trace::not_run_reason::switched_off, "--until ends before it");
}

}  // namespace

net::awaitable<void> sign_in(context& c, std::shared_ptr<progress> so_far) {
    const auto host = devices::probe(c);
    if (c.options.until_stage < 2) co_return switch_off(c, 2);
    if (!host.any_adapter) co_return;

    // Started early: the key takes 0.2 s, and servers are dialled as DNS names them.
    auto key = std::make_shared<registration::key_maker>(c.executor);
    if (c.options.until_stage >= 4 && c.has_password()) registration::start_key(c, key);
    const auto probes = std::make_shared<connection::probes>(c);
    const bool may_dial = c.options.until_stage >= 3;
    // A name may be answered after this is over: nobody is dialled then.
    discovery::server_found dial = [still = std::weak_ptr(probes), may_dial](
                                       net::host_port server, const std::string& named_by) {
        if (const auto running = still.lock(); running && may_dial) running->start(std::move(server), named_by);
    };
    auto found = co_await discovery::discover(c, std::move(dial));
    if (c.options.until_stage < 3) co_return switch_off(c, 3);

    so_far->current = nullptr;
    auto on = co_await connect_and_register(c, *probes, std::move(found.candidates), key, so_far);
    if (c.options.until_stage < 4) co_return switch_off(c, 4);
    if (!on.in) co_return;
    if (!c.options.server) {
        found.signs.remote_user = on.in->remote_user;
        discovery::trace_vantage(c, found.signs);
    }
    if (c.options.until_stage < 5) co_return switch_off(c, 5);
    const auto in = co_await provision(c, *probes, std::move(on), key, so_far);
    if (c.options.stay_s > 0) co_await stay(c, in);
}

}  // namespace ucsignin::signin
