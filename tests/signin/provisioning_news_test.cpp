// Which notification a subscription's data come from, and what is noted where none came that can be trusted.

#include "context_fixture.hpp"
#include "signin/provisioning/driver.hpp"
#include "signin/provisioning/requests.hpp"
#include "trace/evidence_provisioning.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::provisioning;
using testing::context_fixture;

namespace {

constexpr auto list_event = "vnd-microsoft-roaming-contacts";
const std::string one_contact =
    R"(<contactList deltaNum="1"><group id="1" name="~"/><contact uri="bob@contoso.example" groups="1"/></contactList>)";
const std::string change = R"(<contactDelta deltaNum="2" prevDeltaNum="1"/>)";

// The table of the test: the contact list alone.
decided_at<"provisioning.contacts"> decide(const answers& all) {
    using decided_here = decided_at<"provisioning.contacts">;
    const auto* list = all.read(asked::contacts);
    if (!list) return decided_here{"refused", trace::outcome::failed, all.at(asked::contacts).why_nothing()};
    return decided_here{"server", trace::outcome::ok, std::to_string(list->contacts.size())};
}
constexpr node_row list_node[] = {node<decide>({asked::contacts})};

struct told {
    std::string call_id;  // "": that of the subscription
    std::string body;
};

sip::message notification(const sip::message& subscription, const told& one) {
    auto m = sip::testing::request_of(
        "BENOTIFY", 2, one.call_id.empty() ? subscription.header("Call-ID").value_or("") : one.call_id);
    m.add("Event", list_event).add("Authentication-Info", "good");
    m.body = one.body;
    return m;
}

// A 200 without a body, and then what is told; all other requests are refused.
net::awaitable<void> serve(context_fixture& f, std::vector<told> before, std::vector<told> after) {
    for (;;) {
        auto asked = co_await f.server.next();
        const bool is_list = asked.header("Event") == list_event;
        if (is_list)
            for (const auto& one : before) {
                auto news = notification(asked, one);
                co_await f.server.send(std::move(news));
            }
        auto answer = context_fixture::answer(asked, is_list ? 200 : 403);
        co_await f.server.send(std::move(answer));
        if (!is_list) continue;
        for (const auto& one : after) {
            auto news = notification(asked, one);
            co_await f.server.send(std::move(news));
        }
    }
}

net::awaitable<void> sign_wrongly(context_fixture& f) {
    for (;;) {
        auto asked = co_await f.server.next();
        auto answer = sip::testing::answer_of(asked, 200, "bad");
        co_await f.server.send(std::move(answer));
    }
}

void drive(context_fixture& f, net::awaitable<void> server) {
    net::test::start(f.io, std::move(server));
    endpoint me{f.c.who.sip_uri, f.s->epid, "192.0.2.10:50812", false};
    net::test::run(f.io, provisioning::drive(f.c, f.s, std::move(me), tables{requests, list_node}));
}

void check_list(std::vector<told> before, std::vector<told> after) {
    context_fixture f(2);
    drive(f, serve(f, std::move(before), std::move(after)));
    CHECK(f.span("provisioning.contacts").branch == "server");
    CHECK(f.span("provisioning.contacts").summary == "1");
}

}  // namespace

TEST_CASE("the first notification in a subscription's dialog is the whole, what follows are changes") {
    check_list({}, {{{}, one_contact}});
    check_list({}, {{{}, one_contact}, {{}, change}});
    check_list({{{}, one_contact}, {{}, change}}, {});
}

TEST_CASE("an older dialog that ends or changes says nothing about this one") {
    check_list({{"older", {}}}, {{{}, one_contact}});
    check_list({{"older", change}}, {{{}, one_contact}});
    check_list({}, {{"older", {}}, {"older", change}, {{}, one_contact}});
}

TEST_CASE("a notification without a body is not yet the data") { check_list({}, {{{}, {}}, {{}, one_contact}}); }

TEST_CASE("a subscription that brings nothing says so, and not that something can't be read") {
    context_fixture f(1);
    drive(f, serve(f, {}, {{{}, {}}}));
    CHECK(f.span("provisioning.contacts").branch == "refused");
    CHECK(f.span("provisioning.contacts").number(ev::sip_status) == 200);
    CHECK(f.span("provisioning.contacts").summary.ends_with("and nothing with it or after it"));
}

TEST_CASE("answers that were discarded are counted at the request that waited for them") {
    context_fixture f(1);
    drive(f, sign_wrongly(f));
    const auto& span = f.span("provisioning.contacts");
    CHECK(span.number(ev::sip_discarded) == 1);
    CHECK_FALSE(span.number(ev::sip_status));
    CHECK(span.summary == "only answers without a valid signature came");
}
