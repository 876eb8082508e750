// The driver of stage 5 over a session in memory: what leaves when, and what became of nodes whose answers never came.

#include "context_fixture.hpp"
#include "signin/provisioning/driver.hpp"
#include "signin/provisioning/requests.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::provisioning;
using testing::context_fixture;
using trace::not_run_reason;
using how = trace::outcome;

namespace {

// -- two tables of the test: `late` needs `early`, `other` needs nobody --

std::vector<std::string> happened;

constexpr request_id<int> early{0}, other{1}, late{2};

std::expected<int, sip::parse_error> count(std::string_view body) { return static_cast<int>(body.size()); }

template <char Which>
wish build(const endpoint& me, const answers& so_far) {
    happened.push_back(std::string("built ") + Which);
    if (Which == 'l') happened.push_back("early said " + std::to_string(*so_far.read(early)));
    return request_text{"SERVICE", me.sip_uri, {{"Test", std::string(1, Which)}}};
}

decided_at<"provisioning.contacts"> decide_early(const answers& a) {
    if (!a.at(early).accepted()) return {"refused", how::failed, "early"};
    return {"server", how::ok, "early"};
}
decided_at<"provisioning.configuration"> decide_other(const answers&) { return {"all", how::ok, "other"}; }
decided_at<"provisioning.presentity"> decide_late(const answers&) { return {"yes", how::ok, "late"}; }
decided_at<"provisioning.location_profile"> decide_both(const answers& a) {
    return {"profile", how::ok, std::to_string(*a.read(early) + *a.read(other))};
}
decided_at<"provisioning.available"> decide_last(const answers&) { return {"confirmed", how::ok, "last"}; }

constexpr request_row test_requests[] = {
    request<count>(early, "early", {}, "provisioning.contacts", build<'e'>),
    request<count>(other, "other", {}, "provisioning.configuration", build<'o'>),
    request<count>(late, "late", {early}, "provisioning.presentity", build<'l'>),
};
constexpr node_row test_nodes[] = {
    node<decide_early>({early}),
    node<decide_other>({other}),
    node<decide_late>({late}),
    node<decide_both>({early, other}),
    node<decide_last>({other}, chart::find("provisioning.contacts")),
};
constexpr tables test_tables{test_requests, test_nodes};

// -- a server --

struct asked_for {
    std::string what;
    sip::message request;
};

net::awaitable<asked_for> next_of(context_fixture& f) {
    auto m = co_await f.server.next();
    auto what = m.header("Test").value_or(m.header("Event").value_or(m.header("Content-Type").value_or("profile")));
    co_return asked_for{std::move(what), std::move(m)};
}

net::awaitable<void> reply_to(context_fixture& f, asked_for to, int status, std::string body) {
    happened.push_back("answered " + to.what);
    auto m = context_fixture::answer(to.request, status, std::move(body));
    co_await f.server.send(std::move(m));
}

// `e` and `o` come unasked for; `o` is answered first, and `l` only comes after the answer to `e`.
net::awaitable<void> serve_in_order(context_fixture& f) {
    auto first = co_await next_of(f);
    auto second = co_await next_of(f);
    co_await reply_to(f, std::move(second), 200, "12");
    co_await reply_to(f, std::move(first), 200, "123");
    auto third = co_await next_of(f);
    co_await reply_to(f, std::move(third), 200, "1");
}

net::awaitable<void> refuse_early(context_fixture& f) {
    auto first = co_await next_of(f);
    auto second = co_await next_of(f);
    co_await reply_to(f, std::move(first), 403, {});
    co_await reply_to(f, std::move(second), 200, "12");
}

net::awaitable<void> interrupt_after_both(context_fixture& f, net::asio::cancellation_signal& stop) {
    (void)co_await next_of(f);
    (void)co_await next_of(f);
    stop.emit(net::asio::cancellation_type::all);
    f.beside.cancel();
}

void drive(context_fixture& f, const tables& of, net::awaitable<void> server, bool publish = true) {
    happened.clear();
    net::test::start(f.io, std::move(server));
    endpoint me{f.c.who.sip_uri, f.s->epid, "192.0.2.10:50812", publish};
    net::test::run(f.io, provisioning::drive(f.c, f.s, std::move(me), of));
}

using words = std::vector<std::string>;

// -- the real tables --

const std::string no_self = "<roamingData/>";
const std::string available =
    R"(<roamingData><categories><category name="state" container="2"><state type="aggregateState"><availability>3500</availability></state></category></categories></roamingData>)";
constexpr auto self_event = "vnd-microsoft-roaming-self";
constexpr auto publication_type = "application/msrtc-category-publish+xml";

struct script {
    int self = 200, others = 200;
    int conflicts = 0;
    bool told_later = false;
};

// Neither the answer nor the notification before it tells what others see; the next one does.
net::awaitable<void> tell_later(context_fixture& f, asked_for publication) {
    auto before = context_fixture::notification(self_event, no_self);
    co_await f.server.send(std::move(before));
    co_await reply_to(f, std::move(publication), 200, no_self);
    while (!f.trace.visited("provisioning.presentity")) co_await net::pass_time(net::clock::now());
    auto later = context_fixture::notification(self_event, available);
    co_await f.server.send(std::move(later));
}

net::awaitable<void> answer_as(context_fixture& f, script& as, asked_for got) {
    if (got.what == self_event) co_await reply_to(f, std::move(got), as.self, no_self);
    else if (got.what != publication_type) co_await reply_to(f, std::move(got), as.others, "?");
    else if (as.conflicts-- > 0) co_await reply_to(f, std::move(got), 409, "<Fault/>");
    else if (as.told_later) co_await tell_later(f, std::move(got));
    else co_await reply_to(f, std::move(got), 200, available);
}

net::awaitable<void> serve(context_fixture& f, script as, std::vector<std::string>& order) {
    for (;;) {
        auto got = co_await next_of(f);
        order.push_back(got.what);
        co_await answer_as(f, as, std::move(got));
    }
}

// Says nothing until so many have come.
net::awaitable<void> serve_a_burst(context_fixture& f, std::size_t of, std::vector<std::string>& order) {
    script as;
    std::vector<asked_for> all;
    while (all.size() < of) {
        auto got = co_await next_of(f);
        order.push_back(got.what);
        all.push_back(std::move(got));
    }
    for (auto& one : all) co_await answer_as(f, as, std::move(one));
}

struct whole_stage : context_fixture {
    explicit whole_stage(script as, bool publish = true) {
        drive(*this, {requests, nodes()}, serve(*this, as, order), publish);
    }
    words order;
};

}  // namespace

TEST_CASE("what depends on no answer leaves at once, what needs one when it is there") {
    context_fixture f;
    drive(f, test_tables, serve_in_order(f));
    CHECK(happened == words{"built e", "built o", "answered o", "answered e", "built l", "early said 3", "answered l"});
    CHECK(f.span("provisioning.presentity").branch == "yes");
    CHECK(f.span("provisioning.location_profile").summary == "5");
    const auto& told = f.span("provisioning.contacts");
    CHECK(told.text(ev::sip_event) == "early");
    CHECK(told.number(ev::sip_status) == 200);
    CHECK_FALSE(f.span("provisioning.location_profile").has(ev::sip_event));
}

TEST_CASE("a span names those whose answers it needed") {
    context_fixture f;
    drive(f, test_tables, serve_in_order(f));
    const auto id = [&](std::string_view node) { return f.span(node).span_id; };
    const auto waited = [&](std::string_view node) { return f.span(node).waited_for; };
    CHECK(waited("provisioning.contacts") == words{f.registered});
    CHECK(waited("provisioning.configuration") == words{f.registered});
    CHECK(waited("provisioning.presentity") == words{id("provisioning.contacts")});
    CHECK(
        waited("provisioning.location_profile") ==
        words{id("provisioning.contacts"), id("provisioning.configuration")});
    CHECK(waited("provisioning.available") == words{id("provisioning.contacts"), id("provisioning.configuration")});
    words path;
    for (const auto* s : critical_path(f.trace.so_far(), f.span("provisioning.presentity"))) path.push_back(s->node);
    CHECK(path == words{"registration.confirmed", "provisioning.contacts", "provisioning.presentity"});
}

TEST_CASE("a refused need: the request is never sent, and what needs the answer isn't reached") {
    context_fixture f;
    drive(f, test_tables, refuse_early(f));
    CHECK(happened == words{"built e", "built o", "answered e", "answered o"});
    CHECK(f.span("provisioning.contacts").branch == "refused");
    CHECK(f.span("provisioning.configuration").branch == "all");
    for (const auto* node : {"provisioning.presentity", "provisioning.location_profile"}) {
        CHECK(f.span(node).outcome == how::not_run);
        CHECK(f.span(node).reason == not_run_reason::not_reached);
        CHECK(f.span(node).summary == "it needs the answer to early: 403 Reason");
        CHECK(f.span(node).waited_for.front() == f.span("provisioning.contacts").span_id);
    }
    CHECK(f.span("provisioning.available").branch == "confirmed");
}

TEST_CASE("what is interrupted says so, and starts nothing more") {
    context_fixture f;
    happened.clear();
    net::asio::cancellation_signal stop;
    net::test::start(f.io, interrupt_after_both(f, stop));
    endpoint me{f.c.who.sip_uri, f.s->epid, "192.0.2.10:50812", true};
    std::exception_ptr thrown;
    auto ended = [&](const std::exception_ptr& by) { thrown = by; };
    net::asio::co_spawn(
        f.io, provisioning::drive(f.c, f.s, std::move(me), test_tables),
        net::asio::bind_cancellation_slot(stop.slot(), ended));
    while (!thrown && f.io.run_one() > 0) {}
    CHECK_NOTHROW(net::rethrow_bug(thrown));
    CHECK(happened == words{"built e", "built o"});
    for (const auto* node : {"provisioning.contacts", "provisioning.configuration", "provisioning.location_profile"})
        CHECK(f.span(node).reason == not_run_reason::interrupted);
    CHECK_FALSE(f.trace.visited("provisioning.presentity"));
}

TEST_CASE("stage 5 leaves in one burst, and the publication waits for no answer") {
    context_fixture f;
    words order;
    drive(f, {requests, nodes()}, serve_a_burst(f, 5, order));
    CHECK(
        order == words{
                     self_event, publication_type, "vnd-microsoft-roaming-contacts", "vnd-microsoft-provisioning-v2",
                     "profile"});
    CHECK(f.span("provisioning.login").branch == "yes");
    CHECK(f.span("provisioning.presentity").branch == "yes");
    CHECK(f.span("provisioning.available").branch == "confirmed");
    words path;
    for (const auto* s : critical_path(f.trace.so_far(), f.span("provisioning.available"))) path.push_back(s->node);
    CHECK(
        path == words{
                    "registration.confirmed", "provisioning.login", "provisioning.subscription",
                    "provisioning.presentity", "provisioning.available"});
}

TEST_CASE("a conflict is answered twice at most") {
    CHECK(whole_stage({.conflicts = 2}).span("provisioning.presentity").branch == "conflict_resolved");
    const whole_stage for_ever({.conflicts = 100});
    CHECK(for_ever.span("provisioning.presentity").summary == "version conflict, 3 times");
    CHECK(for_ever.order.size() == 7);
    CHECK_FALSE(for_ever.trace.visited("provisioning.available"));
}

TEST_CASE("what others see may be told by the next notification") {
    const whole_stage f({.told_later = true});
    CHECK(f.span("provisioning.available").branch == "confirmed");
    CHECK(f.span("provisioning.available").text(ev::sip_event).empty());
}

TEST_CASE("what stands behind a node at which the sign-in ends was not reached, and the rest is told") {
    const whole_stage f({.self = 500});
    CHECK(f.span("provisioning.login").branch == "yes");
    CHECK(f.span("provisioning.subscription").branch == "refused");
    CHECK_FALSE(f.trace.visited("provisioning.presentity"));
    CHECK_FALSE(f.trace.visited("provisioning.available"));
    CHECK(f.trace.visited("provisioning.contacts"));
    const whole_stage none({.self = 500, .others = 403});
    CHECK(none.span("provisioning.login").branch == "refused");
    CHECK_FALSE(none.trace.visited("provisioning.subscription"));
    CHECK(none.span("provisioning.configuration").branch == "refused");
}

TEST_CASE("--no-publish is said at what it leaves out") {
    const whole_stage f({}, false);
    CHECK(f.order.size() == 4);
    for (const auto* node : {"provisioning.presentity", "provisioning.available"}) {
        CHECK(f.span(node).reason == not_run_reason::switched_off);
        CHECK(f.span(node).summary == "--no-publish");
    }
}
