#include "signin/sign_in.hpp"

#include <algorithm>

#include "signin/clock_watch.hpp"
#include "signin/connection/connection.hpp"
#include "signin/devices/devices.hpp"
#include "signin/discovery/cached_server.hpp"
#include "signin/discovery/discovery.hpp"
#include "signin/provisioning/provisioning.hpp"
#include "signin/registration/registration.hpp"
#include "signin/stay.hpp"

namespace ucsignin::signin {
namespace {

using connection::connected;
using registration::registered;

constexpr std::size_t most_redirects = 5;

std::shared_ptr<session> open_session(context& c, connected& on) {
    auto s = std::make_shared<session>(c, on.server.name());
    s->local_address = on.stream->local_address();
    s->client_certificate_wanted = on.by->facts.client_certificate_wanted;
    s->sip = sip::connection::start(std::move(on.stream), c.executor, session::events_for(s));
    return s;
}

void trace_loop(context& c, const session& s, const std::string& home) {
    auto span = c.trace.open("registration.redirect", s.candidate);
    span.note(ev::candidate, s.candidate).note(ev::home_server, home);
    span.finish("loop", trace::outcome::failed, "sent on to " + home + ", where this sign-in has been before");
}

// The server that a redirect names is trusted as it is (protocol section 1.5), its certificate is checked like any other.
net::awaitable<std::optional<connected>> follow(context& c, connection::probes& started, net::host_port home) {
    const candidate there{home, origin::redirect, "redirected by the registrar", true};
    auto p = started.start(home);
    co_await p->done.wait(c.until.total());
    if (!p->up()) co_return std::nullopt;
    co_return connected{there, 0, std::move(p->stream), p};
}

struct stage_four {
    std::shared_ptr<session> in;     // set when registered
    std::optional<std::string> ended_on;
    bool try_next = false;
};

// One candidate, and the home servers it may send us to.
net::awaitable<stage_four> register_at(context& c, connection::probes& started, connection::chooser& choice, connected on,
                                       std::shared_ptr<registration::key_maker> key, std::shared_ptr<progress> so_far) {
    const auto first = on.server.name();
    std::vector<net::host_port> visited;
    for (;;) {
        visited.push_back(on.server.server);
        // Asked when the credentials are due: by then the certificate may be known to have been revoked.
        const auto credentials_allowed = [server_trusted = on.server.trusted, by = on.by] { return server_trusted && by->certificate.trusted; };
        auto s = open_session(c, on);
        so_far->current = s;
        const auto ended = co_await registration::register_endpoint(c, s, credentials_allowed, key);
        if (ended.how == registered::end::confirmed) co_return stage_four{s, first};
        s->sip->close();
        if (ended.how == registered::end::not_this_service) choice.note_failure(first, ended.why);
        if (ended.how == registered::end::not_this_service) co_return stage_four{nullptr, std::nullopt, true};
        // What a kept server says that nobody names any more is no verdict, unless it is about the password.
        const bool outdated = on.server.origin == origin::cache && !on.server.found_again && c.passwords.refusals() == 0;
        if (ended.how == registered::end::failed) co_return stage_four{nullptr, first, !credentials_allowed() || outdated};
        if (std::ranges::find(visited, *ended.home) != visited.end() || visited.size() > most_redirects) {
            trace_loop(c, *s, ended.home->host);
            co_return stage_four{nullptr, first};
        }
        auto next = co_await follow(c, started, *ended.home);
        if (!next) co_return stage_four{nullptr, first};
        on = std::move(*next);
    }
}

// Stages 3 and 4: candidates in the client's order until one takes us or says no for good.
net::awaitable<std::shared_ptr<session>> connect_and_register(context& c, connection::probes& started, std::vector<candidate> candidates,
                                                              std::shared_ptr<registration::key_maker> key, std::shared_ptr<progress> so_far) {
    const auto first = candidates.empty() ? std::optional<candidate>{} : candidates.front();
    connection::chooser choice(c, started, std::move(candidates));
    std::shared_ptr<session> in;
    std::optional<std::string> ended_on;
    for (;;) {
        auto on = co_await choice.next();
        if (!on) break;
        if (c.options.until_stage < 4) {
            ended_on = on->server.name();
            break;
        }
        auto outcome = co_await register_at(c, started, choice, std::move(*on), key, so_far);
        if (outcome.ended_on) ended_on = outcome.ended_on;
        in = outcome.in;
        if (!outcome.try_next) break;
    }
    choice.decide(ended_on);
    if (first && discovery::is_stale(*first, ended_on == first->name())) discovery::note_stale(c, *first);
    if (in) {
        if (const auto last = net::parse_host_port(in->candidate, 0)) discovery::keep_server(c, *last);
    }
    co_return in;
}

void switch_off(context& c, int from_stage) {
    for (const auto& node : chart::nodes())
        if (node.stage >= from_stage && node.implemented && !c.trace.visited(node.id) && node.id != "provisioning.sign_out")
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
    std::function<void(net::host_port)> dial = [still = std::weak_ptr(probes), may_dial](net::host_port server) {
        if (const auto running = still.lock(); running && may_dial) running->start(std::move(server));
    };
    auto found = co_await discovery::discover(c, std::move(dial));
    if (c.options.until_stage < 3) co_return switch_off(c, 3);

    so_far->current = nullptr;
    const auto in = co_await connect_and_register(c, *probes, std::move(found.candidates), key, so_far);
    if (c.options.until_stage < 4) co_return switch_off(c, 4);
    if (!in) co_return;
    if (!c.options.server) {
        found.signs.remote_user = in->remote_user;
        discovery::trace_vantage(c, found.signs);
    }
    if (c.options.until_stage < 5) co_return switch_off(c, 5);
    co_await provisioning::provision(c, in);
    if (c.options.stay_s > 0) co_await stay(c, in);
}

}  // namespace ucsignin::signin
