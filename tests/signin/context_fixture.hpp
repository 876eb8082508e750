#pragma once
// A context of nothing but memory, and a session whose server is the test: for what comes after the log-in.

#include "../net/failing_stream.hpp"
#include "../sip/connection_fixture.hpp"
#include "scripted_environment.hpp"
#include "signin/base/clock_watch.hpp"
#include "signin/base/this_pc.hpp"
#include "signin/base/session.hpp"
#include "signin/base/trust_trace.hpp"
#include "signin/base/web_client.hpp"

namespace ucsignin::signin::testing {

struct context_fixture {
    explicit context_fixture(double timeout_s = 5, host::proxy_settings by = {}, profile_cache kept = {})
        : until(std::chrono::duration<double>(timeout_s)),
          pc(io.get_executor(), {}, std::move(by), true, std::move(kept)) {
        auto [mine, other] = net::make_memory_pair(io.get_executor());
        server.stream = std::move(other);
        mine = net::test::fail_at(std::move(mine), registrar, "registrar");
        s->sip = sip::connection::start(std::move(mine), io.get_executor(), session::events_for(s));
        s->sip->protect(std::make_shared<sip::testing::marker>());
        auto confirmed = trace.open<"registration.confirmed">(s->candidate);
        registered = confirmed.span_id();
        confirmed.finish("yes", trace::outcome::ok, "registered");
    }

    // Of the server, signed.
    [[nodiscard]] static sip::message answer(const sip::message& to, int status, std::string body = {}) {
        auto m = sip::testing::answer_of(to, status, "good");
        m.body = std::move(body);
        return m;
    }
    [[nodiscard]] static sip::message notification(const std::string& event, std::string body) {
        auto m = sip::testing::request_of("BENOTIFY", 2, "notification");
        m.add("Event", event).add("Authentication-Info", "good");
        m.body = std::move(body);
        return m;
    }
    [[nodiscard]] const trace::span& span(std::string_view node) const {
        const auto* found = trace.so_far().latest(chart::by_name(node));
        INFO(node);
        REQUIRE(found);
        return *found;
    }

    double now = 0;
    options wanted;
    trace::recorder trace{"0af7651916cd43dd8448eb211c80319c", "2026-03-01T09:30:00Z", [this] { return ++now; }};
    net::asio::io_context io;
    deadlines until;
    net::task_group beside{io.get_executor()};
    auth::ledger passwords{io.get_executor()}, proxy_passwords{io.get_executor(), auth::ledger::of::proxy};
    trust_rule trusted_names{"contoso.example", {}};
    trust_memory trust_so_far;
    auth::ticket_cache tickets;
    std::shared_ptr<scripted_dialer> dialer = std::make_shared<scripted_dialer>();
    std::shared_ptr<scripted_resolver> names = std::make_shared<scripted_resolver>();
    environment around = scripted_environment(dialer, names);
    web_client web;
    clock_watch clock;
    this_pc pc;
    context c{
        wanted,
        {"alice", "contoso.example", "alice@contoso.example", "sip:alice@contoso.example", "alice@contoso.example"},
        io.get_executor(),
        trace,
        until,
        beside,
        passwords,
        proxy_passwords,
        trusted_names,
        trust_so_far,
        tickets,
        around,
        web,
        clock,
        pc};
    std::shared_ptr<session> s = std::make_shared<session>(c, net::host_port{"fe01.contoso.example", 5061});
    std::shared_ptr<net::test::harm> registrar = std::make_shared<net::test::harm>();  // of the session's stream
    sip::testing::peer server;
    std::string registered;  // the span id
};

}  // namespace ucsignin::signin::testing
