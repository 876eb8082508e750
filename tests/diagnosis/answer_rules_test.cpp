// What the answers to requests after the registration mean, at the gates and at what is lost though signed in.
#include <catch2/catch.hpp>

#include "trace_builder.hpp"
#include "trace/evidence_provisioning.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

constexpr auto self_event = "vnd-microsoft-roaming-self";

trace_builder registered(const char* confirmed = "yes") {
    auto t = up_to_challenge();
    t.with_certificate(edge).registered(edge);
    if (confirmed != std::string_view("yes"))
        t.add(
            "registration.confirmed", confirmed, trace::outcome::warning, "",
            {{ev::candidate, edge}, {ev::primary, "no"}});
    return t;
}

// The subscription to roaming self, refused.
verdict self(int status, int number = 0) {
    auto t = registered();
    if (number == 0)
        t.failed(
            "provisioning.subscription", "refused", "",
            {{ev::candidate, edge}, {ev::sip_event, self_event}, {ev::sip_status, status}});
    else
        t.failed(
            "provisioning.subscription", "refused", "",
            {{ev::candidate, edge},
             {ev::sip_event, self_event},
             {ev::sip_status, status},
             {ev::diagnostics_id, number},
             {ev::diagnostics_header, "ms-diagnostics"}});
    return t.judge();
}

verdict published(int status, const noted& more) {
    auto t = registered();
    t.ok("provisioning.login", "yes", "", {{ev::candidate, edge}})
        .ok("provisioning.subscription", "active", "", {{ev::candidate, edge}});
    t.failed(
        "provisioning.presentity", "refused", "",
        {{ev::candidate, edge}, {ev::sip_event, "publish"}, {ev::sip_status, status}, more});
    return t.judge();
}

verdict lost(const char* node, std::initializer_list<noted> facts, const char* branch = "refused") {
    auto t = signed_in();
    return t.add(node, branch, trace::outcome::failed, "", facts).judge();
}

const finding& the(const verdict& v, std::string_view id) {
    const auto* found = find(v, id);
    INFO(id);
    REQUIRE(found);
    return *found;
}

bool holds_text(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("answers without a valid signature are no silence, whatever was asked for") {
    for (const auto* node :
         {"provisioning.configuration", "provisioning.location_profile", "provisioning.contacts",
          "provisioning.contact_presence"}) {
        INFO(node);
        const auto v = lost(node, {{ev::candidate, edge}, {ev::sip_error, "timed_out"}, {ev::sip_discarded, 1}});
        CHECK(root_of(v) == "reg-signature-mismatch");
        CHECK(the(v, "reg-signature-mismatch").certainty == certainty::likely);
        CHECK(
            holds_text(the(v, "reg-signature-mismatch").explanation, "An answer that came after the registration was"));
        CHECK(v.findings.size() == 1);
    }
}

TEST_CASE("a dial plan is missing where the server says so; what could not be fetched may be there") {
    const auto plan = [](std::initializer_list<noted> facts) { return lost("provisioning.location_profile", facts); };
    const auto none = plan({{ev::sip_status, 404}});
    CHECK(the(none, "prov-no-dialplan").certainty == certainty::certain);
    CHECK(
        the(plan({{ev::sip_status, 480}, {ev::diagnostics_id, 14001}}), "prov-no-dialplan").certainty ==
        certainty::certain);
    for (const int status : {403, 405, 408, 480, 500, 503, 504}) {
        INFO(status);
        const auto v = plan({{ev::sip_status, status}});
        CHECK(the(v, "prov-no-dialplan").certainty == certainty::likely);
        CHECK(holds_text(the(v, "prov-no-dialplan").title, "could not be fetched: " + std::to_string(status)));
        CHECK_FALSE(holds_text(the(v, "prov-no-dialplan").remedies.front().text, "Grant-CsDialPlan"));
    }
    const auto unknown = plan({{ev::sip_status, 404}, {ev::diagnostics_id, 4006}});
    CHECK(the(unknown, "prov-no-dialplan").certainty == certainty::likely);
    const auto garbled = plan({{ev::sip_status, 200}, {ev::body_error, "not XML (offset 0)"}});
    CHECK(the(garbled, "prov-no-dialplan").certainty == certainty::likely);
    CHECK(holds_text(the(garbled, "prov-no-dialplan").title, "cannot be read: not XML"));
}

TEST_CASE("who may be meant to have no voice may rightly have no dial plan") {
    const auto with = [](trace::outcome how, const char* branch, std::initializer_list<noted> line) {
        auto t = signed_in();
        t.add("provisioning.line", branch, how, "", line);
        t.add("provisioning.location_profile", "refused", trace::outcome::warning, "", {{ev::sip_status, 404}});
        return t.judge();
    };
    const auto untold = with(trace::outcome::expected, "none", {});
    CHECK(the(untold, "prov-no-dialplan").certainty == certainty::possible);
    CHECK(the(untold, "prov-no-dialplan").severity == severity::warning);
    CHECK(untold.root_causes.empty());
    const auto other = with(trace::outcome::ok, "none", {{ev::telephony_mode, "PCtoPC"}});
    CHECK(the(other, "prov-no-dialplan").severity == severity::warning);
    for (const auto* mode : {"Uc", "Dual"})
        CHECK(
            the(with(trace::outcome::ok, "none", {{ev::telephony_mode, mode}}), "prov-no-dialplan").severity ==
            severity::failure);
}

TEST_CASE("a registrar that is not the user's own explains what it refuses") {
    for (const int status : {480, 503, 504}) {
        INFO(status);
        auto t = registered("limited");
        t.failed(
            "provisioning.subscription", "refused", "",
            {{ev::candidate, edge}, {ev::sip_event, self_event}, {ev::sip_status, status}});
        const auto v = t.judge();
        CHECK(root_of(v) == "reg-backup-registrar-limited");
        CHECK(v.stopped_at == "provisioning.subscription");
        CHECK(the(v, "reg-backup-registrar-limited").certainty == certainty::certain);
        CHECK(rules_out(v, "reg-backup-registrar-limited", "limited-functionality"));
        CHECK(find(v, "limited-functionality") == nullptr);
    }
    auto t = registered("limited");
    t.failed("provisioning.subscription", "refused", "", {{ev::candidate, edge}, {ev::sip_status, 403}});
    CHECK(root_of(t.judge()) == "reg-403-no-reason");
}

TEST_CASE("refusals after the REGISTER are not told in its words") {
    CHECK(root_of(self(401)) == "sub-log-in-lost");
    CHECK(rules_out(self(401), "sub-log-in-lost", "reg-wrong-password"));
    CHECK(root_of(self(404)) == "reg-404-not-replicated");
    CHECK(self(404).root_causes.front().certainty == certainty::possible);
    CHECK(root_of(self(404, 4005)) == "reg-404-not-replicated");
    CHECK(root_of(self(404, 1003)) == "reg-404-not-replicated");
    CHECK(rules_out(self(404), "reg-404-not-replicated", "reg-404-not-sip-enabled"));
    CHECK(root_of(self(404, 4006)) == "reg-user-not-in-pool");
    CHECK(root_of(self(403, 2005)) == "reg-user-not-in-pool");
    CHECK(root_of(self(408)) == "limited-functionality");
    CHECK(self(408).root_causes.front().certainty == certainty::possible);
    CHECK(root_of(self(504, 1010)) == "reg-504-next-hop-cert");
    CHECK(root_of(self(504, 1007)) == "reg-504-edge-next-hop");
    CHECK(root_of(self(503, 17000)) == "reg-server-overloaded");
    CHECK(root_of(self(503)) == "limited-functionality");
    for (const int number : {1015, 1016}) CHECK(self(403, number).root_causes.front().certainty == certainty::possible);
    CHECK(holds_text(the(self(423), "reg-423-interval").title, "considers the subscription too short"));
}

TEST_CASE("a publication has no dialog, no size of its version, and no log-in of its own") {
    const auto tried = [](int times) { return noted{ev::publish_attempts, times}; };
    CHECK(root_of(published(481, tried(1))) == "publish-refused");
    CHECK(root_of(published(401, tried(1))) == "sub-log-in-lost");
    CHECK(root_of(published(404, noted{ev::diagnostics_id, 2005})) == "reg-user-not-in-pool");
    for (const auto& [status, times, why] :
         {std::tuple{409, 3, "refused 3 times"}, std::tuple{413, 1, "the size is refused"}}) {
        const auto v = published(status, tried(times));
        REQUIRE(the(v, "roaming-data-corrupt").ruled_out.size() == 1);
        CHECK(holds_text(the(v, "roaming-data-corrupt").ruled_out.front().by, why));
        CHECK_FALSE(holds_text(the(v, "roaming-data-corrupt").ruled_out.front().by, "named"));
    }
}

TEST_CASE("what came and cannot be read is neither silence nor a refusal; what came without a body is") {
    const noted garbled{ev::body_error, "unclosed tag (offset 12)"};
    const auto settings = lost("provisioning.configuration", {{ev::sip_status, 200}, garbled});
    CHECK(root_of(settings) == "prov-error");
    CHECK(the(settings, "prov-error").certainty == certainty::likely);
    CHECK(holds_text(the(settings, "prov-error").title, "cannot be read: unclosed tag"));
    const auto contacts = lost("provisioning.contacts", {{ev::sip_status, 200}, garbled});
    CHECK(root_of(contacts) == "roaming-data-corrupt");
    CHECK(the(contacts, "roaming-data-corrupt").certainty == certainty::likely);
    CHECK(rules_out(contacts, "roaming-data-corrupt", "roaming-contacts-failed"));
    const auto empty = lost("provisioning.configuration", {{ev::sip_status, 200}});
    CHECK(root_of(empty) == "prov-no-answer");
    CHECK(holds_text(the(empty, "prov-no-answer").explanation, "no notification followed"));
    const auto no_list = lost("provisioning.contacts", {{ev::sip_status, 200}});
    CHECK(holds_text(the(no_list, "roaming-contacts-failed").explanation, "no notification followed"));
    CHECK(the(no_list, "roaming-contacts-failed").certainty == certainty::possible);
}

TEST_CASE("a subscription to one's own data that brings none") {
    const auto with = [](std::initializer_list<noted> facts) {
        auto t = signed_in();
        return t.add("provisioning.subscription", "active", trace::outcome::warning, "", facts).judge();
    };
    const auto v = with({{ev::candidate, edge}, {ev::sip_status, 200}});
    CHECK(v.signed_in);
    CHECK(the(v, "prov-no-answer").severity == severity::warning);
    CHECK(rules_out(v, "prov-no-answer", "roaming-data-corrupt"));
    CHECK_FALSE(find(with({{ev::candidate, edge}, {ev::sip_status, 200}, {ev::access_blocked, 0}}), "prov-no-answer"));
    const auto garbled = with({{ev::candidate, edge}, {ev::sip_status, 200}, {ev::body_error, "not XML (offset 0)"}});
    CHECK_FALSE(find(garbled, "prov-no-answer"));
    CHECK(find(garbled, "roaming-data-corrupt"));
}

TEST_CASE("that there is no contact list is certain; why, only some answers say, and none for sure") {
    const auto contacts = [](int status) { return lost("provisioning.contacts", {{ev::sip_status, status}}); };
    CHECK(the(contacts(500), "roaming-contacts-failed").certainty == certainty::likely);
    for (const int status : {400, 403, 404, 408, 489}) {
        INFO(status);
        CHECK(the(contacts(status), "roaming-contacts-failed").certainty == certainty::possible);
        CHECK(holds_text(
            the(contacts(status), "roaming-contacts-failed").title, "is refused: " + std::to_string(status)));
    }
    CHECK(root_of(contacts(401)) == "sub-log-in-lost");
}

TEST_CASE("groups that releases differ in are missed less than others") {
    const auto missing = [](std::initializer_list<noted> facts) {
        return lost("provisioning.configuration", facts, "some_missing");
    };
    const auto user = missing({{ev::provisioning_missing, "userSetting"}, {ev::provisioning_missing, "meetingPolicy"}});
    CHECK(the(user, "prov-group-missing").severity == severity::warning);
    const auto voice = missing({{ev::provisioning_missing, "userSetting"}, {ev::provisioning_missing, "ucPolicy"}});
    CHECK(the(voice, "prov-group-missing").severity == severity::failure);
}
