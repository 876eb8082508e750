// The presence of contacts: who is asked by which request, what came of each, and the driver with many answers to a
// row.

#include <algorithm>
#include <fmt/format.h>

#include "context_fixture.hpp"
#include "provisioning_told.hpp"
#include "signin/provisioning/driver.hpp"
#include "trace/evidence_provisioning.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::provisioning;
using namespace ucsignin::signin::provisioning::tests_of;
using testing::context_fixture;
namespace ev = trace::ev;

namespace {

const endpoint alice{"sip:alice@contoso.example", "0fa1b2c3d4e5", "192.0.2.10:50812"};
constexpr auto here = "provisioning.contact_presence";

const std::string contact_list =
    R"(<contactList deltaNum="1"><contact uri="bob@contoso.example"/><contact uri="carol@fabrikam.example"/>)"
    R"(<contact uri="dave@contoso.example"/></contactList>)";

std::string listed(const std::string& resources) { return "<list>" + resources + "</list>"; }
std::string resource(std::string_view uri, std::string_view instance) {
    return fmt::format(R"(<resource uri="sip:{}"><instance id="0" {}/></resource>)", uri, instance);
}

told with_contacts() { return told().answered(asked::contacts, 200, contact_list); }

sip::message reply_with(int status, std::vector<std::pair<std::string, std::string>> headers, std::string body = {}) {
    sip::message m;
    m.status = status;
    m.reason = status == 200 ? "OK" : "Refused";
    for (const auto& [name, value] : headers) m.add(name, value);
    m.body = std::move(body);
    return m;
}

void answered_each(told& by, std::size_t row, std::string about, sip::message with) {
    auto& one = by.all.at(row).each.emplace_back();
    one.about = std::move(about);
    const auto body = with.body;
    one.reply.emplace();
    one.reply->answer = std::move(with);
    if (one.accepted() && !body.empty()) one.body = requests[row].read(body);
}

// "state" of each contact, in the order of the list.
std::vector<std::string> states(const decided& found) {
    std::vector<std::string> all;
    for (const auto& group : found.groups)
        for (const auto& fact : group)
            if (fact.name->name == ev::contact_presence.name) all.push_back(std::get<std::string>(fact.value));
    return all;
}

template <class T>
T built(std::size_t row, const told& by, const endpoint& me = alice) {
    return std::get<T>(requests[row].build(me, by.all));
}

}  // namespace

TEST_CASE("one subscription asks the own pool for all contacts") {
    const auto m = built<request_text>(asked::presence, with_contacts());
    CHECK(m.method == "SUBSCRIBE");
    CHECK(m.uri == alice.sip_uri);
    CHECK(m.body.find("sip:bob@contoso.example") != m.body.npos);
    CHECK(m.body.find("sip:carol@fabrikam.example") != m.body.npos);
    CHECK(
        std::ranges::count(m.headers, std::pair<std::string, std::string>("Require", "adhoclist, categoryList")) == 1);
}

TEST_CASE("a registrar without lists is asked for each contact by itself, for a few and for addresses alone") {
    auto old = alice;
    old.takes_lists = false;
    const auto each = built<request_each>(asked::presence, with_contacts(), old);
    REQUIRE(each.all.size() == 3);
    CHECK(each.all[1].about == "carol@fabrikam.example");
    CHECK(each.all[1].text.uri == "sip:carol@fabrikam.example");
    std::string many = "<contactList>";
    for (int i = 0; i < 60; ++i) many += fmt::format(R"(<contact uri="u{}@contoso.example"/>)", i);
    CHECK(
        built<request_each>(asked::presence, told().answered(asked::contacts, 200, many + "</contactList>"), old)
            .all.size() == builders::most_by_themselves);
    const auto odd = told().answered(
        asked::contacts, 200,
        "<contactList><contact uri=\"a@b.example SIP/2.0&#13;&#10;Evil: 1\"/><contact uri=\"nobody\"/></contactList>");
    CHECK(built<not_sent>(asked::presence, odd, old).reason == trace::not_run_reason::not_applicable);
}

TEST_CASE("without contacts nobody is asked") {
    const auto none = told().answered(asked::contacts, 200, "<contactList/>");
    CHECK(built<not_sent>(asked::presence, none).reason == trace::not_run_reason::not_applicable);
}

TEST_CASE("whom the pool does not serve is asked where they live: partners singly, another pool's together") {
    const auto by = with_contacts().answered(
        asked::presence, 200,
        listed(
            resource("carol@fabrikam.example", R"(state="resubscribe")") +
            resource("bob@contoso.example", R"(state="resubscribe" poolFqdn="sip:pool02@contoso.example")") +
            resource("dave@contoso.example", R"(state="resubscribe" poolFqdn="sip:pool02@contoso.example")") +
            resource("erin@contoso.example", "state=\"resubscribe\" poolFqdn=\"sip:x@y.example&#10;Evil: 1\"")));
    const auto each = built<request_each>(asked::presence_elsewhere, by);
    REQUIRE(each.all.size() == 2);
    CHECK(each.all[0].text.uri == "sip:carol@fabrikam.example");
    CHECK(each.all[1].text.uri == "sip:pool02@contoso.example");
    CHECK(each.all[1].text.body.find("dave") != std::string::npos);
    const auto served = with_contacts().answered(
        asked::presence, 200, listed(resource("bob@contoso.example", R"(state="active")")));
    CHECK(built<not_sent>(asked::presence_elsewhere, served).reason == trace::not_run_reason::none);
}

TEST_CASE("presence of contacts: active, for now only, or nobody's") {
    auto by = with_contacts().answered(
        asked::presence, 200,
        listed(
            resource("bob@contoso.example", R"(state="pending")") +
            resource("carol@fabrikam.example", R"(state="resubscribe")") +
            resource("dave@contoso.example", R"(state="terminated" reason="noresource")")));
    answered_each(
        by, asked::presence_elsewhere, "carol@fabrikam.example",
        reply_with(403, {{"ms-diagnostics", R"(1002;reason="no";source="edge01")"}}));
    const auto mixed = at(here, by);
    CHECK(mixed.branch.name() == "active");
    CHECK(mixed.how == trace::outcome::warning);
    CHECK(states(mixed) == texts{"pending", "refused", "terminated"});
    CHECK(mixed.summary == "1 pending, 1 refused, 1 terminated");

    const auto carol =
        R"(<categories uri="sip:carol@fabrikam.example"><category name="state"><state><availability>3500</availability></state></category></categories>)";
    auto polled = told().answered(
        asked::contacts, 200, R"(<contactList><contact uri="carol@fabrikam.example"/></contactList>)");
    polled.answered(asked::presence, 200, listed(resource("carol@fabrikam.example", R"(state="resubscribe")")));
    answered_each(
        polled, asked::presence_elsewhere, "carol@fabrikam.example", reply_with(200, {{"Expires", "0"}}, carol));
    CHECK(at(here, polled).branch.name() == "polled");

    const auto refused = at(here, with_contacts().answered(asked::presence, 403));
    CHECK(refused.branch.name() == "refused");
    CHECK(refused.summary == "no contact's presence: 403 Refused");
    CHECK(at(here, with_contacts().silent(asked::presence)).how == trace::outcome::warning);
    CHECK(noted<std::string>(refused, ev::body_error).empty());
    const auto garbled = at(here, with_contacts().answered(asked::presence, 200, "<html"));
    CHECK(garbled.branch.name() == "refused");
    CHECK(noted<std::string>(garbled, ev::body_error).size() == 1);
    CHECK(
        states(at(here, with_contacts().answered(asked::presence, 200, listed("")))) ==
        texts{"not_told", "not_told", "not_told"});
}

TEST_CASE("who was asked alone: silent, accepted without a word, beyond the few") {
    auto by = with_contacts();
    auto& silent = by.all.at(asked::presence).each.emplace_back();
    silent.about = "bob@contoso.example";
    silent.error = {net::fault::timed_out, "", 0};
    answered_each(by, asked::presence, "carol@fabrikam.example", reply_with(202, {}));
    CHECK(states(at(here, by)) == texts{"no_answer", "pending", "not_asked"});
}

namespace {

// Contacts with a partner among them. A proxy on the way to the partner does not know BENOTIFY.
net::awaitable<void> serve_contacts(context_fixture& f, std::vector<std::string>& asked_of) {
    for (;;) {
        auto m = co_await f.server.next();
        const auto event = m.header("Event").value_or("");
        std::string body = event == "vnd-microsoft-roaming-self" ? no_self : "?";
        if (event == "vnd-microsoft-roaming-contacts") body = contact_list;
        if (event == "presence") {
            asked_of.push_back(m.request_uri);
            if (m.request_uri == "sip:carol@fabrikam.example" && m.header("Proxy-Require")) {
                auto refusal = context_fixture::answer(m, 420, {});
                co_await f.server.send(std::move(refusal));
                continue;
            }
            const bool batch = m.request_uri == "sip:alice@contoso.example";
            body = batch ? listed(
                               resource("bob@contoso.example", R"(state="active")") +
                               resource("carol@fabrikam.example", R"(state="resubscribe")") +
                               resource("dave@contoso.example", R"(state="pending")"))
                         : R"(<categories uri="sip:carol@fabrikam.example"/>)";
        }
        auto answer = context_fixture::answer(m, 200, std::move(body));
        co_await f.server.send(std::move(answer));
    }
}

}  // namespace

TEST_CASE("the second round asks those whom the first one led to") {
    context_fixture f;
    std::vector<std::string> asked_of;
    net::test::start(f.io, serve_contacts(f, asked_of));
    endpoint me{f.c.who.sip_uri, f.s->epid, "192.0.2.10:50812"};
    net::test::run(f.io, provisioning::drive(f.c, f.s, std::move(me), {requests, nodes()}));
    CHECK(asked_of == texts{"sip:alice@contoso.example", "sip:carol@fabrikam.example", "sip:carol@fabrikam.example"});
    const auto& span = f.span(here);
    CHECK(span.branch == "active");
    CHECK(span.waited_for.front() == f.span("provisioning.contacts").span_id);
    CHECK(f.span("provisioning.contact_kinds").branch == "federated");
}
