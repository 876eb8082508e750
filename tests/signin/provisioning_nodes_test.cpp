// Stage 5 without a network: what is asked, and what each answer means at each node.

#include <catch2/catch.hpp>

#include "provisioning_told.hpp"
#include "trace/evidence_provisioning.hpp"

using namespace ucsignin;
using namespace ucsignin::signin::provisioning;
using namespace ucsignin::signin::provisioning::tests_of;
using trace::outcome;
namespace ev = trace::ev;

namespace {

const endpoint alice{"sip:alice@contoso.example", "0fa1b2c3d4e5", "192.0.2.10:50812", true};

std::string aggregate(int availability) {
    return R"(<roamingData><categories><category name="state" instance="1" container="2" version="31"><state type="aggregateState"><availability>)" +
           std::to_string(availability) + "</availability></state></category></categories></roamingData>";
}

std::string groups(const std::vector<std::string>& names) {
    std::string xml = "<provisionGroupList>";
    for (const auto& name : names)
        xml += "<provisionGroup name=\"" + name + "\"><ucMinAudioPort>50000</ucMinAudioPort></provisionGroup>";
    return xml + "</provisionGroupList>";
}
const std::vector<std::string> every_group{
    "ServerConfiguration", "meetingPolicy", "ucPolicy", "userSetting", "endpointConfiguration"};

request_text text_of(std::size_t row, const told& by, const endpoint& me = alice) {
    return std::get<request_text>(requests[row].build(me, by.all));
}

std::string header(const request_text& m, std::string_view name) {
    std::string values;
    for (const auto& [n, value] : m.headers)
        if (n == name) values += (values.empty() ? "" : ", ") + value;
    return values;
}

}  // namespace

TEST_CASE("log-in: the first request that was accepted tells, whichever it is") {
    const auto yes = at("provisioning.login", told().answered(asked::roaming_self, 200, no_self));
    CHECK(yes.branch.name() == "yes");
    CHECK(yes.summary == "vnd-microsoft-roaming-self was answered 200 OK");
    const auto second = at(
        "provisioning.login", told().answered(asked::roaming_self, 500).answered(asked::configuration, 200));
    CHECK(second.branch.name() == "yes");
    CHECK(second.about == std::size_t{asked::configuration});
    const auto refused = at("provisioning.login", told().silent(asked::roaming_self).answered(asked::contacts, 403));
    CHECK(refused.branch.name() == "refused");
    CHECK(refused.how == outcome::failed);
    CHECK(refused.summary == "every request after the 200 was refused: 403 Refused");
    CHECK(refused.about == std::size_t{asked::contacts});
    const auto silent = at("provisioning.login", told().silent(asked::roaming_self));
    CHECK(silent.branch.name() == "silent");
    CHECK(silent.about == std::size_t{asked::roaming_self});
}

TEST_CASE("subscription: active with and without categories, refused, silent") {
    const auto node = "provisioning.subscription";
    const auto with = at(node, told().answered(asked::roaming_self, 200, aggregate(3500)));
    CHECK(with.branch.name() == "active");
    CHECK(with.how == outcome::ok);
    CHECK(with.summary == "active, 1 categories");
    CHECK(noted<std::string>(with, ev::presence_category) == texts{"state"});
    const auto without = at(node, told().answered(asked::roaming_self, 200, no_self));
    CHECK(without.branch.name() == "active");
    CHECK(without.how == outcome::warning);
    const auto garbled = at(node, told().answered(asked::roaming_self, 200, "<roamingData>"));
    CHECK(garbled.branch.name() == "active");
    CHECK(garbled.how == outcome::warning);
    CHECK(noted<std::string>(garbled, ev::body_error).size() == 1);
    auto nothing = told().answered(asked::roaming_self, 200);
    nothing.all.at(asked::roaming_self).body.reset();
    CHECK(at(node, nothing).how == outcome::warning);
    CHECK(at(node, nothing).summary == "active, but without data: 200 OK, and nothing with it or after it");
    CHECK(noted<std::string>(at(node, nothing), ev::body_error).empty());
    const auto refused = at(node, told().answered(asked::roaming_self, 500));
    CHECK(refused.branch.name() == "refused");
    CHECK(refused.summary == "500 Refused");
    const auto silent = at(node, told().silent(asked::roaming_self));
    CHECK(silent.branch.name() == "silent");
    CHECK(silent.summary == "no answer to the subscription: no answer in time");
}

TEST_CASE("presentity: accepted, accepted after conflicts, a conflict for ever, refused") {
    const auto node = "provisioning.presentity";
    const auto yes = at(node, told().answered(asked::publication, 200, no_self));
    CHECK(yes.branch.name() == "yes");
    CHECK(noted<std::int64_t>(yes, ev::publish_attempts) == numbers{1});
    const auto resolved = at(node, told().conflict("").answered(asked::publication, 200, no_self));
    CHECK(resolved.branch.name() == "conflict_resolved");
    CHECK(resolved.summary == "accepted at attempt 2");
    const auto for_ever = at(node, told().conflict("").conflict("").answered(asked::publication, 409));
    CHECK(for_ever.branch.name() == "refused");
    CHECK(for_ever.summary == "version conflict, 3 times");
    CHECK(noted<std::int64_t>(for_ever, ev::publish_attempts) == numbers{3});
    const auto refused = at(node, told().answered(asked::publication, 403));
    CHECK(refused.branch.name() == "refused");
    CHECK(refused.how == outcome::failed);
    CHECK(at(node, told().silent(asked::publication)).summary == "the publication was refused: no answer in time");
}

TEST_CASE("location profile: with rules, without, refused") {
    const auto node = "provisioning.location_profile";
    const std::string head = "<LocationProfileDescription><Name>Berlin</Name>", tail = "</LocationProfileDescription>";
    const auto rule = "<Rule><Pattern>^00(\\d+)$</Pattern><Translation>+$1</Translation></Rule>";
    const auto with = at(node, told().answered(asked::location_profile, 200, head + rule + tail));
    CHECK(with.branch.name() == "profile");
    CHECK(with.summary == "Berlin, 1 rules");
    CHECK(noted<std::string>(with, ev::dial_plan) == texts{"Berlin"});
    CHECK(noted<std::int64_t>(with, ev::dial_rules) == numbers{1});
    const auto empty = at(node, told().answered(asked::location_profile, 200, head + tail));
    CHECK(empty.branch.name() == "empty");
    CHECK(empty.how == outcome::warning);
    const auto refused = at(node, told().answered(asked::location_profile, 404));
    CHECK(refused.branch.name() == "refused");
    CHECK(refused.summary == "no dial plan: 404 Refused");
    CHECK(noted<std::string>(refused, ev::body_error).empty());
    CHECK(noted<std::string>(at(node, told().answered(asked::location_profile, 200, "?")), ev::body_error).size() == 1);
}

TEST_CASE("contacts: in the pool, in Exchange by mode and by 488, refused") {
    const auto node = "provisioning.contacts";
    const std::string list = R"(<group id="1" name="~"/><contact uri="bob@contoso.example" groups="1"/></contactList>)";
    const auto here = at(node, told().answered(asked::contacts, 200, "<contactList>" + list));
    CHECK(here.branch.name() == "server");
    CHECK(here.summary == "1 contacts in 1 groups");
    CHECK(noted<std::int64_t>(here, ev::contacts) == numbers{1});
    CHECK(noted<std::string>(here, ev::ucs_mode).empty());
    const auto moved = at(node, told().answered(asked::contacts, 200, "<contactList ucsmode=\"migrated\">" + list));
    CHECK(moved.branch.name() == "exchange");
    CHECK(noted<std::string>(moved, ev::ucs_mode) == texts{"migrated"});
    CHECK(
        at(node, told().answered(asked::contacts, 200, "<contactList ucsmode=\"other\">" + list)).branch.name() ==
        "server");
    CHECK(noted<std::int64_t>(moved, ev::contacts).empty());
    CHECK(at(node, told().answered(asked::contacts, 488)).branch.name() == "exchange");
    CHECK(at(node, told().answered(asked::contacts, 489)).branch.name() == "refused");
    auto numbered = told().answered(asked::contacts, 403);
    numbered.all.at(asked::contacts).reply->answer.add("ms-diagnostics", R"(2165;reason="migrated")");
    CHECK(at(node, numbered.follow()).branch.name() == "exchange");
    CHECK(at(node, told().answered(asked::contacts, 200, "")).how == outcome::failed);
    CHECK(at(node, told().silent(asked::contacts)).summary == "no contacts: no answer in time");
}

TEST_CASE("configuration: all groups, some missing, refused") {
    const auto node = "provisioning.configuration";
    const auto all = at(node, told().answered(asked::configuration, 200, groups(every_group)));
    CHECK(all.branch.name() == "all");
    CHECK(noted<std::string>(all, ev::provisioning_group) == every_group);
    REQUIRE_FALSE(all.groups.empty());
    const auto& setting = all.groups.front();
    REQUIRE(setting.size() == 3);
    CHECK(std::get<std::string>(setting[0].value) == "ServerConfiguration");
    CHECK(std::get<std::string>(setting[1].value) == "ucMinAudioPort");
    CHECK(std::get<std::string>(setting[2].value) == "50000");
    for (const auto& gone : every_group) {
        auto rest = every_group;
        std::erase(rest, gone);
        const auto some = at(node, told().answered(asked::configuration, 200, groups(rest)));
        CHECK(some.branch.name() == "some_missing");
        CHECK(some.summary == "did not come: " + gone);
        CHECK(noted<std::string>(some, ev::provisioning_missing) == texts{gone});
    }
    auto twice = groups(every_group);  // an empty one before it takes nothing away
    twice.insert(twice.find("<provisionGroup "), R"(<provisionGroup name="ucPolicy"/>)");
    CHECK(at(node, told().answered(asked::configuration, 200, twice)).branch.name() == "all");
    const auto refused = at(node, told().answered(asked::configuration, 403));
    CHECK(refused.branch.name() == "refused");
    CHECK(refused.summary == "no configuration: 403 Refused");
}

TEST_CASE("available: what the publication's answer says, or a notification after it, or nobody") {
    const auto node = "provisioning.available";
    const auto seen = [&](int availability) {
        return at(node, told().answered(asked::publication, 200, aggregate(availability)));
    };
    CHECK(seen(3500).branch.name() == "confirmed");
    CHECK(seen(3000).branch.name() == "confirmed");
    CHECK(seen(2999).branch.name() == "outweighed");
    CHECK(seen(4499).branch.name() == "confirmed");
    CHECK(seen(4500).branch.name() == "outweighed");
    CHECK(noted<std::int64_t>(seen(9500), ev::presence_availability) == numbers{9500});
    const auto later = at(
        node, told().answered(asked::publication, 200, no_self).heard(asked::aggregate, aggregate(6500)));
    CHECK(later.branch.name() == "outweighed");
    CHECK(noted<std::int64_t>(later, ev::presence_availability) == numbers{6500});
    const auto untold = at(node, told().answered(asked::publication, 200, no_self).heard(asked::aggregate, no_self));
    CHECK(untold.branch.name() == "refused");
    CHECK(untold.how == outcome::warning);
}

TEST_CASE("what is asked after the 200") {
    const auto self = text_of(asked::roaming_self, told());
    CHECK(self.method == "SUBSCRIBE");
    CHECK(self.uri == "sip:alice@contoso.example");
    CHECK(header(self, "Event") == "vnd-microsoft-roaming-self");
    CHECK(header(self, "Content-Type") == header(self, "Accept"));
    CHECK(header(self, "Supported") == "com.microsoft.autoextend, ms-benotify, ms-piggyback-first-notify");
    const auto contacts = text_of(asked::contacts, told());
    CHECK(header(contacts, "Supported").ends_with(", ms-ucs"));
    CHECK(header(contacts, "Content-Type").empty());
    CHECK(contacts.body.empty());
    const auto configuration = text_of(asked::configuration, told());
    CHECK(header(configuration, "Expires") == "0");
    CHECK(configuration.body.find("192.0.2.0") != std::string::npos);
    auto by_ipv6 = alice;
    by_ipv6.local_address = "[2001:db8::1]:50812";
    CHECK(text_of(asked::configuration, told(), by_ipv6).body.find("2001") == std::string::npos);
    const auto profile = text_of(asked::location_profile, told());
    CHECK(profile.method == "SERVICE");
    CHECK(profile.uri == "sip:alice@contoso.example;gruu;opaque=app:locationprofile:get;default");
}

TEST_CASE("a publication has the versions that the server has, and takes over those of a conflict") {
    const auto instance = std::to_string(sip::machine_state_instance(alice.epid));
    const auto version = [](const request_text& m, int container) {
        const auto text = "container=\"" + std::to_string(container) + "\" version=\"";
        const auto at = m.body.find(text);
        REQUIRE(at != std::string::npos);
        return m.body.substr(at + text.size(), m.body.find('"', at + text.size()) - at - text.size());
    };
    const auto fresh = text_of(asked::publication, told().answered(asked::roaming_self, 200, no_self));
    CHECK(header(fresh, "Content-Type") == "application/msrtc-category-publish+xml");
    CHECK(version(fresh, 2) == "0");
    auto known = told().answered(
        asked::roaming_self, 200,
        "<roamingData><categories><category name=\"state\" container=\"2\" version=\"5\" instance=\"" + instance +
            "\"/></categories></roamingData>");
    CHECK(version(text_of(asked::publication, known), 2) == "5");
    CHECK(version(text_of(asked::publication, known), 3) == "0");
    known.conflict(R"(<Fault><operation index="2" curVersion="9"/></Fault>)");
    CHECK(version(text_of(asked::publication, known), 2) == "5");
    CHECK(version(text_of(asked::publication, known), 3) == "9");
    known.conflict(R"(<Fault><operation index="1" curVersion="6"/></Fault>)").conflict("no fault");
    CHECK(version(text_of(asked::publication, known), 2) == "6");
    CHECK(version(text_of(asked::publication, known), 3) == "9");
}

TEST_CASE("nothing is published where nothing shall be, and nobody listens for what was told") {
    auto quiet = alice;
    quiet.publish = false;
    const auto& row = requests[asked::publication];
    const auto none = std::get<not_sent>(row.build(quiet, told().answered(asked::roaming_self, 200, no_self).all));
    CHECK(none.reason == trace::not_run_reason::switched_off);
    const auto listens = [](std::string_view body) {
        const auto so_far = told().answered(asked::publication, 200, body);
        return std::holds_alternative<listen_for>(requests[asked::aggregate].build(alice, so_far.all));
    };
    CHECK(listens(no_self));
    CHECK(listens("?"));
    CHECK_FALSE(listens(aggregate(3500)));
}

TEST_CASE("the tables fit one another and the chart") {
    for (const auto& row : requests) {
        for (const auto need : row.needed) CHECK(need < row.id);
        CHECK(std::ranges::any_of(nodes(), [&](const auto& n) { return n.node->id == row.told_at->id; }));
    }
    std::vector<std::string_view> before;
    for (const auto& row : nodes()) {
        INFO(row.node->id);
        CHECK(row.node->stage == 5);
        CHECK(row.node->implemented);
        CHECK_FALSE(row.needed.empty());
        if (row.after) CHECK(std::ranges::find(before, row.after->id) != before.end());
        before.push_back(row.node->id);
    }
}
