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
    CHECK(find(tokens, "ex-401-loop")->severity == severity::warning);
    CHECK(find(tokens, "ex-401-loop")->certainty == certainty::possible);
    CHECK(tokens.root_causes.empty());
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
    const auto seen = [](std::initializer_list<noted> facts, const char* branch = "refused", const char* of = "2016") {
        auto t = signed_in();
        t.ok(node_id, "read", "", {{ev::exchange_release, std::string("Exchange ") + of}});
        return t.add("provisioning.voicemail", branch, trace::outcome::expected, "", facts).judge();
    };
    CHECK(find(seen({{ev::voicemail_folder, 3}}), "ex-um-mwi-missing"));
    CHECK(find(seen({{ev::voicemail_folder, 0}}), "ex-um-mwi-missing") == nullptr);
    CHECK(find(seen({{ev::voicemail_folder, 3}, {ev::voicemail_unread, 3}}), "ex-um-mwi-missing") == nullptr);
    CHECK(find(seen({}), "ex-um-mwi-missing") == nullptr);
    CHECK(find(seen({{ev::voicemail_folder, 3}}, "no_um"), "ex-um-mwi-missing") == nullptr);
    CHECK(find(seen({{ev::voicemail_folder, 3}}, "refused", "2019"), "ex-um-mwi-missing") == nullptr);
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

namespace {

constexpr auto online = "https://autodiscover-s.outlook.com/autodiscover/autodiscover.xml";

// A step at which a log-in was wanted.
noted asks(ev::exchange_step_word what, const char* url, ev::exchange_state_word state, const char* scheme) {
    return together(
        {{ev::exchange_step, what},
         {ev::exchange_url, url},
         {ev::exchange_state, state},
         {ev::exchange_offered, scheme}});
}

verdict at_wildcard(noted one) {
    auto t = signed_in();
    t.ok("discovery.wildcard", "yes");
    return t.add(node_id, "refused", trace::outcome::warning, "", {address, std::move(one)}).judge();
}

verdict of_ews(noted first, const noted& then = address, const noted& at_last = address) {
    return after(
        "refused",
        {address, step("autodiscover", found_at, "ok"), {ev::exchange_ews_url, ews}, std::move(first), then, at_last});
}

}  // namespace

TEST_CASE("a certificate that the way to Exchange leads past is no failure") {
    const auto by_redirect = after(
        "refused",
        {address, step("autodiscover", found_at, "certificate"),
         answered("autodiscover", "http://autodiscover.contoso.example/autodiscover/autodiscover.xml", "redirect", 302),
         asks("autodiscover", online, "oauth_only", "Bearer")});
    CHECK(find(by_redirect, "ex-cert") == nullptr);
    REQUIRE(find(by_redirect, "ex-401-loop"));
    CHECK(find(by_redirect, "ex-401-loop")->severity == severity::info);
    CHECK(by_redirect.root_causes.empty());
    const auto to_nobody = after(
        "refused",
        {address, step("autodiscover", found_at, "certificate"),
         answered("autodiscover", "http://autodiscover.contoso.example/autodiscover/autodiscover.xml", "redirect", 302),
         step("autodiscover", online, "dns")});
    CHECK(find(to_nobody, "ex-cert"));
    const auto at_ews = of_ews(step("availability", ews, "certificate"));
    CHECK(find(at_ews, "ex-cert"));
}

TEST_CASE("the password itself beside a token is no reason to enable anything for certain") {
    const auto both = after(
        "refused", {address, together(
                                 {{ev::exchange_step, "autodiscover"},
                                  {ev::exchange_url, online},
                                  {ev::exchange_state, "withheld"},
                                  {ev::credentials_withheld, "password"},
                                  {ev::exchange_offered, "Bearer"},
                                  {ev::exchange_offered, "Basic"}})});
    REQUIRE(find(both, "ex-401-loop"));
    CHECK(find(both, "ex-401-loop")->severity == severity::info);
    CHECK(find(both, "ex-401-loop")->certainty == certainty::possible);
}

TEST_CASE("what a web site asks for is no log-in of Exchange") {
    for (const auto state : {"refused_login", "oauth_only", "unknown_scheme", "wants_login", "forms"}) {
        const auto word = *ev::exchange_state_word::from(state);
        const auto v = at_wildcard(asks("autodiscover", found_at, word, "Basic"));
        CHECK(find(v, "ex-401-loop") == nullptr);
        CHECK(find(v, "ex-legacy-or-forms-publishing") == nullptr);
        CHECK(v.root_causes.empty());
    }
    CHECK(find(at_wildcard(asks("autodiscover", found_at, "refused_login", "NTLM")), "ex-401-loop"));
    CHECK(
        find(after("refused", {address, asks("autodiscover", apex, "refused_login", "Basic")}), "ex-401-loop") ==
        nullptr);
    CHECK(find(after("refused", {address, asks("autodiscover", apex, "refused_login", "NTLM")}), "ex-401-loop"));
}

TEST_CASE("a log-in page where Exchange is looked for may be any portal's, unless it is Exchange's own") {
    const auto portal = after("refused", {address, answered("autodiscover", found_at, "forms", 200)});
    REQUIRE(find(portal, "ex-legacy-or-forms-publishing"));
    CHECK(find(portal, "ex-legacy-or-forms-publishing")->severity == severity::warning);
    CHECK(find(portal, "ex-legacy-or-forms-publishing")->certainty == certainty::likely);
    const auto own = after(
        "refused", {address, together(
                                 {{ev::exchange_step, "autodiscover"},
                                  {ev::exchange_url, found_at},
                                  {ev::exchange_state, "forms"},
                                  {ev::exchange_led_to, "https://autodiscover.contoso.example/owa/auth/logon.aspx"}})});
    REQUIRE(find(own, "ex-legacy-or-forms-publishing"));
    CHECK(find(own, "ex-legacy-or-forms-publishing")->severity == severity::failure);
}

TEST_CASE("log-ins that this program holds back, or that are not gone on with, are nobody's password") {
    const auto busy = of_ews(
        answered("availability", ews, "server_error", 503), step("out_of_office", ews, "held_back"));
    CHECK(find(busy, "ex-401-loop") == nullptr);
    CHECK(find(busy, "ex-ews-unavailable"));
    for (const auto state : {"unheard", "unknown_scheme"}) {
        const auto v = of_ews(asks("availability", ews, *ev::exchange_state_word::from(state), "Digest"));
        REQUIRE(find(v, "ex-401-loop"));
        CHECK(find(v, "ex-401-loop")->certainty == certainty::likely);
        CHECK(find(v, "ex-401-loop")->severity == severity::warning);
        CHECK(find(v, "ex-401-loop")->remedies.at(0).who.find("user") == std::string::npos);
        const auto words = find(v, "ex-401-loop")->title + find(v, "ex-401-loop")->explanation;
        CHECK(words.find("Digest") != std::string::npos);
    }
}

TEST_CASE("what Exchange says of this moment, or of this user's rights, is a warning") {
    const auto kind = [](const verdict& v) {
        const auto* found = find(v, "ex-ews-unavailable");
        REQUIRE(found);
        CHECK(found->severity == severity::warning);
        CHECK(found->certainty != certainty::certain);
        CHECK(v.root_causes.empty());
        return found->title;
    };
    const auto waits = together(
        {{ev::exchange_step, "availability"},
         {ev::exchange_url, ews},
         {ev::exchange_state, "server_error"},
         {ev::exchange_status, 503},
         {ev::exchange_retry_after, "30"}});
    CHECK(kind(of_ews(waits)).find("too busy") != std::string::npos);
    for (const auto* code : {"ErrorServerBusy", "a:ErrorExceededConnectionCount"})
        CHECK(kind(of_ews(coded("availability", ews, "server_error", code))).find("too busy") != std::string::npos);
    CHECK(kind(of_ews(answered("availability", ews, "forbidden", 403))).find("lets this user") != std::string::npos);
    const auto nothing = of_ews(
        coded("availability", ews, "denied", "ErrorAccessDenied"),
        coded("out_of_office", ews, "denied", "ErrorAccessDenied"));
    CHECK(kind(nothing).find("lets this user") != std::string::npos);
    CHECK(find(nothing, "ex-freebusy-denied") == nullptr);
    const auto calendar_alone = of_ews(
        coded("availability", ews, "denied", "ErrorAccessDenied"), step("out_of_office", ews, "ok"));
    CHECK(find(calendar_alone, "ex-freebusy-denied"));
    const auto in_part = of_ews(
        answered("availability", ews, "server_error", 500), step("out_of_office", ews, "ok"),
        answered("availability", ews, "server_error", 500));
    CHECK(kind(in_part).find("answers other requests") != std::string::npos);
    const auto leads_away = of_ews(answered("availability", ews, "redirect", 302));
    REQUIRE(find(leads_away, "ex-ews-unavailable"));
    CHECK(find(leads_away, "ex-ews-unavailable")->certainty == certainty::likely);
}

TEST_CASE("contacts in Exchange that this program does not get to see may be there for a client") {
    const auto with = [](std::string_view branch, std::initializer_list<noted> facts) {
        auto t = signed_in();
        t.ok("provisioning.contacts", "exchange", "", {{ev::ucs_mode, "migrated"}});
        return t.add(node_id, branch, trace::outcome::ok, "", facts).judge();
    };
    const auto weighs = [](const verdict& v) {
        REQUIRE(find(v, "contacts-in-ucs-unreachable"));
        return find(v, "contacts-in-ucs-unreachable")->severity;
    };
    CHECK(
        weighs(with(
            "refused", {address, asks("autodiscover", online, "oauth_only", "Bearer"),
                        step("autodiscover", apex, "dns")})) == severity::warning);
    CHECK(
        weighs(with(
            "read", {address,
                     {ev::exchange_ews_url, ews},
                     {ev::exchange_cut_short, true},
                     step("availability", ews, "ok"),
                     step("contacts", ews, "timed_out")})) == severity::warning);
    CHECK(
        weighs(with("read", {address, {ev::exchange_ews_url, ews}, step("out_of_office", ews, "unreachable")})) ==
        severity::warning);
    const auto refused = with(
        "refused", {address, {ev::exchange_ews_url, ews}, step("availability", ews, "certificate")});
    CHECK(weighs(refused) == severity::failure);
    CHECK(find(refused, "contacts-in-ucs-unreachable")->certainty == certainty::likely);
}

TEST_CASE("Autodiscover that answers and names nothing is a warning of its own") {
    const auto down = after("refused", {address, answered("autodiscover", found_at, "server_error", 503)});
    REQUIRE(find(down, "ex-autodiscover-none"));
    CHECK(find(down, "ex-autodiscover-none")->severity == severity::warning);
    CHECK(find(down, "ex-autodiscover-none")->title.find("answers") != std::string::npos);
    CHECK(find(at_wildcard(answered("autodiscover", found_at, "forbidden", 403)), "ex-autodiscover-none") == nullptr);
}
