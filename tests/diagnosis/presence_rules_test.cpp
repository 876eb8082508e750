// Findings about contacts whose presence does not come.

#include <catch2/catch.hpp>

#include "trace_builder.hpp"
#include "trace/evidence_provisioning.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

verdict with(std::string_view branch, std::initializer_list<noted> facts) {
    auto t = signed_in();
    return t.add("provisioning.contact_presence", branch, trace::outcome::warning, "", facts).judge();
}

noted refused(const char* who, int status, int number) {
    return together(
        {{ev::contact_uri, who},
         {ev::contact_presence, "refused"},
         {ev::sip_status, status},
         {ev::sip_reason, "Refused"},
         {ev::diagnostics_id, number},
         {ev::diagnostics_header, "ms-diagnostics"}});
}
noted only(const char* who, ev::presence_state_word state, const char* reason) {
    return together({{ev::contact_uri, who}, {ev::contact_presence, state}, {ev::contact_presence_reason, reason}});
}

}  // namespace

TEST_CASE("who does not let the user see them; who is gone is nobody's fault") {
    const auto v = with("active", {only("erin@contoso.example", "terminated", "rejected")});
    REQUIRE(find(v, "presence-not-authorized"));
    CHECK(find(v, "presence-not-authorized")->certainty == certainty::likely);
    CHECK(find(v, "presence-not-authorized")->explanation.find("erin@contoso.example: rejected") != std::string::npos);
    CHECK(v.signed_in);
    CHECK(find(with("active", {refused("erin@contoso.example", 403, 2004)}), "presence-not-authorized"));
    CHECK_FALSE(
        find(with("active", {only("erin@contoso.example", "terminated", "noresource")}), "presence-not-authorized"));
}

TEST_CASE("federation: a policy by its number, a partner out of reach by number or silence") {
    const auto policy = with("active", {refused("carol@fabrikam.example", 403, 1002)});
    REQUIRE(find(policy, "federation-disabled"));
    CHECK(find(policy, "federation-disabled")->certainty == certainty::certain);
    CHECK(rules_out(policy, "federation-disabled", "federation-no-route"));
    const auto open_ones = with("active", {refused("erin@msn.com", 403, 1001)});
    CHECK(find(open_ones, "federation-disabled")->title.find("public providers") != std::string::npos);
    const auto route = with("active", {refused("carol@fabrikam.example", 504, 1047)});
    REQUIRE(find(route, "federation-no-route"));
    CHECK(find(route, "federation-no-route")->certainty == certainty::likely);
    CHECK(rules_out(route, "federation-no-route", "federation-disabled"));
    const auto silent = with("active", {only("carol@fabrikam.example", "no_answer", "no answer in time")});
    REQUIRE(find(silent, "federation-no-route"));
    CHECK(find(silent, "federation-no-route")->certainty == certainty::possible);
    CHECK(find(silent, "federation-no-route")->severity == severity::warning);
    // Somebody of the own enterprise who is not answered for says nothing about partners.
    CHECK_FALSE(find(with("active", {only("bob@contoso.example", "no_answer", "")}), "federation-no-route"));
    CHECK_FALSE(find(with("active", {refused("bob@contoso.example", 504, 1038)}), "federation-no-route"));
}

TEST_CASE("what DNS says of a partner out of reach is told, and makes nothing more certain") {
    auto t = signed_in();
    t.add(
        "provisioning.contact_lookup", "partner_not_found", trace::outcome::expected, "",
        {together({{ev::partner_domain, "fabrikam.example"}, {ev::partner_found, "no_record"}}),
         together({{ev::partner_domain, "northwind.example"}, {ev::partner_found, "no_record"}})});
    const auto v = t.add(
                        "provisioning.contact_presence", "active", trace::outcome::warning, "",
                        {only("carol@fabrikam.example", "no_answer", "no answer in time")})
                       .judge();
    REQUIRE(find(v, "federation-no-route"));
    CHECK(find(v, "federation-no-route")->certainty == certainty::possible);
    CHECK(
        find(v, "federation-no-route")->explanation.find("no _sipfederationtls._tcp for fabrikam.example.") !=
        std::string::npos);
}

TEST_CASE("a watched contact's limit is named by its number alone") {
    const auto v = with("active", {refused("erin@contoso.example", 403, 2012)});
    REQUIRE(find(v, "category-subscription-limit"));
    CHECK_FALSE(find(v, "presence-not-authorized"));
    CHECK_FALSE(find(with("active", {refused("erin@contoso.example", 403, 0)}), "category-subscription-limit"));
}

TEST_CASE("the subscription about all contacts refused as a whole") {
    const auto whole = [](int status) {
        return with("refused", {{ev::candidate, edge}, {ev::sip_event, "presence"}, {ev::sip_status, status}});
    };
    CHECK(find(whole(413), "message-too-large"));
    CHECK(find(whole(489), "sub-event-unsupported"));
    REQUIRE(find(whole(503), "limited-functionality"));
    CHECK(find(whole(503), "limited-functionality")->certainty == certainty::likely);
    for (const auto* id : {"message-too-large", "sub-event-unsupported", "limited-functionality"})
        CHECK_FALSE(find(whole(403), id));
    CHECK(find(whole(513), "message-too-large"));
    CHECK(root_of(whole(481)) == "sub-481-dialog-gone");
    for (const int status : {400, 403, 404, 408, 421, 600, 603}) {
        INFO(status);
        CHECK(root_of(whole(status)) == "presence-refused");
        CHECK(whole(status).findings.front().title.ends_with("is refused: " + std::to_string(status)));
    }
    // One contact's answer is not the pool's.
    CHECK_FALSE(find(with("refused", {refused("erin@contoso.example", 503, 0)}), "limited-functionality"));
}

TEST_CASE("the subscription about all contacts: refused by number, unreadable, empty, silent") {
    const auto numbered = [](int number) {
        return with(
            "refused", {{ev::sip_event, "presence"},
                        {ev::sip_status, 403},
                        {ev::diagnostics_id, number},
                        {ev::diagnostics_header, "ms-diagnostics"}});
    };
    CHECK(find(numbered(2012), "category-subscription-limit"));
    CHECK(find(numbered(1002), "federation-disabled"));
    CHECK(find(numbered(2011), "presence-refused"));
    CHECK(find(numbered(2014), "sub-481-dialog-gone"));
    const auto garbled = with("refused", {{ev::sip_status, 200}, {ev::body_error, "not XML (offset 0)"}});
    REQUIRE(find(garbled, "presence-refused"));
    CHECK(find(garbled, "presence-refused")->certainty == certainty::likely);
    for (const auto& v : {with("refused", {{ev::sip_status, 200}}), with("refused", {{ev::sip_error, "timed_out"}})}) {
        REQUIRE(find(v, "prov-no-answer"));
        CHECK(find(v, "prov-no-answer")->severity == severity::warning);
        CHECK(v.root_causes.empty());
    }
    CHECK(with("refused", {{ev::sip_error, "closed"}}).findings.empty());
    const auto of_none = with("refused", {{ev::sip_status, 200}, only("bob@contoso.example", "not_told", "")});
    REQUIRE(find(of_none, "prov-no-answer"));
    CHECK(find(of_none, "prov-no-answer")->explanation.ends_with("It told of none of them."));
}

TEST_CASE("a partner's policy is not that of the user's own pool") {
    const auto from = [](const char* source) {
        return together(
            {{ev::contact_uri, "carol@fabrikam.example"},
             {ev::contact_presence, "refused"},
             {ev::sip_status, 403},
             {ev::diagnostics_id, 1002},
             {ev::diagnostics_source, source}});
    };
    const auto another = only("dave@northwind.example", "active", "");
    const auto own = with("active", {from("edge01.contoso.example")});
    CHECK(root_of(own) == "federation-disabled");
    const auto theirs = with("active", {from("sip.fabrikam.example")});
    CHECK(theirs.root_causes.empty());
    REQUIRE(find(theirs, "federation-disabled"));
    CHECK(find(theirs, "federation-disabled")->title == "The servers of fabrikam.example refuse alice@contoso.example");
    CHECK(find(theirs, "federation-disabled")->certainty == certainty::likely);
    const auto one_of_two = with("active", {from("edge01.contoso.example"), another});
    CHECK(one_of_two.root_causes.empty());
    CHECK(find(one_of_two, "federation-disabled")->title.ends_with("with contacts at fabrikam.example"));
}

TEST_CASE("a partner's server that is not reached, by numbers that name the next server") {
    CHECK(
        find(with("active", {refused("carol@fabrikam.example", 504, 1046)}), "federation-no-route")->certainty ==
        certainty::likely);
    for (const int number : {1010, 1014, 1017, 1028, 1038, 1039}) {
        INFO(number);
        const auto v = with("active", {refused("carol@fabrikam.example", 504, number)});
        REQUIRE(find(v, "federation-no-route"));
        CHECK(find(v, "federation-no-route")->certainty == certainty::possible);
        CHECK(find(v, "federation-no-route")->severity == severity::warning);
    }
}

TEST_CASE("a connection that ends in the midst of stage 5 is not a late answer") {
    auto t = up_to_challenge();
    t.with_certificate(edge).registered(edge).failed(
        "provisioning.login", "silent", "", {{ev::candidate, edge}, {ev::sip_error, "reset"}});
    const auto v = t.judge();
    CHECK(root_of(v) == "reg-connection-lost");
    CHECK(rules_out(v, "reg-connection-lost", "prov-no-answer"));
}

TEST_CASE("a connection that was made once more in the midst of stage 5") {
    auto t = up_to_challenge();
    t.with_certificate(edge).registered(edge).failed(
        "provisioning.login", "silent", "", {{ev::candidate, edge}, {ev::sip_error, "reset"}});
    auto lost_too = t;
    lost_too.failed(
        "registration.kept", "connection_lost", edge,
        {{ev::candidate, edge}, {ev::deregistered, "connection_lost"}, {ev::connections_lost, 2}});
    CHECK(root_of(lost_too.judge()) == "reg-connection-lost");
    CHECK(find(lost_too.judge(), "reg-connection-lost")->explanation.find("So was a first one") != std::string::npos);
    // The second one comes less far: where the first one was lost is where the sign-in stopped.
    t.failed("connection.tcp", "refused", edge, {{ev::candidate, edge}});
    CHECK(t.judge().stopped_at == "provisioning.login");
    CHECK(root_of(t.judge()) == "reg-connection-lost");
}

TEST_CASE("a second connection that held is worth a warning") {
    auto t = signed_in();
    t.ok("registration.kept", "kept", edge, {{ev::candidate, edge}, {ev::connections_lost, 1}});
    const auto v = t.judge();
    REQUIRE(find(v, "reg-connection-lost"));
    CHECK(find(v, "reg-connection-lost")->severity == severity::warning);
    CHECK(v.root_causes.empty());
    CHECK(v.signed_in);
}

TEST_CASE("rules of a dial plan that can't be applied; what only .NET takes is no fault") {
    const auto plan = [](const noted& rule) {
        auto t = signed_in();
        return t.add("provisioning.location_profile", "profile", trace::outcome::warning, "", {rule}).judge();
    };
    const auto v = plan(
        together({{ev::dial_rule, 3}, {ev::dial_pattern, "^("}, {ev::dial_rule_error, "missing closing )"}}));
    REQUIRE(find(v, "prov-dialplan-pattern"));
    CHECK(find(v, "prov-dialplan-pattern")->explanation.find("rule 3, ^(: missing closing )") != std::string::npos);
    CHECK_FALSE(find(
        plan(together({{ev::dial_rule, 3}, {ev::dial_pattern, "x"}, {ev::dial_rule_foreign, "of .NET"}})),
        "prov-dialplan-pattern"));
}
