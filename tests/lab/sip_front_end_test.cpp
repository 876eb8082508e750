#include <catch2/catch.hpp>

#include "lab/front_end_news.hpp"
#include "sip/encoding.hpp"
#include "sip/contact_presence.hpp"
#include "sip/media_relay.hpp"
#include "sip/bodies.hpp"
#include "sip_test_pool.hpp"

using namespace ucsignin;
using namespace ucsignin::lab;
using namespace ucsignin::lab::test;

namespace {

using verdict = sip::protector::verdict;

struct signed_in {
    explicit signed_in(pool_settings settings = usual_settings())
        : pool(std::move(settings)), alice(pool, "alice@contoso.example") {
        REQUIRE(alice.sign_in(pool.certificate_of("alice@contoso.example")).status == 200);
    }
    sip::message subscription(std::string event, std::string body = {}) {
        sip::message out = alice.request("SUBSCRIBE");
        out.add("Event", std::move(event));
        out.add("Accept", "application/vnd-microsoft-roaming-provisioning-v2+xml");
        out.add("Supported", "com.microsoft.autoextend")
            .add("Supported", "ms-benotify")
            .add("Supported", "ms-piggyback-first-notify");
        out.body = std::move(body);
        return out;
    }
    sip::message service(std::string uri, std::string type = {}, std::string body = {}) {
        sip::message out = alice.request("SERVICE", std::move(uri));
        if (!type.empty()) out.add("Content-Type", std::move(type));
        out.body = std::move(body);
        return out;
    }
    sip::message publication(std::uint32_t version) {
        return service(
            {}, "application/msrtc-category-publish+xml",
            sip::publish_request(
                "sip:alice@contoso.example", {sip::machine_state_instance("c8ca638a15"), version, version, 3500}));
    }

    test_pool pool;
    client alice;
};

}  // namespace

TEST_CASE("provisioning answers once, with every group that was asked for") {
    signed_in at;
    auto request = at.subscription("vnd-microsoft-provisioning-v2", sip::provisioning_request("192.0.2.0"));
    request.add("Expires", "0");
    const auto answer = at.alice.ask_signed(request);
    CHECK(answer.status == 200);
    CHECK(at.alice.association->check(answer) == verdict::valid);
    CHECK(answer.header("subscription-state") == "terminated;expires=0");
    CHECK(answer.header("ms-piggyback-cseq") == "1");
    const auto parsed = sip::parse_provisioning(answer.body);
    REQUIRE(parsed);
    CHECK(parsed->groups.size() == 12);
    REQUIRE(parsed->group("ServerConfiguration"));
    CHECK(
        parsed->group("ServerConfiguration")->setting("focusFactoryUri") ==
        "sip:alice@contoso.example;gruu;opaque=app:conf:focusfactory");
    REQUIRE(parsed->group("meetingPolicy"));
    CHECK(parsed->group("meetingPolicy")->setting("MeetingSize") == "250");
    REQUIRE(parsed->group("endpointConfiguration"));
    CHECK(parsed->group("endpointConfiguration")->setting("PhotoUsage") == "AllPhotos");
    CHECK(parsed->group("publicProviders"));
}

TEST_CASE("provisioning of another type than the client accepts is not given") {
    signed_in at;
    auto request = at.subscription("vnd-microsoft-provisioning-v2");
    request.set("Accept", "text/plain");
    CHECK(at.alice.ask_signed(request).status == 406);
}

TEST_CASE("roaming self tells what is published and who may see it") {
    signed_in at;
    const auto answer = at.alice.ask_signed(at.subscription("vnd-microsoft-roaming-self", sip::roaming_self_request()));
    CHECK(answer.status == 200);
    CHECK(answer.header("subscription-state")->starts_with("active;expires="));
    CHECK(answer.header("Supported") == "com.microsoft.autoextend, ms-piggyback-first-notify, ms-benotify");
    const auto parsed = sip::parse_roaming_self(answer.body);
    REQUIRE(parsed);
    CHECK(parsed->has_categories);
    CHECK(parsed->containers == 5);
    CHECK(parsed->subscribers == 1);
    CHECK(parsed->aggregate_availability() == 18500);
}

TEST_CASE("the contact list has its groups, and none of its contacts when Exchange keeps it") {
    signed_in at;
    const auto parsed = sip::parse_contacts(
        at.alice.ask_signed(at.subscription("vnd-microsoft-roaming-contacts")).body);
    REQUIRE(parsed);
    CHECK(parsed->delta == 685);
    CHECK(parsed->ucs_mode == "notmigrated");
    REQUIRE(parsed->contacts.size() == 2);
    CHECK(parsed->contacts[0].uri.find("bob@contoso.example") != std::string::npos);
    CHECK(parsed->contacts[0].groups == std::vector<int>{1, 2});

    pool_settings moved = usual_settings();
    moved.ucs_mode = "migrated";
    signed_in there(moved);
    const auto empty = sip::parse_contacts(
        there.alice.ask_signed(there.subscription("vnd-microsoft-roaming-contacts")).body);
    REQUIRE(empty);
    CHECK(empty->ucs_mode == "migrated");
    CHECK(empty->contacts.empty());
}

TEST_CASE("presence of a batch comes as one list and a part for each contact that is there") {
    signed_in at;
    auto request = at.subscription(
        "presence",
        R"(<batchSub xmlns="http://schemas.microsoft.com/2006/01/sip/batch-subscribe" uri="sip:alice@contoso.example" name=""><action name="subscribe" id="41"><adhocList><resource uri="sip:bob@contoso.example"/><resource uri="sip:carol@fabrikam.example"/><resource uri="sip:nobody@contoso.example"/></adhocList></action></batchSub>)");
    const auto answer = at.alice.ask_signed(request);
    CHECK(answer.status == 200);
    CHECK(answer.header("Require") == "eventlist");
    CHECK(answer.header("Content-Type")->find(R"(type="application/rlmi+xml")") != std::string::npos);
    CHECK(
        answer.body.find(
            R"(<resource uri="sip:bob@contoso.example"><instance id="0" state="active" cid="bob@contoso.example"/>)") !=
        std::string::npos);
    CHECK(
        answer.body.find(R"(<resource uri="sip:carol@fabrikam.example"><instance id="0" state="resubscribe"/>)") !=
        std::string::npos);
    CHECK(answer.body.find(R"(state="terminated" reason="noresource")") != std::string::npos);
    CHECK(answer.body.find("<availability>6500</availability>") != std::string::npos);
    CHECK(answer.body.ends_with("--part_7f31c0de_0001--\r\n"));
}

TEST_CASE("publishing makes the user available, and an old version is told the new one") {
    signed_in at;
    const auto answer = at.alice.ask_signed(at.publication(0));
    CHECK(answer.status == 200);
    CHECK(answer.header("Content-Type") == "application/vnd-microsoft-roaming-self+xml");
    const auto parsed = sip::parse_roaming_self(answer.body);
    REQUIRE(parsed);
    CHECK(parsed->aggregate_availability() == 3500);
    const auto* own = parsed->find("state", sip::machine_state_instance("c8ca638a15"), 2);
    REQUIRE(own);
    CHECK(own->version == 1);

    const auto conflict = at.alice.ask_signed(at.publication(0));
    CHECK(conflict.status == 409);
    CHECK(conflict.header("Content-Type") == "application/msrtc-fault+xml");
    const auto told = sip::parse_publish_fault(conflict.body);
    REQUIRE(told);
    CHECK(told->size() == 2);
    CHECK(told->at(1).current == 1);
    CHECK(at.alice.ask_signed(at.publication(1)).status == 200);
}

TEST_CASE("nobody publishes for somebody else, nor what isn't XML") {
    signed_in at;
    CHECK(
        at.alice
            .ask_signed(at.service(
                {}, "application/msrtc-category-publish+xml",
                sip::publish_request("sip:bob@contoso.example", {1, 0, 0, 3500})))
            .status == 403);
    CHECK(at.alice.ask_signed(at.service({}, "application/msrtc-category-publish+xml", "<publish")).status == 400);
}

TEST_CASE("the user's other endpoint learns of a publication by BENOTIFY") {
    signed_in at;
    client phone(at.pool, "alice@contoso.example", "a0ae9e6cb0");
    CHECK(phone.sign_in(at.pool.certificate_of("alice@contoso.example")).status == 200);
    auto request = phone.request("SUBSCRIBE");
    request.add("Event", "vnd-microsoft-roaming-self").add("Supported", "ms-piggyback-first-notify");
    CHECK(phone.ask_signed(request).status == 200);
    CHECK(at.alice.ask_signed(at.publication(0)).status == 200);
    const auto told = phone.receive();
    REQUIRE(told);
    CHECK(told->method == "BENOTIFY");
    CHECK(told->header("CSeq") == "2 BENOTIFY");
    CHECK(told->header("Call-ID") == request.header("Call-ID"));
    CHECK(phone.association->check(*told) == verdict::valid);
    CHECK(sip::parse_roaming_self(told->body)->aggregate_availability() == 3500);
}

namespace {

// What a watcher was told of somebody: availability, "" for whom nothing was told.
std::string told_of(const std::string& address, const sip::message& by) {
    const auto read = sip::parse_contact_presence(by.body);
    REQUIRE(read);
    for (const auto& one : read->contacts)
        if (one.uri == address) return one.state + " " + std::to_string(one.availability);
    return {};
}

sip::message watch(client& who, const std::string& whom) {
    auto request = who.request("SUBSCRIBE");
    request.add("Event", "presence").add("Supported", "ms-piggyback-first-notify").add("Supported", "ms-benotify");
    request.body = sip::presence_request("sip:bob@contoso.example", std::vector<std::string>{whom});
    return who.ask_signed(request);
}

}  // namespace

TEST_CASE("a watcher sees the aggregate of all endpoints, and hears of each change") {
    signed_in at;
    client bob(at.pool, "bob@contoso.example", "b0ae9e6cb0");
    CHECK(bob.sign_in(at.pool.certificate_of("bob@contoso.example")).status == 200);
    CHECK(at.alice.ask_signed(at.publication(0)).status == 200);
    CHECK(told_of("alice@contoso.example", watch(bob, "alice@contoso.example")) == "active 3500");
    client phone(at.pool, "alice@contoso.example", "a0ae9e6cb0");
    CHECK(phone.sign_in(at.pool.certificate_of("alice@contoso.example")).status == 200);
    auto by_hand = phone.request("SERVICE");
    by_hand.add("Content-Type", "application/msrtc-category-publish+xml");
    by_hand.body =
        R"(<publish><publications uri="sip:alice@contoso.example"><publication categoryName="state" instance="536870912" container="2" version="0" expireType="static"><state xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" manual="true" xsi:type="userState"><availability>9500</availability></state></publication></publications></publish>)";
    CHECK(phone.ask_signed(by_hand).status == 200);
    const auto news = bob.receive();
    REQUIRE(news);
    CHECK(news->method == "BENOTIFY");
    CHECK(news->header("Require") == "eventlist");
    CHECK(bob.association->check(*news) == verdict::valid);
    CHECK(told_of("alice@contoso.example", *news) == "active 9500");
}

TEST_CASE("a watcher hears that the last endpoint went") {
    signed_in at;
    at.pool.pool->on_departure(
        [&](const account& who, const std::string& epid) { tell_of_presence(*at.pool.pool, who, epid, {"state"}); });
    client bob(at.pool, "bob@contoso.example", "b0ae9e6cb0");
    CHECK(bob.sign_in(at.pool.certificate_of("bob@contoso.example")).status == 200);
    CHECK(at.alice.ask_signed(at.publication(0)).status == 200);
    CHECK(told_of("alice@contoso.example", watch(bob, "alice@contoso.example")) == "active 3500");
    auto leaving = at.alice.registration();
    leaving.set("Expires", "0");
    CHECK(at.alice.ask_signed(leaving).status == 200);
    const auto news = bob.receive();
    REQUIRE(news);
    CHECK(told_of("alice@contoso.example", *news) == "active 18500");
}

TEST_CASE("who is blocked sees nobody there") {
    auto settings = usual_settings();
    settings.users.front().blocked = {"bob@contoso.example"};
    signed_in at(std::move(settings));
    client bob(at.pool, "bob@contoso.example", "b0ae9e6cb0");
    CHECK(bob.sign_in(at.pool.certificate_of("bob@contoso.example")).status == 200);
    CHECK(at.alice.ask_signed(at.publication(0)).status == 200);
    CHECK(told_of("alice@contoso.example", watch(bob, "alice@contoso.example")) == "active 18500");
}

TEST_CASE("a client that takes no piggy-back gets its first notification apart") {
    signed_in at;
    auto request = at.alice.request("SUBSCRIBE");
    request.add("Event", "vnd-microsoft-roaming-contacts");
    const auto answer = at.alice.ask_signed(request);
    CHECK(answer.body.empty());
    CHECK_FALSE(answer.header("ms-piggyback-cseq"));
    const auto told = at.alice.receive();
    REQUIRE(told);
    CHECK(told->method == "NOTIFY");
    CHECK(told->header("CSeq") == "1 NOTIFY");
    CHECK(sip::parse_contacts(told->body));
}

TEST_CASE("a subscription ends in its dialog, and only once") {
    signed_in at;
    auto request = at.subscription("vnd-microsoft-roaming-self");
    const auto answer = at.alice.ask_signed(request);
    request.set("To", *answer.header("To")).set("CSeq", "2 SUBSCRIBE").add("Expires", "0");
    const auto ended = at.alice.ask_signed(request);
    CHECK(ended.status == 200);
    CHECK(ended.header("subscription-state") == "terminated;expires=0");
    request.set("CSeq", "3 SUBSCRIBE");
    request.remove("Authorization");
    CHECK(at.alice.ask_signed(request).status == 481);
}

TEST_CASE("the dial plan is given by name or by default, and is ambiguous without either") {
    signed_in at;
    const std::string base = "sip:alice@contoso.example;gruu;opaque=app:locationprofile:get";
    const auto answer = at.alice.ask_signed(at.service(base + ";default"));
    CHECK(answer.status == 200);
    const auto parsed = sip::parse_location_profile(answer.body);
    REQUIRE(parsed);
    CHECK(parsed->name == "XXXX_dial_plan");
    CHECK(parsed->rules.size() == 5);
    CHECK(parsed->rules[0].pattern == R"(^(\d{6})$)");
    CHECK(parsed->external_access_prefix == "9");
    CHECK(at.alice.ask_signed(at.service(base + ";phone-context=xxxx_DIAL_plan")).status == 200);
    CHECK(at.alice.ask_signed(at.service(base + ";phone-context=nowhere")).status == 404);
    CHECK(at.alice.ask_signed(at.service(base)).status == 485);
}

TEST_CASE("the lesser services answer as a small pool does") {
    signed_in at;
    CHECK(at.alice.ask_signed(at.service({}, "application/msrtc-setcontainermembers+xml", "<x/>")).status == 200);
    CHECK(at.alice.ask_signed(at.service({}, "application/msrtc-presence-setsubscriber+xml", "<x/>")).status == 200);
    const auto capabilities = at.alice.ask_signed(at.service(
        "sip:alice@contoso.example;gruu;opaque=app:conf:focusfactory", "application/cccp+xml",
        R"(<request xmlns="urn:ietf:params:xml:ns:cccp" requestId="41"><getConferencingCapabilities/></request>)"));
    CHECK(capabilities.status == 200);
    CHECK(capabilities.body.find(R"(requestId="41")") != std::string::npos);
    CHECK(at.alice.ask_signed(at.alice.request("INVITE", "sip:ocschat@contoso.example")).status == 404);
    CHECK(at.alice.ask_signed(at.alice.request("OPTIONS")).status == 200);
    CHECK(at.alice.ask_signed(at.alice.request("PUBLISH")).status == 501);
    CHECK(at.alice.ask_signed(at.subscription("dialog")).status == 489);
}

TEST_CASE("the relay service gives credentials and relays, or says why not") {
    signed_in at;
    const auto ask = [&](const std::string& body) {
        return at.alice.ask_signed(at.service(
            "sip:sip.contoso.example@contoso.example;gruu;opaque=srvr:MRAS:TWFkZQ",
            "application/msrtc-media-relay-auth+xml", body));
    };
    const auto granted = ask(
        sip::media_relay_request("sip:alice@contoso.example", "sip:mras@contoso.example", "intranet"));
    CHECK(granted.status == 200);
    const auto read = sip::parse_media_relay(granted.body);
    REQUIRE(read);
    CHECK(read->is_granted());
    CHECK(read->duration_min == 480);
    REQUIRE(read->relays.size() == 1);
    CHECK(read->relays[0].host == "av.contoso.example");
    CHECK(read->relays[0].location == "intranet");
    const auto text = [&](const std::string& name) {
        const auto begin = granted.body.find("<" + name + ">") + name.size() + 2;
        return sip::from_base64(granted.body.substr(begin, granted.body.find("</" + name) - begin)).value_or("");
    };
    CHECK(text("username").size() == 56);
    CHECK(text("username").substr(0, 4) == std::string("\x02\x00\x00\x24", 4));
    CHECK(text("password").size() == 20);
    for (const auto* malformed : {"<request/>", "?"})
        CHECK(sip::parse_media_relay(ask(malformed).body)->reason == "Request Malformed");
}

TEST_CASE("who isn't registered gets no service") {
    test_pool pool;
    client alice(pool, "alice@contoso.example");
    alice.shake_hands(pool.certificate_of("alice@contoso.example"));
    auto request = alice.request("SUBSCRIBE");
    request.add("Event", "vnd-microsoft-roaming-self");
    CHECK(alice.ask_signed(request).status == 403);
}
