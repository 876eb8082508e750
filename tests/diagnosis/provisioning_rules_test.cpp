#include <catch2/catch.hpp>

#include "trace_builder.hpp"
#include "trace/evidence_provisioning.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

trace_builder registered() {
    auto t = up_to_challenge();
    t.with_certificate(edge).registered(edge);
    return t;
}

verdict gate(const char* node, std::string_view branch, std::initializer_list<noted> facts) {
    return registered().failed(node, branch, "", facts).judge();
}

verdict after(const char* node, std::string_view branch, trace::outcome how, std::initializer_list<noted> facts = {}) {
    auto t = signed_in();
    return t.add(node, branch, how, "", facts).judge();
}

}  // namespace

TEST_CASE("what a lost connection left unanswered is no fault of whom it was asked") {
    for (const auto* node : {"provisioning.configuration", "provisioning.location_profile", "provisioning.contacts"}) {
        CHECK(after(node, "refused", trace::outcome::failed, {{ev::sip_error, "closed"}}).findings.empty());
        CHECK_FALSE(after(node, "refused", trace::outcome::failed, {{ev::sip_error, "timed_out"}}).findings.empty());
    }
}

TEST_CASE("the first requests after the registration: silent, discarded, refused") {
    const auto silent = gate(
        "provisioning.login", "silent",
        {{ev::candidate, edge}, {ev::sip_method, "SUBSCRIBE"}, {ev::sip_error, "timed_out"}});
    CHECK(root_of(silent) == "prov-no-answer");
    CHECK(silent.stopped_at == "provisioning.login");
    CHECK(silent.exit_code == 50);
    CHECK(rules_out(silent, "prov-no-answer", "reg-signature-mismatch"));
    const auto discarded = gate("provisioning.login", "silent", {{ev::candidate, edge}, {ev::sip_discarded, 2}});
    CHECK(root_of(discarded) == "reg-signature-mismatch");
    CHECK(rules_out(discarded, "reg-signature-mismatch", "prov-no-answer"));
    CHECK(
        root_of(gate(
            "provisioning.login", "refused",
            {{ev::candidate, edge},
             {ev::sip_event, "vnd-microsoft-provisioning-v2"},
             {ev::sip_status, 500},
             {ev::diagnostics_id, 5003}})) == "prov-error");
}

TEST_CASE("the subscription: unknown event, forgotten dialog, server trouble") {
    CHECK(
        root_of(gate("provisioning.subscription", "refused", {{ev::candidate, edge}, {ev::sip_status, 489}})) ==
        "sub-event-unsupported");
    CHECK(
        root_of(gate(
            "provisioning.subscription", "refused",
            {{ev::candidate, edge}, {ev::sip_status, 400}, {ev::diagnostics_id, 2013}})) == "sub-event-unsupported");
    CHECK(
        root_of(gate("provisioning.subscription", "refused", {{ev::candidate, edge}, {ev::sip_status, 481}})) ==
        "sub-481-dialog-gone");
    CHECK(
        root_of(gate("provisioning.subscription", "refused", {{ev::candidate, edge}, {ev::sip_status, 503}})) ==
        "limited-functionality");
    CHECK(
        root_of(gate("provisioning.subscription", "refused", {{ev::candidate, edge}, {ev::sip_status, 480}})) ==
        "limited-functionality");
    CHECK(
        root_of(gate(
            "provisioning.subscription", "refused",
            {{ev::candidate, edge}, {ev::sip_status, 403}, {ev::diagnostics_id, 4003}})) == "reg-403-remote-access");
    CHECK(root_of(gate("provisioning.subscription", "silent", {{ev::candidate, edge}})) == "prov-no-answer");
}

TEST_CASE("the publication: conflict, damaged data, policy, limited mode") {
    const auto publish = [](int status, int tries) {
        auto t = registered();
        t.ok("provisioning.login", "yes", "", {{ev::candidate, edge}})
            .ok("provisioning.subscription", "active", "", {{ev::candidate, edge}});
        t.failed(
            "provisioning.presentity", "refused", "",
            {{ev::candidate, edge}, {ev::sip_status, status}, {ev::publish_attempts, tries}});
        return t.judge();
    };
    CHECK(root_of(publish(409, 1)) == "publish-conflict");
    CHECK(root_of(publish(409, 3)) == "roaming-data-corrupt");
    CHECK(rules_out(publish(409, 3), "roaming-data-corrupt", "roaming-version-conflict"));
    CHECK(root_of(publish(413, 1)) == "roaming-data-corrupt");
    CHECK(root_of(publish(403, 1)) == "publish-refused");
    CHECK(root_of(publish(500, 1)) == "limited-functionality");
    CHECK(publish(403, 1).stopped_at == "provisioning.presentity");
}

TEST_CASE("a conflict that was resolved is worth a line, no more") {
    auto t = signed_in();
    t.ok(
        "provisioning.presentity", "conflict_resolved", "",
        {{ev::candidate, edge}, {ev::sip_status, 200}, {ev::publish_attempts, 2}});
    const auto v = t.judge();
    CHECK(v.signed_in);
    CHECK(root_of(v) == "()");
    CHECK(find(v, "publish-conflict")->severity == severity::info);
}

TEST_CASE("what failed after the sign-in is a root cause with exit code 0") {
    const auto v = after(
        "provisioning.contacts", "refused", trace::outcome::failed, {{ev::candidate, edge}, {ev::sip_status, 500}});
    CHECK(v.signed_in);
    CHECK(v.exit_code == 0);
    CHECK(v.stopped_at.empty());
    CHECK(root_of(v) == "roaming-contacts-failed");
    CHECK(rules_out(v, "roaming-contacts-failed", "contacts-in-ucs-unreachable"));
}

TEST_CASE("contacts in Exchange are no failure") {
    const auto v = after(
        "provisioning.contacts", "exchange", trace::outcome::ok, {{ev::candidate, edge}, {ev::ucs_mode, "migrated"}});
    CHECK(root_of(v) == "()");
    CHECK(find(v, "contacts-in-ucs-unreachable")->severity == severity::info);
    CHECK(find(v, "roaming-contacts-failed") == nullptr);
}

TEST_CASE("missing groups are named, an absent or refused configuration is something else") {
    const auto some = after(
        "provisioning.configuration", "some_missing", trace::outcome::failed,
        {{ev::candidate, edge},
         {ev::provisioning_group, "serverConfiguration"},
         {ev::provisioning_missing, "ucPolicy"},
         {ev::provisioning_missing, "locationPolicy"}});
    CHECK(root_of(some) == "prov-group-missing");
    CHECK(some.findings.front().title == "The server did not send ucPolicy, locationPolicy");
    CHECK(
        root_of(after(
            "provisioning.configuration", "refused", trace::outcome::failed,
            {{ev::candidate, edge}, {ev::sip_status, 500}})) == "prov-error");
    CHECK(
        root_of(after(
            "provisioning.configuration", "refused", trace::outcome::failed,
            {{ev::candidate, edge}, {ev::sip_error, "timed_out"}})) == "prov-no-answer");
}

TEST_CASE("a missing dial plan is a loss, unless the user has no voice") {
    CHECK(root_of(after("provisioning.location_profile", "empty", trace::outcome::warning)) == "prov-no-dialplan");
    auto without_voice = signed_in();
    without_voice.ok(
        "provisioning.configuration", "all", "",
        {{ev::candidate, edge}, setting("ucPolicy", "EnterpriseVoiceEnabled", "false")});
    without_voice.add("provisioning.location_profile", "empty", trace::outcome::warning, "", {{ev::candidate, edge}});
    CHECK(find(without_voice.judge(), "prov-no-dialplan")->severity == severity::info);
    CHECK(
        root_of(after(
            "provisioning.location_profile", "refused", trace::outcome::failed,
            {{ev::candidate, edge}, {ev::sip_status, 404}})) == "prov-no-dialplan");
}

TEST_CASE("a relay is missed only when the server configuration came without one") {
    const auto with = [](const char* name, const char* value) {
        return after(
            "provisioning.configuration", "all", trace::outcome::ok,
            {{ev::candidate, edge},
             setting("serverConfiguration", "absExternalServerUrl", "https://x"),
             setting("serverConfiguration", "ucMaxVideoRateAllowed", "Hd720p"),
             setting("serverConfiguration", name, value)});
    };
    CHECK(find(with("dlxEnabled", "true"), "prov-no-mras")->severity == severity::warning);
    CHECK(find(with("mrasUri", "sip:mras@contoso.example"), "prov-no-mras") == nullptr);
    CHECK(find(with("mrasUri", ""), "prov-no-mras") != nullptr);
    CHECK(find(after("provisioning.configuration", "all", trace::outcome::ok), "prov-no-mras") == nullptr);
}

TEST_CASE("a web server that provisioning names and that is not there, unless it was missed before") {
    const auto named = [](const char* state) {
        return together(
            {{ev::web_setting, "absExternalServerUrl"},
             {ev::web_url, "https://web.contoso.example:443/abs/handler"},
             {ev::web_state, ev::web_url_word::from(state).value()},
             {ev::web_error, "it refuses"}});
    };
    const auto with = [&](trace_builder t, const char* state) {
        return t
            .add(
                "provisioning.server_configuration.photo_url", "present", trace::outcome::warning, edge,
                {{ev::candidate, edge}, named(state)})
            .judge();
    };
    auto others_answer = signed_in();
    others_answer.ok("connection.tcp", "connected", "other.contoso.example:443", {{ev::server_port, 443}});
    const auto gone = with(others_answer, "refused");
    REQUIRE(find(gone, "prov-web-urls-unreachable"));
    CHECK(find(gone, "prov-web-urls-unreachable")->subject == "web.contoso.example");
    CHECK(find(gone, "prov-web-urls-unreachable")->certainty == certainty::likely);
    CHECK(rules_out(gone, "prov-web-urls-unreachable", "net-443-blocked"));
    CHECK(
        find(gone, "prov-web-urls-unreachable")->remedies.front().check.find("//web.contoso.example/") !=
        std::string::npos);
    CHECK(find(with(signed_in(), "dns"), "prov-web-urls-unreachable")->severity == severity::failure);
    CHECK(find(with(signed_in(), "refused"), "prov-web-urls-unreachable")->severity == severity::warning);
    CHECK(
        find(with(signed_in(), "certificate"), "prov-web-urls-unreachable")->title ==
        "web.contoso.example does not prove its name, which the provisioning data gives");
    CHECK(find(with(signed_in(), "answers"), "prov-web-urls-unreachable") == nullptr);
    CHECK(find(with(signed_in(), "not_tried"), "prov-web-urls-unreachable") == nullptr);
    auto known = signed_in();
    known.failed("discovery.autodiscover_user", "error", "", {{ev::http_url, "https://WEB.contoso.example/user"}});
    CHECK(find(with(known, "refused"), "prov-web-urls-unreachable") == nullptr);
}

TEST_CASE("a user without voice misses no dial plan and no voice policy") {
    const auto with = [](trace::outcome how, const char* branch, std::initializer_list<noted> line) {
        auto t = signed_in();
        t.add("provisioning.line", branch, how, "", line);
        t.add(
            "provisioning.configuration", "some_missing", trace::outcome::warning, "",
            {{ev::candidate, edge}, {ev::provisioning_missing, "ucPolicy"}});
        t.add("provisioning.location_profile", "refused", trace::outcome::warning, "", {{ev::sip_status, 404}});
        const auto v = t.judge();
        CHECK((find(v, "prov-no-dialplan") == nullptr) == (find(v, "prov-group-missing") == nullptr));
        return find(v, "prov-no-dialplan") == nullptr;
    };
    CHECK(with(trace::outcome::ok, "none", {{ev::telephony_mode, "None"}}));
    CHECK(with(trace::outcome::ok, "parsed", {{ev::telephony_mode, "RCC"}}));
    CHECK(with(trace::outcome::ok, "none", {}));
    CHECK_FALSE(with(trace::outcome::ok, "parsed", {{ev::telephony_mode, "Uc"}}));
    CHECK_FALSE(with(trace::outcome::expected, "none", {}));  // the server told nothing
}

TEST_CASE("settings that exclude one another are a warning, named") {
    const auto v = after(
        "provisioning.server_configuration.persistent_chat", "contradictory", trace::outcome::warning,
        {{ev::contradiction, "persistent chat is switched on, and no chat pool is named"}});
    CHECK(root_of(v) == "()");
    const auto* found = find(v, "prov-group-contradictory");
    REQUIRE(found != nullptr);
    CHECK(found->severity == severity::warning);
    CHECK(found->certainty == certainty::likely);
    CHECK(found->subject == "Persistent chat");
    CHECK(found->title.ends_with("persistent chat is switched on, and no chat pool is named"));
    CHECK(rules_out(v, "prov-group-contradictory", "prov-group-missing"));
    CHECK(
        find(
            after("provisioning.server_configuration.voice", "absent", trace::outcome::expected),
            "prov-group-contradictory") == nullptr);
}

TEST_CASE("a dial plan of another name, and contacts in groups that the list lacks") {
    const auto plan = after(
        "provisioning.dial_plan", "contradictory", trace::outcome::warning,
        {{ev::dial_plan_named, "Hamburg"}, {ev::dial_plan, "Berlin"}});
    REQUIRE(find(plan, "prov-dialplan-mismatch") != nullptr);
    CHECK(find(plan, "prov-dialplan-mismatch")->explanation.find("Hamburg") != std::string::npos);
    CHECK(rules_out(plan, "prov-dialplan-mismatch", "prov-no-dialplan"));
    const auto stranger = [](const char* who) {
        return together({{ev::contact_uri, who}, {ev::contact_unknown_group, 9}});
    };
    const auto v = after(
        "provisioning.contact_groups", "unknown_groups", trace::outcome::warning,
        {stranger("a@x.example"), stranger("a@x.example"), stranger("b@x.example")});
    const auto* found = find(v, "contacts-unknown-group");
    REQUIRE(found != nullptr);
    CHECK(found->certainty == certainty::certain);
    CHECK(found->explanation.find("2 contacts: a@x.example, b@x.example.") != std::string::npos);
}

TEST_CASE("an address book that lets nobody in, unless its server was missed before") {
    const auto with = [](trace_builder t, const char* word, std::int64_t status = 401) {
        return t
            .add(
                "provisioning.server_configuration.photo_url", "present", trace::outcome::warning, edge,
                {{ev::candidate, edge},
                 together(
                     {{ev::web_setting, "absExternalServerUrl"},
                      {ev::web_url, "https://web.contoso.example/abs/handler"},
                      {ev::web_state, "answers"},
                      {ev::web_log_in, ev::web_log_in_word::from(word).value()},
                      {ev::web_ticket_status, status},
                      {ev::web_error, "it refuses"}})})
            .judge();
    };
    const auto refused = with(signed_in(), "refused");
    REQUIRE(find(refused, "address-book-401"));
    CHECK(find(refused, "address-book-401")->subject == "web.contoso.example");
    CHECK(find(refused, "address-book-401")->severity == severity::warning);
    CHECK(find(refused, "address-book-401")->certainty == certainty::likely);
    CHECK(rules_out(refused, "address-book-401", "wt-401-loop"));
    // What stands before a server forbids as well.
    CHECK(find(with(signed_in(), "refused", 403), "address-book-401")->certainty == certainty::possible);
    for (const auto* possible : {"windows_only", "no_ticket_service", "wants_log_in", "forbidden", "not_found"}) {
        INFO(possible);
        REQUIRE(find(with(signed_in(), possible), "address-book-401"));
        CHECK(find(with(signed_in(), possible), "address-book-401")->certainty == certainty::possible);
        CHECK_FALSE(rules_out(with(signed_in(), possible), "address-book-401", "wt-401-loop"));
    }
    CHECK(find(with(signed_in(), "empty"), "address-book-401")->severity == severity::info);
    for (const auto* fine :
         {"accepted", "described", "open", "not_asked", "other_audience", "withheld", "redirected", "page",
          "server_error", "no_answer"}) {
        INFO(fine);
        CHECK(find(with(signed_in(), fine), "address-book-401") == nullptr);
    }
    auto known = signed_in();
    known.failed(
        "discovery.autodiscover_user", "error", "https://web.contoso.example/",
        {{ev::http_url, "https://web.contoso.example/"}, {ev::http_status, 500}});
    CHECK(find(with(known, "refused"), "address-book-401") == nullptr);
}

TEST_CASE("a list of contacts is full, or nearly, by the limit that provisioning names") {
    const auto with = [](std::int64_t count, const char* limit, const char* branch = "server") {
        auto t = signed_in();
        t.add(
            "provisioning.configuration", "all", trace::outcome::ok, "",
            {{ev::candidate, edge}, setting("endpointConfiguration", "maximumNumberOfContacts", limit)});
        return t
            .add(
                "provisioning.contacts", branch, trace::outcome::ok, "", {{ev::candidate, edge}, {ev::contacts, count}})
            .judge();
    };
    REQUIRE(find(with(250, "250"), "contacts-quota"));
    CHECK(find(with(250, "250"), "contacts-quota")->severity == severity::warning);
    CHECK(find(with(250, "250"), "contacts-quota")->certainty == certainty::likely);
    CHECK(find(with(250, "250"), "w-near-quota") == nullptr);
    CHECK(find(with(260, "250"), "contacts-quota"));
    REQUIRE(find(with(226, "250"), "w-near-quota"));
    CHECK(find(with(226, "250"), "contacts-quota") == nullptr);
    CHECK(find(with(225, "250"), "w-near-quota") == nullptr);
    for (const auto* none : {"", "0", "-1", "many"}) CHECK(find(with(250, none), "contacts-quota") == nullptr);
    // The limit is the pool's: of a list in Exchange it says nothing.
    CHECK(find(with(250, "250", "exchange"), "contacts-quota") == nullptr);
}
