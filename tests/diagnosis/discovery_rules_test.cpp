#include <catch2/catch.hpp>

#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

verdict names(ev::dns_state_word state, std::string_view zone) {
    trace_builder t;
    return t.devices().names_all(state, zone).judge();
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

namespace {

noted extended_error(const char* type, int code) {
    return together({{ev::dns_type, type}, {ev::dns_ede_code, code}, {ev::dns_ede_text, "Blocked"}});
}

// lyncdiscover alone is answered in `state` with an extended error; the other names do not exist.
verdict lyncdiscover_kept_back(ev::dns_state_word state, int code) {
    trace_builder t;
    t.devices().names_all("NXDOMAIN", "contoso.example");
    t.failed(
        "discovery.autodiscover_external", "error", "lyncdiscover.contoso.example",
        {{ev::dns_name, "lyncdiscover.contoso.example"},
         told("A", state),
         told("AAAA", state),
         extended_error("A", code)});
    return t.failed("discovery.candidates", "empty").judge();
}

}  // namespace

TEST_CASE("a resolver that says that it filters a name has no missing record, and is not closed to this PC") {
    for (const int code : {15, 16, 17})
        for (const ev::dns_state_word state : {ev::dns_state_word("NXDOMAIN"), ev::dns_state_word("REFUSED")}) {
            const auto v = lyncdiscover_kept_back(state, code);
            CHECK(root_of(v) == "dns-name-filtered");
            CHECK(v.root_causes.front().certainty == certainty::likely);
            CHECK(find(v, "dns-name-filtered")->title == "A DNS filter keeps lyncdiscover.contoso.example back");
            CHECK(find(v, "dns-no-records") == nullptr);
            CHECK(find(v, "dns-refused") == nullptr);
        }
    CHECK(root_of(lyncdiscover_kept_back("NXDOMAIN", 18)) == "dns-no-records");
}

TEST_CASE("a resolver that refuses some questions and answers others does not refuse this PC") {
    trace_builder t;
    t.devices().add(
        "discovery.autodiscover_external", "address", trace::outcome::ok, "lyncdiscover.contoso.example",
        {{ev::dns_name, "lyncdiscover.contoso.example"}, told("A", "records"), told("AAAA", "REFUSED")});
    const auto v = t.judge();
    const auto* found = find(v, "dns-refused");
    REQUIRE(found);
    CHECK(found->certainty == certainty::likely);
    CHECK(found->title == "The DNS server refuses questions for AAAA records");
    CHECK(found->explanation.find("list of clients") == std::string::npos);
}

TEST_CASE("an alias for a name that is gone is no missing record") {
    trace_builder t;
    t.devices().names_all("NXDOMAIN", "contoso.example");
    t.add(
        "discovery.autodiscover_external", "not_there", trace::outcome::expected, "lyncdiscover.contoso.example",
        {{ev::dns_name, "lyncdiscover.contoso.example"},
         told("A", "NXDOMAIN"),
         {ev::dns_cname, "webdir.online.lync.com"}});
    const auto v = t.failed("discovery.candidates", "empty").judge();
    CHECK(root_of(v) == "dns-lyncdiscover-wrong-host");
    CHECK(find(v, "dns-no-records") == nullptr);
    CHECK(
        v.findings.front().title ==
        "lyncdiscover.contoso.example is an alias for webdir.online.lync.com, which does not exist");
}
