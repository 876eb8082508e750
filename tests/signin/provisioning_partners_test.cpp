// Partners among the contacts: whose domains are looked up, and what DNS says of each.

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "context_fixture.hpp"
#include "provisioning_told.hpp"
#include "trace/evidence_provisioning.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::provisioning;
using namespace ucsignin::signin::provisioning::tests_of;
using signin::testing::context_fixture;
using trace::outcome;
namespace ev = trace::ev;

namespace {

constexpr auto node_id = "provisioning.contact_lookup";
const endpoint alice{
    .sip_uri = "sip:alice@contoso.example", .epid = "0fa1b2c3d4e5", .local_address = "192.0.2.10:50812"};
const std::string public_ones =
    R"(<provisionGroupList><provisionGroup name="publicProviders"><publicProviders><![CDATA[<PublicProviders><PublicProvider><NameDecorationDomain>msn.com</NameDecorationDomain></PublicProvider></PublicProviders>]]></publicProviders></provisionGroup></provisionGroupList>)";

std::string contacts_xml(const std::vector<std::string>& addresses) {
    std::string all;
    for (const auto& one : addresses) all += fmt::format(R"(<contact uri="{}" name="" groups="1"/>)", one);
    return "<contactList deltaNum=\"1\">" + all + "</contactList>";
}

told with_contacts(const std::vector<std::string>& addresses) {
    told by;
    by.answered(asked::contacts, 200, contacts_xml(addresses));
    by.answered(asked::configuration, 200, public_ones);
    return by;
}

wish wanted(const told& by, endpoint me = alice) { return requests[asked::partners].build(me, by.all); }

partners_seen look(context_fixture& f, const told& by) {
    const auto got = net::test::run(f.io, std::get<look_for>(wanted(by)).look(f.c));
    return std::any_cast<partners_seen>(*got);
}

decided after(context_fixture& f, told by) {
    by.all.at(asked::partners).body = std::make_shared<const std::any>(look(f, by));
    return at(node_id, by);
}

}  // namespace

TEST_CASE("only partners are looked up: each domain once, not the own, not public providers'") {
    context_fixture f(5);
    const auto by = with_contacts(
        {"bob@contoso.example", "carol@Fabrikam.example", "dan@fabrikam.example", "erin@msn.com", "+4930123456"});
    const auto seen = look(f, by);
    REQUIRE(seen.all.size() == 1);
    CHECK(f.names->asked == std::vector<std::string>{"_sipfederationtls._tcp.fabrikam.example"});
    CHECK(seen.all[0].domain == "fabrikam.example");
}

TEST_CASE("no partner: nobody is asked, and that is well; no contact: nothing to look up") {
    context_fixture f(5);
    auto by = with_contacts({"bob@contoso.example"});
    REQUIRE(std::holds_alternative<not_sent>(wanted(by)));
    CHECK(std::get<not_sent>(wanted(by)).reason == trace::not_run_reason::none);
    CHECK(at(node_id, by).branch.name() == "found");
    CHECK(std::get<not_sent>(wanted(with_contacts({}))).reason == trace::not_run_reason::not_applicable);
    CHECK(f.names->asked.empty());
}

TEST_CASE("--no-partners tells a resolver nothing") {
    auto me = alice;
    me.asks_for_partners = false;
    const auto by = with_contacts({"carol@fabrikam.example"});
    REQUIRE(std::holds_alternative<not_sent>(wanted(by, me)));
    CHECK(std::get<not_sent>(wanted(by, me)).reason == trace::not_run_reason::switched_off);
}

TEST_CASE("whom --presence-of names is looked up as well") {
    context_fixture f(5);
    auto by = with_contacts({"bob@contoso.example"});
    by.all.presence_of = {"zoe@northwind.example"};
    CHECK(look(f, by).all.at(0).domain == "northwind.example");
}

TEST_CASE("what DNS says of a partner: a server, none, that there is none, nothing") {
    context_fixture f(5);
    f.names->services["_sipfederationtls._tcp.a.example"] = {0, 0, 5061, "sipfed.a.example"};
    f.names->services["_sipfederationtls._tcp.b.example"] = {0, 0, 0, ""};
    f.names->unanswered["_sipfederationtls._tcp.d.example"] = net::answer_state::servfail;
    f.names->unanswered["_sipfederationtls._tcp.e.example"] = net::answer_state::timed_out;
    const auto found = after(
        f, with_contacts({"x@a.example", "x@b.example", "x@c.example", "x@d.example", "x@e.example"}));
    CHECK(found.branch.name() == "partner_not_found");
    CHECK(found.how == outcome::expected);
    CHECK(
        found.summary == "1 of 5 domains of partners with a federation record; from here none of b.example, c.example");
    const std::vector<std::string> states{"found", "no_service", "no_record", "no_answer", "no_answer"};
    REQUIRE(found.groups.size() == states.size());
    for (std::size_t i = 0; i < states.size(); ++i)
        CHECK(std::get<std::string>(found.groups[i].at(1).value) == states[i]);
    CHECK(std::get<std::string>(found.groups[0].at(3).value) == "sipfed.a.example");
    CHECK(std::get<std::int64_t>(found.groups[0].at(4).value) == 5061);
}

TEST_CASE("who does not answer is not called missing") {
    context_fixture f(5);
    f.names->unanswered["_sipfederationtls._tcp.d.example"] = net::answer_state::servfail;
    CHECK(after(f, with_contacts({"x@d.example"})).branch.name() == "found");
}

TEST_CASE("many partners: some are looked up, and the rest is counted") {
    context_fixture f(5);
    std::vector<std::string> all;
    for (int i = 0; i < 33; ++i) all.push_back(fmt::format("x@partner{}.example", i));
    const auto found = after(f, with_contacts(all));
    CHECK(f.names->asked.size() == most_partners_asked);
    CHECK(noted<std::int64_t>(found, ev::partners_not_asked) == numbers{13});
    CHECK(found.summary.starts_with("0 of 33 domains"));
}

TEST_CASE("a domain that no question can hold is not asked for") {
    context_fixture f(5);
    const auto seen = look(f, with_contacts({"x@" + std::string(80, 'a') + ".example"}));
    REQUIRE(seen.all.size() == 1);
    CHECK_FALSE(seen.all[0].answer);
    CHECK(f.names->asked.empty());
}
