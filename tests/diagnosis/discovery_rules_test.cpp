#include <catch2/catch.hpp>

#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

verdict names(std::string_view state, std::string_view zone) {
    trace_builder t;
    return t.devices().names_all(state, zone).judge();
}

// lyncdiscover resolves, nothing else does; then what the web server said.
trace_builder only_lyncdiscover() {
    trace_builder t;
    t.devices().ok(
        "discovery.autodiscover_external", "address", "lyncdiscover.contoso.example",
        {{ev::dns_name, "lyncdiscover.contoso.example"}, told("A", "records"), {ev::dns_address, "198.51.100.9"}});
    t.add(
        "discovery.srv_external", "not_there", trace::outcome::expected, "_sip._tls.contoso.example",
        {{ev::dns_name, "_sip._tls.contoso.example"}, told("SRV", "NXDOMAIN"), {ev::dns_zone, "contoso.example"}});
    return t;
}

verdict web_answer(
    std::string_view branch, std::initializer_list<noted> facts, const char* node = "discovery.autodiscover_root") {
    auto t = only_lyncdiscover();
    t.failed(node, branch, "https://lyncdiscover.contoso.example/", facts).failed("discovery.candidates", "empty");
    return t.judge();
}

}  // namespace

TEST_CASE("a zone without the records is a case for the DNS admin") {
    const auto v = names("NXDOMAIN", "contoso.example");
    CHECK(root_of(v) == "dns-no-records");
    CHECK(v.root_causes.front().certainty == certainty::likely);  // a resolver may remember a 'no' of before
    CHECK(v.exit_code == 20);
    CHECK(rules_out(v, "dns-no-records", "dns-user-domain-typo"));
    CHECK(find(v, "dns-no-records")->remedies.front().text.find("_sip._tls.contoso.example") != std::string::npos);
}

TEST_CASE("answers by the zone above mean that the domain does not exist") {
    const auto v = names("NXDOMAIN", "example");
    CHECK(root_of(v) == "dns-user-domain-typo");
    CHECK(rules_out(v, "dns-user-domain-typo", "dns-no-records"));
    CHECK(find(v, "dns-no-records") == nullptr);
    CHECK(root_of(names("NXDOMAIN", ".")) == "dns-user-domain-typo");
}

TEST_CASE("SERVFAIL, REFUSED and silence are told apart") {
    CHECK(root_of(names("SERVFAIL", "")) == "dns-servfail");
    CHECK(root_of(names("REFUSED", "")) == "dns-refused");
    CHECK(root_of(names("timeout", "")) == "dns-timeout");
    CHECK(find(names("SERVFAIL", ""), "dns-no-records") == nullptr);
}

TEST_CASE("a cut answer that cannot be had by TCP is not silence") {
    trace_builder t;
    t.devices().failed(
        "discovery.srv_external", "error", "_sip._tls.contoso.example",
        {{ev::dns_name, "_sip._tls.contoso.example"}, told("SRV", "timeout"), {ev::dns_truncated, true}});
    const auto v = t.failed("discovery.candidates", "empty").judge();
    CHECK(root_of(v) == "dns-truncated-no-tcp");
    CHECK(find(v, "dns-timeout") == nullptr);
}

TEST_CASE("an SRV target without an address is named") {
    trace_builder t;
    t.devices().add(
        "discovery.srv_external", "bad_records", trace::outcome::warning, "_sip._tls.contoso.example",
        {{ev::dns_name, "_sip._tls.contoso.example"},
         told("SRV", "records"),
         {ev::dns_target, "ghost.contoso.example:443"},
         target_told("ghost.contoso.example", "NXDOMAIN")});
    const auto v = t.failed("discovery.candidates", "empty").judge();
    CHECK(root_of(v) == "dns-srv-target-missing");
    CHECK(
        v.findings.front().title ==
        "The SRV record _sip._tls.contoso.example names ghost.contoso.example, which has no address");
    CHECK(rules_out(v, "dns-srv-target-missing", "dns-stale-a"));
}

TEST_CASE("an SRV target without an address is the cause too when it was tried as a candidate") {
    trace_builder t;
    const std::string ghost = "ghost.contoso.example:443";
    t.devices()
        .discovered({"ghost.contoso.example:443 srv"})
        .failed("connection.tcp", "no_address", ghost, {{ev::candidate, ghost}});
    const auto v = t.judge();
    CHECK(root_of(v) == "dns-srv-target-missing");
    CHECK(v.stopped_at == "connection.tcp");
}

TEST_CASE("an alias as SRV target is a warning") {
    auto t = signed_in();
    t.ok(
        "discovery.srv_external", "records", "_sip._tls.contoso.example",
        {{ev::dns_name, "_sip._tls.contoso.example"},
         told("SRV", "records"),
         {ev::dns_target, "sip.contoso.example:443"},
         {ev::dns_cname, "edge.contoso.example"}});
    const auto v = t.judge();
    CHECK(root_of(v) == "()");
    CHECK(find(v, "dns-srv-target-is-cname")->severity == severity::warning);
}

TEST_CASE("lyncdiscoverinternal that resolves outside is a warning, unless a wildcard does it") {
    auto t = signed_in();
    t.add(
        "discovery.autodiscover_internal", "unexpected_there", trace::outcome::warning,
        "lyncdiscoverinternal.contoso.example",
        {{ev::dns_name, "lyncdiscoverinternal.contoso.example"},
         told("A", "records"),
         {ev::dns_address, "198.51.100.9"}});
    t.ok("discovery.wildcard", "no");
    const auto v = t.judge();
    CHECK(find(v, "dns-lyncdiscoverinternal-visible-outside")->severity == severity::warning);
    CHECK(rules_out(v, "dns-lyncdiscoverinternal-visible-outside", "dns-wildcard-catch-all"));

    t.add("discovery.wildcard", "yes", trace::outcome::warning, "", {{ev::dns_address, "198.51.100.9"}});
    const auto w = t.judge();
    CHECK(find(w, "dns-lyncdiscoverinternal-visible-outside") == nullptr);
    CHECK(find(w, "dns-wildcard-catch-all")->severity == severity::warning);
}

TEST_CASE("inside without lyncdiscoverinternal is a warning about split DNS") {
    auto t = signed_in();
    t.add("discovery.vantage", "inside_disagrees", trace::outcome::warning);
    t.add(
        "discovery.autodiscover_internal", "not_there", trace::outcome::warning, "lyncdiscoverinternal.contoso.example",
        {{ev::dns_name, "lyncdiscoverinternal.contoso.example"}, told("A", "NXDOMAIN")});
    t.ok("discovery.autodiscover_external", "address", "lyncdiscover.contoso.example", {told("A", "records")});
    CHECK(find(t.judge(), "dns-split-brain-missing-internal") != nullptr);
}

TEST_CASE("statuses of autodiscover are told apart") {
    CHECK(root_of(web_answer("error", {{ev::http_status, 403}})) == "ad-403");
    CHECK(root_of(web_answer("error", {{ev::http_status, 404}})) == "ad-404");
    CHECK(root_of(web_answer("error", {{ev::http_status, 500}})) == "ad-500");
    CHECK(root_of(web_answer("error", {{ev::http_status, 502}})) == "ad-502-504");
    CHECK(root_of(web_answer("error", {{ev::http_status, 504}})) == "ad-502-504");
    CHECK(root_of(web_answer("error", {{ev::http_status, 503}})) == "ad-503");
    CHECK(
        root_of(web_answer("not_autodiscover", {{ev::http_status, 200}, {ev::http_type, "text/html"}})) ==
        "ad-not-xml");
    CHECK(root_of(web_answer("error", {{ev::http_status, 401}})) == "ad-preauth");
    CHECK(
        root_of(
            web_answer("error", {{ev::http_status, 200}, {ev::http_hop, "https://portal.contoso.example/login"}})) ==
        "ad-preauth");
}

TEST_CASE("redirects that come back are a loop, redirects elsewhere a question of trust") {
    CHECK(
        root_of(web_answer(
            "error", {{ev::http_status, 302},
                      {ev::http_hop, "https://a.contoso.example/"},
                      {ev::http_hop, "https://lyncdiscover.contoso.example/"}})) == "ad-redirect-loop");
    CHECK(
        root_of(web_answer(
            "error", {{ev::http_fault, "dns"},
                      {ev::http_url, "https://autodiscover.evil.example/"},
                      {ev::http_hop, "https://lyncdiscover.contoso.example/"}})) == "ad-redirect-foreign-domain");
}

TEST_CASE("a foreign host that autodiscover led to successfully is a warning") {
    auto t = signed_in();
    t.ok(
        "discovery.autodiscover_root", "user_and_domain", "https://webdir.online.example/",
        {{ev::http_url, "https://webdir.online.example/"},
         {ev::http_hop, "https://lyncdiscover.contoso.example/"},
         {ev::http_status, 200}});
    const auto v = t.judge();
    CHECK(root_of(v) == "()");
    CHECK(find(v, "ad-redirect-foreign-domain")->severity == severity::warning);
}

TEST_CASE("a user document without servers is no web page") {
    CHECK(
        root_of(web_answer(
            "error", {{ev::http_status, 200}, {ev::http_type, "application/vnd.microsoft.rtc.autodiscover+xml; v=1"}},
            "discovery.autodiscover_user")) == "ad-partial-no-sip-endpoint");
    CHECK(
        root_of(web_answer(
            "error", {{ev::http_status, 200}, {ev::http_type, "text/html"}}, "discovery.autodiscover_user")) ==
        "ad-not-xml");
}

TEST_CASE("a password that autodiscover's ticket service refuses is the cause when nothing else leads to a server") {
    auto t = only_lyncdiscover();
    t.failed(
        "registration.web_ticket", "refused", "https://web.contoso.example/WebTicket/WebTicketService.svc",
        {{ev::http_status, 500},
         {ev::soap_code, "wsse:FailedAuthentication"},
         {ev::ticket_way, "username"},
         {ev::password_refused, 1}});
    t.add(
        "discovery.autodiscover_user", "ticket_wanted", trace::outcome::warning,
        "https://web.contoso.example/root/user", {{ev::http_status, 401}});
    const auto v = t.failed("discovery.candidates", "empty").judge();
    CHECK(root_of(v) == "wt-bad-credentials-fault");
    CHECK(v.exit_code == 20);
}

TEST_CASE("an SRV target with an IPv4 address only is there") {
    auto t = signed_in();
    t.ok(
        "discovery.srv_external", "records", "_sip._tls.contoso.example",
        {{ev::dns_name, "_sip._tls.contoso.example"},
         told("SRV", "records"),
         target_told("sip.contoso.example", "records"),
         target_told("sip.contoso.example", "NODATA")});
    CHECK(find(t.judge(), "dns-srv-target-missing") == nullptr);
}

TEST_CASE("a certificate that lacks the autodiscover name is not a host of somebody else") {
    const auto lacks = web_answer(
        "error", {{ev::http_fault, "certificate"},
                  verify_error(62, 0, "hostname mismatch"),
                  {ev::x509_name_matches, false},
                  {ev::x509_name, "web.contoso.example"}});
    CHECK(root_of(lacks) == "ad-https-cert-name");
    const auto stranger = web_answer(
        "error", {{ev::http_fault, "certificate"},
                  verify_error(62, 0, "hostname mismatch"),
                  {ev::x509_name_matches, false},
                  {ev::x509_name, "www.hosting.example"}});
    CHECK(root_of(stranger) == "dns-lyncdiscover-wrong-host");
}

TEST_CASE("an unknown user in autodiscover is the cause only when nothing else leads to a server") {
    CHECK(
        root_of(web_answer("unknown_user", {{ev::http_status, 404}}, "discovery.autodiscover_user")) ==
        "ad-user-unknown");
    auto t = signed_in();
    t.failed(
        "discovery.autodiscover_user", "unknown_user", "https://web.contoso.example/root/user",
        {{ev::http_status, 404}});
    const auto v = t.judge();
    CHECK(root_of(v) == "()");
    CHECK(find(v, "ad-user-unknown")->severity == severity::warning);
}

TEST_CASE("a document without a SIP server, or for the wrong side, is a warning") {
    auto t = signed_in();
    t.ok(
        "discovery.autodiscover_user", "servers", "https://web.contoso.example/root/user",
        {{ev::http_status, 200}, {ev::access_location, "Internal"}});
    const auto v = t.judge();
    CHECK(find(v, "ad-partial-no-sip-endpoint")->severity == severity::warning);
    CHECK(find(v, "ad-internal-urls-outside")->severity == severity::warning);
}

TEST_CASE("plain HTTP that leads on to HTTPS at another host is plain HTTP still") {
    auto t = signed_in();
    t.failed(
        "discovery.autodiscover_root", "error", "https://lyncdiscover.contoso.example/", {{ev::http_fault, "refused"}});
    t.ok("discovery.autodiscover_root", "redirect", "http://lyncdiscover.contoso.example/", {{ev::http_status, 200}});
    t.ok(
        "discovery.autodiscover_root", "user_and_domain", "https://web.contoso.example/root",
        {{ev::http_hop, "http://lyncdiscover.contoso.example/"}, {ev::http_status, 200}});
    const auto v = t.judge();
    CHECK(find(v, "ad-http-only") != nullptr);
    CHECK(find(v, "net-tcp-refused") == nullptr);
}

TEST_CASE("a portal's redirect that leads to no document is no autodiscover by plain HTTP") {
    auto t = signed_in();
    t.failed(
        "discovery.autodiscover_root", "error", "https://lyncdiscover.contoso.example/", {{ev::http_fault, "refused"}});
    t.ok("discovery.autodiscover_root", "redirect", "http://lyncdiscover.contoso.example/", {{ev::http_status, 302}});
    CHECK(find(t.judge(), "ad-http-only") == nullptr);
}

TEST_CASE("autodiscover by plain HTTP only is a warning") {
    auto t = signed_in();
    t.ok(
        "discovery.autodiscover_root", "user_and_domain", "http://lyncdiscover.contoso.example/",
        {{ev::http_status, 200}});
    t.failed(
        "discovery.autodiscover_root", "error", "https://lyncdiscover.contoso.example/", {{ev::http_fault, "refused"}});
    const auto v = t.judge();
    CHECK(find(v, "ad-http-only") != nullptr);
    CHECK(find(v, "net-tcp-refused") == nullptr);
    CHECK(root_of(v) == "()");
}

TEST_CASE("SERVFAIL that goes away with checking disabled is DNSSEC, and stays SERVFAIL otherwise") {
    trace_builder t;
    t.devices().names_all("SERVFAIL", "").failed("discovery.candidates", "empty");
    t.ok(
        "discovery.cross_check", "differs", "contoso.example",
        {{ev::probe_kind, "checking_disabled"}, {ev::probe_of, "contoso.example"}, {ev::probe_result, "records"}});
    const auto v = t.judge();
    CHECK(root_of(v) == "dns-dnssec-bogus");
    CHECK(v.root_causes.front().certainty == certainty::certain);
    CHECK(rules_out(v, "dns-dnssec-bogus", "dns-servfail"));

    trace_builder u;
    u.devices().names_all("SERVFAIL", "").failed("discovery.candidates", "empty");
    u.ok(
        "discovery.cross_check", "same", "contoso.example",
        {{ev::probe_kind, "checking_disabled"}, {ev::probe_of, "contoso.example"}, {ev::probe_result, "SERVFAIL"}});
    u.add(
        "discovery.cross_check", "no_answer", trace::outcome::unknown, "contoso.example",
        {{ev::probe_kind, "authoritative"},
         {ev::probe_of, "contoso.example"},
         {ev::probe_result, "REFUSED"},
         together(
             {{ev::probe_dns_server, "ns1.contoso.example"},
              {ev::probe_dns_server_address, "192.0.2.53:53"},
              {ev::probe_dns_state, "REFUSED"}})});
    const auto w = u.judge();
    CHECK(root_of(w) == "dns-servfail");
    CHECK(rules_out(w, "dns-servfail", "dns-dnssec-bogus"));
    CHECK(find(w, "dns-servfail")->explanation.find("ns1.contoso.example") != std::string::npos);
}

TEST_CASE("aliases that a resolver only fails on are followed one by one") {
    trace_builder t;
    t.devices().names_all("SERVFAIL", "").failed("discovery.candidates", "empty");
    t.ok(
        "discovery.cross_check", "differs", "contoso.example",
        {{ev::probe_kind, "cname_chain"},
         {ev::probe_of, "contoso.example"},
         {ev::probe_result, "loop"},
         together(
             {{ev::probe_dns_name, "sip.contoso.example"},
              {ev::probe_dns_alias, "a.contoso.example"},
              {ev::probe_dns_alias, "sip.contoso.example"}})});
    const auto v = t.judge();
    CHECK(root_of(v) == "dns-cname-loop");
    CHECK(find(v, "dns-servfail") == nullptr);
    CHECK(find(v, "dns-cname-loop")->subject == "sip.contoso.example");
}

TEST_CASE("records that only the zone's own server has are an old 'no' of the resolver") {
    trace_builder t;
    t.devices().names_all("NXDOMAIN", "contoso.example").failed("discovery.candidates", "empty");
    t.ok(
        "discovery.cross_check", "differs", "contoso.example",
        {{ev::probe_kind, "authoritative"},
         {ev::probe_of, "contoso.example"},
         {ev::probe_result, "records"},
         looked_up("SRV", "_sip._tls.contoso.example", "0 0 443 sip.contoso.example")});
    const auto v = t.judge();
    CHECK(root_of(v) == "dns-nxdomain-negative-cache");
    CHECK(find(v, "dns-no-records") == nullptr);
}

TEST_CASE("records under a name that is nearly right are a mistake in typing") {
    trace_builder t;
    t.devices().names_all("NXDOMAIN", "contoso.example").failed("discovery.candidates", "empty");
    t.add(
        "discovery.cross_check", "differs", trace::outcome::warning, "contoso.example",
        {{ev::probe_kind, "near_miss"},
         {ev::probe_of, "contoso.example"},
         {ev::probe_result, "records"},
         looked_up("SRV", "sip._tls.contoso.example", "0 0 443 sip.contoso.example")});
    const auto v = t.judge();
    CHECK(root_of(v) == "dns-srv-mistyped");
    CHECK(v.root_causes.front().certainty == certainty::certain);
    CHECK(rules_out(v, "dns-srv-mistyped", "dns-no-records"));
}

TEST_CASE("a network that makes up names of other domains is no wildcard of ours") {
    for (const auto* result : {"same_address", "none"}) {
        auto t = signed_in();
        t.add("discovery.wildcard", "yes", trace::outcome::warning, "", {{ev::dns_address, "198.51.100.80"}});
        t.add(
            "discovery.cross_check", "differs", trace::outcome::warning, "*.contoso.example",
            {{ev::probe_kind, "unrelated_name"}, {ev::probe_of, "*.contoso.example"}, {ev::probe_result, result}});
        const auto v = t.judge();
        const bool captive = std::string(result) == "same_address";
        CHECK((find(v, "dns-captive-hijack") != nullptr) == captive);
        CHECK((find(v, "dns-wildcard-catch-all") != nullptr) == !captive);
    }
}

TEST_CASE("what a host does under names that the resolver made up is nobody's fault, what others do is theirs") {
    const auto made_up = [](trace_builder t) {
        t.add(
            "discovery.wildcard", "yes", trace::outcome::warning, "rnd.contoso.example",
            {{ev::dns_name, "rnd.contoso.example"}, {ev::dns_address, "203.0.113.9"}});
        t.add(
            "discovery.cross_check", "differs", trace::outcome::warning, "*.contoso.example",
            {{ev::probe_kind, "unrelated_name"},
             {ev::probe_of, "*.contoso.example"},
             {ev::probe_result, "same_address"},
             looked_up("A", "rnd.invalid", "203.0.113.9")});
        return t;
    };
    const auto refused_at = [&](const char* address, const char* origin, bool true_records) {
        trace_builder t;
        t.devices();
        if (true_records) t.discovered({origin});
        else
            t.ok(
                "discovery.candidates", "list", "",
                {together({{ev::candidate, edge}, {ev::candidate_origin, "a_fallback"}})});
        return made_up(t)
            .failed("connection.tcp", "refused", edge, {{ev::candidate, edge}, not_connected(address, "refused")})
            .judge();
    };
    const auto unsure = refused_at("203.0.113.9", "", false);
    CHECK(root_of(unsure) == "dns-captive-hijack");
    CHECK(unsure.root_causes.front().certainty == certainty::likely);  // has the domain any records?
    CHECK(find(unsure, "net-tcp-refused") == nullptr);
    const auto hidden = refused_at("203.0.113.9", "sip.contoso.example:443 srv", true);
    CHECK(root_of(hidden) == "dns-srv-target-missing");
    CHECK(hidden.root_causes.front().certainty == certainty::likely);
    const auto by_server = refused_at("198.51.100.7", "sip.contoso.example:443 srv", true);
    CHECK(root_of(by_server) == "net-tcp-refused");
    CHECK(find(by_server, "dns-captive-hijack") != nullptr);

    auto beside = made_up(signed_in());
    beside.ok(
        "discovery.srv_external", "records", "_sip._tls.contoso.example",
        {{ev::dns_name, "_sip._tls.contoso.example"}, {ev::dns_target, "sip.contoso.example:443"}});
    const auto v = beside.judge();
    CHECK(root_of(v) == "()");
    REQUIRE(find(v, "dns-captive-hijack") != nullptr);
    CHECK(
        find(v, "dns-captive-hijack")->title == "The resolver answers for names of contoso.example that do not exist");
    CHECK(find(v, "dns-captive-hijack")->certainty == certainty::certain);
}

TEST_CASE("a wildcard is not certain where nobody told whether other domains have one as well") {
    auto t = signed_in();
    t.add("discovery.wildcard", "yes", trace::outcome::warning, "", {{ev::dns_address, "198.51.100.80"}});
    const auto v = t.judge();
    REQUIRE(find(v, "dns-wildcard-catch-all") != nullptr);
    CHECK(find(v, "dns-wildcard-catch-all")->certainty == certainty::likely);
}

TEST_CASE("the record that should win leads to a dead server while the next one answers") {
    auto t = signed_in();
    t.ok(
        "discovery.srv_external", "records", "_sip._tls.contoso.example",
        {{ev::dns_name, "_sip._tls.contoso.example"},
         told("SRV", "records"),
         {ev::dns_target, "standby.contoso.example:443"},
         {ev::dns_target, edge},
         srv("standby.contoso.example:443", 0, 0),
         srv(edge, 10, 0)});
    t.failed(
        "connection.tcp", "refused", "standby.contoso.example:443", {{ev::candidate, "standby.contoso.example:443"}});
    const auto v = t.judge();
    CHECK(root_of(v) == "()");
    CHECK(find(v, "dns-srv-priority-misused")->severity == severity::warning);
}

TEST_CASE("an address that the zone has given up is the resolver's memory") {
    trace_builder t;
    const std::string sip = "sip.contoso.example:443";
    t.devices()
        .discovered({"sip.contoso.example:443 srv"})
        .failed("connection.tcp", "refused", sip, {{ev::candidate, sip}, {ev::peer, "198.51.100.66:443"}});
    t.ok(
        "discovery.cross_check", "differs", sip,
        {{ev::probe_kind, "authoritative"},
         {ev::probe_of, sip},
         {ev::probe_result, "records"},
         looked_up("A", "sip.contoso.example", "203.0.113.7")});
    const auto v = t.judge();
    CHECK(root_of(v) == "local-stale-dns-cache");
    CHECK(rules_out(v, "local-stale-dns-cache", "dns-stale-a"));
}

TEST_CASE("a document that names a host of the inside is a matter of the Host header, unless it takes us for inside") {
    CHECK(
        root_of(web_answer(
            "error", {{ev::http_fault, "dns"},
                      {ev::http_url, "https://fe01.contoso.local/"},
                      {ev::http_hop, "https://lyncdiscover.contoso.example/"}})) == "ad-host-header-rewritten");
    auto t = only_lyncdiscover();
    t.ok(
        "discovery.autodiscover_root", "redirect", "http://lyncdiscover.contoso.example/",
        {{ev::http_status, 200}, {ev::access_location, "Internal"}});
    t.failed(
        "discovery.autodiscover_root", "error", "https://pool01.contoso.local/",
        {{ev::http_fault, "dns"},
         {ev::http_url, "https://pool01.contoso.local/"},
         {ev::http_hop, "http://lyncdiscover.contoso.example/"}});
    CHECK(root_of(t.failed("discovery.candidates", "empty").judge()) == "ad-internal-urls-outside");
}

TEST_CASE("a redirect to a domain that was trusted by hand is no foreign one") {
    auto t = signed_in();
    t.ok(
        "discovery.autodiscover_root", "user_and_domain", "https://webdir.online.example/",
        {{ev::http_url, "https://webdir.online.example/"},
         {ev::http_hop, "https://lyncdiscover.contoso.example/"},
         {ev::http_status, 200},
         {ev::candidate_trusted, true}});
    CHECK(find(t.judge(), "ad-redirect-foreign-domain") == nullptr);
}

TEST_CASE(
    "lyncdiscover at the Edge, or at a page without https, is the wrong host; the right proxy with a page is not") {
    auto t = signed_in();
    t.ok(
        "discovery.srv_external", "records", "_sip._tls.contoso.example",
        {{ev::dns_name, "_sip._tls.contoso.example"}, told("SRV", "records"), {ev::dns_address, "198.51.100.5"}});
    t.ok(
        "discovery.autodiscover_external", "address", "lyncdiscover.contoso.example",
        {{ev::dns_name, "lyncdiscover.contoso.example"}, told("A", "records"), {ev::dns_address, "198.51.100.5"}});
    t.failed(
        "discovery.autodiscover_root", "error", "https://lyncdiscover.contoso.example/", {{ev::http_fault, "closed"}});
    CHECK(find(t.judge(), "dns-lyncdiscover-wrong-host") != nullptr);

    auto u = only_lyncdiscover();
    u.failed(
        "discovery.autodiscover_root", "not_autodiscover", "http://lyncdiscover.contoso.example/",
        {{ev::http_status, 200}, {ev::http_type, "text/html"}});
    u.failed(
        "discovery.autodiscover_root", "error", "https://lyncdiscover.contoso.example/", {{ev::http_fault, "refused"}});
    CHECK(root_of(u.failed("discovery.candidates", "empty").judge()) == "dns-lyncdiscover-wrong-host");
    CHECK(
        root_of(web_answer("not_autodiscover", {{ev::http_status, 200}, {ev::http_type, "text/html"}})) ==
        "ad-not-xml");
}

TEST_CASE("a SIP server of the DHCP lease that the sign-in never met is one for phones that is out of date") {
    const auto leased = [](const char* server) {
        auto t = signed_in();
        t.ok(
            "devices.adapters", "usable", "",
            {together({{ev::leased_sip_server, server}, {ev::lease_file, "/run/systemd/netif/leases/2"}})});
        return t.judge();
    };
    const auto old = leased("oldpool.contoso.example");
    REQUIRE(find(old, "dns-dhcp-option-stale"));
    CHECK(find(old, "dns-dhcp-option-stale")->severity == severity::warning);
    CHECK(find(old, "dns-dhcp-option-stale")->subject == "oldpool.contoso.example");
    CHECK(find(leased("SIP.contoso.example"), "dns-dhcp-option-stale") == nullptr);
}
