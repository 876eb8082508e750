#include <catch2/catch.hpp>

#include "lab/presence.hpp"
#include "sip/bodies.hpp"

using namespace ucsignin;
using namespace ucsignin::lab;

namespace {

constexpr std::int64_t now = 1'800'000'000;

std::string publish_of(int availability, std::uint32_t version_2, std::uint32_t version_3) {
    return sip::publish_request("sip:alice@contoso.example", {0x30000001, version_2, version_3, availability});
}

publish_outcome publish(presentity& who, const std::string& body, const std::string& endpoint = "e1") {
    const auto request = parse_publish(body, now);
    REQUIRE(request);
    return who.publish(request->publications, endpoint, now);
}

sip::roaming_self read(const presentity& who) {
    const auto parsed = sip::parse_roaming_self(
        R"(<roamingData xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">)" + who.categories_xml() +
        "</roamingData>");
    REQUIRE(parsed);
    return *parsed;
}

const account somebody{.address = "alice@contoso.example", .display_name = "Alice", .line_uri = "tel:+1"};

}  // namespace

TEST_CASE("a user who is nowhere signed in is offline, with a card and lines") {
    const presentity alice({.address = "alice@contoso.example", .display_name = "Alice <3"}, now);
    const auto seen = read(alice);
    CHECK(seen.aggregate_availability() == 18500);
    CHECK(seen.find("userProperties", 0, 1));
    CHECK(seen.find("mwi", 0, 1));
    CHECK(seen.find("contactCard", 0, 200));
}

TEST_CASE("a machine state makes the user available, in every container but the blocked one") {
    presentity alice(somebody, now);
    const auto outcome = publish(alice, publish_of(3500, 0, 0));
    CHECK(outcome.conflicts.empty());
    CHECK(outcome.touched == std::set<std::string>{"state"});
    const auto seen = read(alice);
    CHECK(seen.aggregate_availability() == 3500);
    REQUIRE(seen.find("state", 0x30000001, 2));
    CHECK(seen.find("state", 0x30000001, 2)->version == 1);
    REQUIRE(seen.find("state", 0, 32000));
    CHECK(seen.find("state", 0, 32000)->availability == 18500);
}

TEST_CASE("versions count up, and an old one is refused with what the server has") {
    presentity alice(somebody, now);
    CHECK(publish(alice, publish_of(3500, 0, 0)).conflicts.empty());
    CHECK(publish(alice, publish_of(6500, 1, 1)).conflicts.empty());
    const auto outcome = publish(alice, publish_of(9500, 1, 2));
    REQUIRE(outcome.conflicts.size() == 1);
    CHECK(outcome.conflicts[0].index == 1);
    CHECK(outcome.conflicts[0].current == 2);
    CHECK(alice.aggregate() == 6500);
    const auto told = sip::parse_publish_fault(publish_fault_xml(outcome.conflicts));
    REQUIRE(told);
    REQUIRE(told->size() == 1);
    CHECK(told->at(0).index == 1);
    CHECK(told->at(0).current == 2);
}

TEST_CASE("what the user set by hand counts for more than a machine") {
    presentity alice(somebody, now);
    alice.set_user_state(9500, now);
    CHECK(alice.aggregate() == 18500);
    CHECK(publish(alice, publish_of(3500, 0, 0)).conflicts.empty());
    CHECK(alice.aggregate() == 9500);
}

TEST_CASE("an endpoint takes its states along when it goes") {
    presentity alice(somebody, now);
    CHECK(publish(alice, publish_of(3500, 0, 0)).conflicts.empty());
    alice.drop_endpoint("e1", true, now);
    CHECK(alice.aggregate() == 18500);
    CHECK_FALSE(read(alice).find("state", 0x30000001, 2));
}

TEST_CASE("categories of the server's own are read-only") {
    presentity alice(somebody, now);
    const auto outcome = publish(
        alice,
        R"(<publish><publications uri="sip:alice@contoso.example"><publication categoryName="mwi" instance="0" container="1" version="1" expireType="static"><mwi/></publication></publications></publish>)");
    CHECK(outcome.read_only);
    CHECK(outcome.touched.empty());
}

TEST_CASE("an emptied category is named so that clients forget it") {
    presentity alice(somebody, now);
    const std::string head =
        R"(<publish><publications uri="x"><publication categoryName="note" instance="0" container="200" version=")";
    CHECK(
        publish(
            alice,
            head +
                R"(0" expireType="static"><note xmlns="http://schemas.microsoft.com/2006/09/sip/note"><body>x</body></note></publication></publications></publish>)")
            .conflicts.empty());
    CHECK(publish(alice, head + R"(1" expireType="static" expires="0"/></publications></publish>)").conflicts.empty());
    CHECK(alice.categories_xml({"note"}).find(R"(<category name="note"/>)") != std::string::npos);
}

TEST_CASE("a body that is no publication is not taken for one") {
    CHECK_FALSE(parse_publish("<publish/>", now));
    CHECK_FALSE(parse_publish("<publish><publications", now));
    CHECK_FALSE(parse_publish("<!DOCTYPE publish [<!ENTITY a 'b'>]><publish><publications uri='&a;'/></publish>", now));
}

TEST_CASE("a user's line, mailbox and note are what the scenario says") {
    account plain = somebody;
    plain.line_uri.clear();
    plain.telephony_mode = "None";
    plain.voice_mailbox = false;
    const auto without = read(presentity(plain, now));
    REQUIRE(without.properties);
    CHECK(without.properties->lines.empty());
    CHECK_FALSE(without.properties->um_enabled);
    CHECK_FALSE(without.messages);
    CHECK(without.notes == 0);
    account busy = somebody;
    busy.note = "In Berlin <until> Friday";
    const auto with = read(presentity(busy, now));
    REQUIRE(with.messages);
    CHECK(with.messages->unread == 2);
    CHECK(with.properties->has_voice());
    CHECK(with.notes == 1);
}

TEST_CASE("of several endpoints the most available one counts, whoever came last") {
    presentity alice(somebody, now);
    const auto at_home = [](int availability, std::uint32_t version) {
        return sip::publish_request("sip:alice@contoso.example", {0x30000002, version, version, availability});
    };
    CHECK(publish(alice, publish_of(3500, 0, 0), "e1").conflicts.empty());
    CHECK(publish(alice, at_home(15500, 0), "e2").conflicts.empty());
    CHECK(alice.aggregate() == 3500);
    CHECK(publish(alice, publish_of(18500, 1, 1), "e1").conflicts.empty());
    CHECK(alice.aggregate() == 15500);
    alice.drop_endpoint("e2", false, now);
    CHECK(alice.aggregate() == 18500);
    CHECK_FALSE(read(alice).find("state", 0x30000002, 2));
    CHECK(read(alice).find("state", 0x30000001, 2));
}

TEST_CASE("a state says whose endpoint published it") {
    presentity alice(somebody, now);
    CHECK(publish(alice, publish_of(3500, 0, 0), "9c5e17ab4400").conflicts.empty());
    REQUIRE(read(alice).find("state", 0x30000001, 2));
    CHECK(read(alice).find("state", 0x30000001, 2)->endpoint == "0c15b8bf-2406-50de-af34-d0f7365190ee");
    CHECK(read(alice).find("state", 1, 2)->endpoint.empty());
}

TEST_CASE("the user's own word counts until it expires") {
    presentity alice(somebody, now);
    CHECK(publish(alice, publish_of(3500, 0, 0)).conflicts.empty());
    const auto by_hand = [](int availability, std::uint32_t version) {
        return R"(<publish><publications uri="sip:alice@contoso.example"><publication categoryName="state" instance="603979776" container="2" version=")" +
               std::to_string(version) +
               R"(" expireType="time" expires="60"><state xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" manual="true" xsi:type="userState"><availability>)" +
               std::to_string(availability) + "</availability></state></publication></publications></publish>";
    };
    CHECK(publish(alice, by_hand(9500, 0)).conflicts.empty());
    CHECK(alice.aggregate() == 9500);
    const auto later = parse_publish(publish_of(3500, 1, 1), now + 61);
    CHECK(alice.publish(later->publications, "e1", now + 61).conflicts.empty());
    CHECK(alice.aggregate() == 3500);
}

TEST_CASE("a call makes a user busier, and nobody more available") {
    const auto seen = [](endpoint_states at_home) {
        at_home.epid = "9c5e17ab4400";
        at_home.activity = "on-the-phone";
        account who = somebody;
        who.endpoints = {std::move(at_home)};
        const presentity alice(who, now);
        return std::pair(alice.aggregate(), alice.activity_in(200));
    };
    CHECK(seen({.phone_state = 6500}) == std::pair(6500, std::string("on-the-phone")));
    CHECK(seen({.user_state = 9500, .phone_state = 6500}) == std::pair(9500, std::string()));
    CHECK(seen({.user_state = 3500, .phone_state = 6500}).first == 6500);
    CHECK(seen({.machine_state = 15500, .phone_state = 6500}).first == 15500);
    CHECK(seen({.machine_state = 0, .phone_state = 6500}).first == 18500);
}

TEST_CASE("an activity applies to the states that it names") {
    presentity alice(somebody, now);
    CHECK(publish(alice, publish_of(5000, 0, 0)).conflicts.empty());
    const auto meeting = [](int least, int most, std::uint32_t version) {
        return R"(<publish><publications uri="sip:alice@contoso.example"><publication categoryName="state" instance="1073741825" container="2" version=")" +
               std::to_string(version) +
               R"(" expireType="endpoint"><state xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="calendarState"><availability>6500</availability><activity token="in-a-meeting" minAvailability=")" +
               std::to_string(least) + R"(" maxAvailability=")" + std::to_string(most) +
               R"("/></state></publication></publications></publish>)";
    };
    CHECK(publish(alice, meeting(6500, 8999, 0)).conflicts.empty());
    CHECK(alice.aggregate() == 5000);
    CHECK(publish(alice, meeting(0, 8999, 1)).conflicts.empty());
    CHECK(alice.aggregate() == 6500);
}

TEST_CASE("who sees a user by which container") {
    account who = somebody;
    who.blocked = {"mallory@fabrikam.example", "spam.example"};
    who.personal = {"bob@contoso.example"};
    who.workgroup = {"fabrikam.example"};
    CHECK(container_of(who, "Mallory@fabrikam.example") == 32000);
    CHECK(container_of(who, "x@spam.example") == 32000);
    CHECK(container_of(who, "carol@fabrikam.example") == 300);
    CHECK(container_of(who, "bob@contoso.example") == 400);
    CHECK(container_of(who, "dave@contoso.example") == 200);
    CHECK(container_of(who, "eve@elsewhere.example") == 100);
}
