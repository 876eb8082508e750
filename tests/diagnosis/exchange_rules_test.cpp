#include <catch2/catch.hpp>

#include "trace/evidence_exchange.hpp"
#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

constexpr auto node_id = "provisioning.calendar";
constexpr auto found_at = "https://autodiscover.contoso.example/autodiscover/autodiscover.xml";
constexpr auto apex = "https://contoso.example/autodiscover/autodiscover.xml";
constexpr auto ews = "https://mail.contoso.example/EWS/Exchange.asmx";

noted step(ev::exchange_step_word what, const char* url, ev::exchange_state_word state) {
    return together({{ev::exchange_step, what}, {ev::exchange_url, url}, {ev::exchange_state, state}});
}
noted answered(ev::exchange_step_word what, const char* url, ev::exchange_state_word state, int status) {
    return together(
        {{ev::exchange_step, what},
         {ev::exchange_url, url},
         {ev::exchange_state, state},
         {ev::exchange_status, status}});
}
noted coded(ev::exchange_step_word what, const char* url, ev::exchange_state_word state, const char* code) {
    return together(
        {{ev::exchange_step, what}, {ev::exchange_url, url}, {ev::exchange_state, state}, {ev::exchange_code, code}});
}
const noted address{ev::exchange_address, "alice@contoso.example"};

verdict after(
    std::string_view branch, std::initializer_list<noted> facts, trace::outcome how = trace::outcome::warning) {
    auto t = signed_in();
    return t.add(node_id, branch, how, "", facts).judge();
}

}  // namespace

TEST_CASE("who has no mailbox, or no Exchange, lost nothing") {
    const auto nobody = after("not_found", {address, step("autodiscover", found_at, "dns")}, trace::outcome::expected);
    CHECK(find(nobody, "ex-autodiscover-none") == nullptr);
    CHECK(nobody.root_causes.empty());
    const auto none = after(
        "no_mailbox", {address, coded("autodiscover", found_at, "no_mailbox", "500")}, trace::outcome::expected);
    REQUIRE(find(none, "ex-mailbox-none"));
    CHECK(find(none, "ex-mailbox-none")->severity == severity::info);
    CHECK(find(none, "ex-mailbox-none")->certainty == certainty::certain);
    CHECK(none.root_causes.empty());
}

TEST_CASE("Exchange that is expected and not found is told, and one that is silent is a warning") {
    auto t = signed_in();
    t.ok("provisioning.line", "parsed", "", {{ev::um_address, "EUM:alice@contoso.example;phone-context=x"}});
    const auto expected =
        t.add(node_id, "not_found", trace::outcome::expected, "", {address, step("autodiscover", found_at, "dns")})
            .judge();
    REQUIRE(find(expected, "ex-autodiscover-none"));
    CHECK(find(expected, "ex-autodiscover-none")->severity == severity::info);
    const auto silent = after("not_found", {address, step("autodiscover", found_at, "timed_out")});
    REQUIRE(find(silent, "ex-autodiscover-none"));
    CHECK(find(silent, "ex-autodiscover-none")->severity == severity::warning);
    CHECK(find(silent, "ex-autodiscover-none")->certainty == certainty::likely);
    CHECK(silent.root_causes.empty());
}

TEST_CASE("a web site at the domain is no certificate of Exchange") {
    const auto site = after(
        "read",
        {address,
         step("autodiscover", apex, "certificate"),
         step("autodiscover", found_at, "ok"),
         {ev::exchange_ews_url, ews}},
        trace::outcome::ok);
    REQUIRE(find(site, "ex-rootdomain-website"));
    CHECK(find(site, "ex-rootdomain-website")->subject == "contoso.example");
    CHECK(find(site, "ex-cert") == nullptr);
    const auto polite = after(
        "read", {address, answered("autodiscover", apex, "not_found", 404), step("autodiscover", found_at, "ok")},
        trace::outcome::ok);
    CHECK(find(polite, "ex-rootdomain-website") == nullptr);
    const auto own = after("refused", {address, step("autodiscover", found_at, "certificate")});
    REQUIRE(find(own, "ex-cert"));
    CHECK(find(own, "ex-cert")->subject == "autodiscover.contoso.example");
    CHECK(own.root_causes.size() == 1);
    CHECK(own.exit_code == 0);
}

TEST_CASE("a name for which a wildcard answers promises no Exchange") {
    auto t = signed_in();
    t.ok("discovery.wildcard", "yes");
    const auto v =
        t.add(node_id, "refused", trace::outcome::warning, "", {address, step("autodiscover", found_at, "certificate")})
            .judge();
    CHECK(find(v, "ex-cert") == nullptr);
    CHECK(v.root_causes.empty());
}

TEST_CASE("log-ins at Exchange: refused, of another kind, kept back, none to give") {
    const auto refused = after(
        "refused", {address, together(
                                 {{ev::exchange_step, "autodiscover"},
                                  {ev::exchange_url, found_at},
                                  {ev::exchange_state, "refused_login"},
                                  {ev::exchange_scheme, "NTLM"},
                                  {ev::exchange_logged_in, false}})});
    REQUIRE(find(refused, "ex-401-loop"));
    CHECK(find(refused, "ex-401-loop")->certainty == certainty::likely);
    CHECK(find(refused, "ex-401-loop")->severity == severity::failure);
    CHECK(find(refused, "ex-401-loop")->explanation.find("took the same password") == std::string::npos);
    const auto tokens = after(
        "refused", {address, together(
                                 {{ev::exchange_step, "availability"},
                                  {ev::exchange_url, ews},
                                  {ev::exchange_state, "oauth_only"},
                                  {ev::exchange_offered, "Bearer"}})});
    REQUIRE(find(tokens, "ex-401-loop"));
    CHECK(find(tokens, "ex-401-loop")->title.find("token") != std::string::npos);
    const auto without = after("refused", {address, step("autodiscover", found_at, "wants_login")});
    REQUIRE(find(without, "ex-401-loop"));
    CHECK(find(without, "ex-401-loop")->severity == severity::warning);
    CHECK(without.root_causes.empty());
    const auto kept = after(
        "refused", {address, together(
                                 {{ev::exchange_step, "autodiscover"},
                                  {ev::exchange_url, "https://mail.fabrikam.example/autodiscover/autodiscover.xml"},
                                  {ev::exchange_state, "withheld"},
                                  {ev::credentials_withheld, "log_in"}})});
    CHECK(find(kept, "ex-401-loop") == nullptr);
    REQUIRE(find(kept, "ex-domain-trust-prompt"));
    CHECK(find(kept, "ex-domain-trust-prompt")->subject == "mail.fabrikam.example");
}

TEST_CASE("what the web services of Exchange do wrong") {
    const auto at_ews = [](noted one) {
        return after(
            "refused", {address, step("autodiscover", found_at, "ok"), {ev::exchange_ews_url, ews}, std::move(one)});
    };
    const auto down = at_ews(answered("availability", ews, "server_error", 503));
    REQUIRE(find(down, "ex-ews-unavailable"));
    CHECK(find(down, "ex-ews-unavailable")->certainty == certainty::certain);
    CHECK(rules_out(down, "ex-ews-unavailable", "ex-autodiscover-none"));
    CHECK(find(at_ews(step("availability", ews, "timed_out")), "ex-ews-unavailable")->certainty == certainty::likely);
    CHECK(find(at_ews(answered("availability", ews, "forms", 302)), "ex-legacy-or-forms-publishing"));
    CHECK(find(at_ews(coded("availability", ews, "realm", "2000004")), "ex-oauth-tenant-unknown"));
    CHECK(find(at_ews(coded("availability", ews, "denied", "ErrorNoFreeBusyAccess")), "ex-freebusy-denied"));
    CHECK(find(at_ews(step("availability", ews, "proxy")), "ex-proxy-blocks"));
    CHECK(find(at_ews(step("availability", ews, "proxy")), "ex-ews-unavailable") == nullptr);
}

TEST_CASE("voice messages of which the pool never heard") {
    const auto seen = [](std::initializer_list<noted> facts) {
        auto t = signed_in();
        return t.add("provisioning.voicemail", "refused", trace::outcome::expected, "", facts).judge();
    };
    CHECK(find(seen({{ev::voicemail_folder, 3}}), "ex-um-mwi-missing"));
    CHECK(find(seen({{ev::voicemail_folder, 0}}), "ex-um-mwi-missing") == nullptr);
    CHECK(find(seen({{ev::voicemail_folder, 3}, {ev::voicemail_unread, 3}}), "ex-um-mwi-missing") == nullptr);
    CHECK(find(seen({}), "ex-um-mwi-missing") == nullptr);
}

TEST_CASE("contacts that are kept in Exchange, by what became of them there") {
    const auto with = [](std::string_view branch, std::initializer_list<noted> facts) {
        auto t = signed_in();
        t.ok("provisioning.contacts", "exchange", "", {{ev::ucs_mode, "migrated"}});
        return t.add(node_id, branch, trace::outcome::ok, "", facts).judge();
    };
    CHECK(
        find(
            with("read", {address, {ev::exchange_ews_url, ews}, step("contacts", ews, "ok")}),
            "contacts-in-ucs-unreachable") == nullptr);
    const auto failed = with(
        "read", {address, {ev::exchange_ews_url, ews}, answered("contacts", ews, "server_error", 503)});
    REQUIRE(find(failed, "contacts-in-ucs-unreachable"));
    CHECK(find(failed, "contacts-in-ucs-unreachable")->severity == severity::failure);
    CHECK(find(failed, "contacts-in-ucs-unreachable")->certainty == certainty::certain);
    const auto nowhere = with("not_found", {address, step("autodiscover", found_at, "dns")});
    REQUIRE(find(nowhere, "contacts-in-ucs-unreachable"));
    CHECK(find(nowhere, "contacts-in-ucs-unreachable")->severity == severity::warning);
    const auto unasked = with("read", {});
    REQUIRE(find(unasked, "contacts-in-ucs-unreachable"));
    CHECK(find(unasked, "contacts-in-ucs-unreachable")->severity == severity::info);
}

TEST_CASE("a log-in that is refused where a gateway passes it on need not be a wrong password") {
    const auto refused_by = [](const char* server, std::int64_t refused_before) {
        auto t = signed_in();
        t.ok(
            "registration.web_ticket", "ticket", "",
            {{ev::password_uses, std::int64_t{1}}, {ev::password_refused, refused_before}});
        const auto v = t.add(
                            node_id, "refused", trace::outcome::warning, "",
                            {address, together(
                                          {{ev::exchange_step, "autodiscover"},
                                           {ev::exchange_url, found_at},
                                           {ev::exchange_state, "refused_login"},
                                           {ev::http_server, server},
                                           {ev::exchange_scheme, "NTLM"},
                                           {ev::exchange_logged_in, false}})})
                           .judge();
        const auto* found = find(v, "ex-401-loop");
        REQUIRE(found);
        return *found;
    };
    const auto by_nginx = refused_by("nginx/1.22.1", 0);
    CHECK(by_nginx.remedies.at(0).who == "reverse-proxy admin, Exchange admin, user");
    CHECK(by_nginx.certainty == certainty::likely);
    CHECK(by_nginx.explanation.find("The pool took the same password") != std::string::npos);
    const auto by_itself = refused_by("Microsoft-IIS/10.0", 1);
    CHECK(by_itself.remedies.at(0).who == "Exchange admin, user");
    CHECK(by_itself.explanation.find("took the same password") == std::string::npos);
}
