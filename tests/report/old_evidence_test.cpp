// Reports of before groups: their texts become today's values, and the verdict on them stays.
#include <algorithm>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "report/old_evidence.hpp"
#include "samples.hpp"
#include "trace/evidence_provisioning.hpp"

using namespace ucsignin;
namespace ev = trace::ev;

namespace {

trace::evidence old(std::string name, trace::value value) {
    return {std::move(name), std::move(value), trace::value_kind::code, trace::provenance::ours};
}

trace::span renewed(std::vector<trace::evidence> evidence) {
    trace::span s;
    s.evidence = std::move(evidence);
    report::renew(s.evidence);
    return s;
}

report::report read_old(const std::string& name) {
    std::ifstream file(UCSIGNIN_SOURCE "/tests/report/" + name);
    const auto read = report::from_json(std::string(std::istreambuf_iterator<char>(file), {}));
    REQUIRE(read);
    return *read;
}

}  // namespace

TEST_CASE("a verification error is a group of code, depth and text") {
    const auto s = renewed(
        {old("tls.verify.error", std::string("10 1 certificate has expired")),
         old("tls.verify.error", std::string("62 0 hostname mismatch"))});
    const auto all = s.together(ev::x509_error_code);
    REQUIRE(all.size() == 2);
    CHECK(all[0].number(ev::x509_error_code) == 10);
    CHECK(all[0].number(ev::x509_error_depth) == 1);
    CHECK(all[0].text(ev::x509_error_text) == "certificate has expired");
    CHECK(all[1].number(ev::x509_error_code) == 62);
    CHECK(s.find("tls.verify.error") == nullptr);
}

TEST_CASE("what was said of one address or one question in several texts comes together") {
    const auto s = renewed(
        {old("network.peer.address", std::string("198.51.100.7:443")),
         old("network.error", std::string("198.51.100.7:443 timed out")),
         old("network.error.errno", std::string("198.51.100.7:443 ETIMEDOUT")),
         old("network.peer.address", std::string("198.51.100.8:443"))});
    CHECK(s.texts(ev::peer) == std::vector<std::string>{"198.51.100.7:443", "198.51.100.8:443"});
    const auto failed = s.together(ev::connect_fault);
    REQUIRE(failed.size() == 1);
    CHECK(failed[0].text(ev::peer) == "198.51.100.7:443");
    CHECK(failed[0].word(ev::connect_fault).str() == "timed_out");
    CHECK(failed[0].text(ev::connect_errno) == "ETIMEDOUT");
    const auto asked = renewed(
        {old("dns.state", std::string("A records")), old("dns.response_code", std::string("A NOERROR")),
         old("dns.state", std::string("AAAA NODATA")), old("dns.response_code", std::string("AAAA NOERROR")),
         old("dns.state", std::string("A NXDOMAIN"))});
    const auto answers = asked.together(ev::dns_answer_state);
    REQUIRE(answers.size() == 3);
    CHECK(answers[1].text(ev::dns_type) == "AAAA");
    CHECK(answers[1].text(ev::dns_answer_rcode) == "NOERROR");
    CHECK(answers[2].word(ev::dns_answer_state).str() == "NXDOMAIN");
}

TEST_CASE("values have their types: numbers, flags, fractions") {
    const auto s = renewed(
        {old("dns.resolver", std::string("192.0.2.53:53")),
         old("dns.resolver.answers", std::string("192.0.2.53:53 yes: records")),
         old("dns.resolver.latency", std::string("192.0.2.53:53 4.2")),
         old("ucsignin.dns.left_out", std::string("A 34 of 50")),
         old("dns.answer.srv.order", std::string("sip.contoso.example:443 10 5"))});
    const auto resolver = s.together(ev::resolver);
    REQUIRE(resolver.size() == 1);
    CHECK(resolver[0].is(ev::resolver_answered));
    CHECK(resolver[0].number(ev::resolver_ms) == 4.2);
    CHECK(s.number(ev::dns_records_left_out) == 34);
    CHECK(s.number(ev::dns_records_in_all) == 50);
    CHECK(s.number(ev::dns_srv_priority) == 10);
    CHECK(s.text(ev::dns_target) == "sip.contoso.example:443");
}

TEST_CASE("an adapter's values come together, and so do those of each of its addresses") {
    const auto s = renewed(
        {old("host.adapter.name", std::string("eth0")), old("host.adapter.kind", std::string("ethernet")),
         old("host.adapter.state", std::string("eth0 up")),
         old("host.adapter.address", std::string("eth0 192.0.2.10/24")),
         old("host.adapter.address", std::string("eth0 fe80::1/64 link-local deprecated")),
         old("host.adapter.mtu", std::int64_t{1500}), old("host.adapter.default_route", true),
         old("host.adapter.metric", std::string("eth0 ipv4 100")), old("host.adapter.name", std::string("tun0")),
         old("host.adapter.kind", std::string("tunnel")), old("host.adapter.state", std::string("tun0 no link")),
         old("host.adapter.mtu", std::int64_t{1400}), old("host.adapter.default_route", false),
         old("host.adapter.rejected", std::string("tun0: no link: cable out"))});
    const auto adapters = s.together(ev::adapter_kind);
    REQUIRE(adapters.size() == 2);
    CHECK(adapters[0].text(ev::adapter_name) == "eth0");
    CHECK(adapters[0].word(ev::adapter_link).str() == "up");
    CHECK(adapters[0].number(ev::adapter_mtu) == 1500);
    CHECK(adapters[0].is(ev::adapter_default_route));
    CHECK_FALSE(adapters[0].has(ev::adapter_ip));
    CHECK(adapters[1].word(ev::adapter_kind).str() == "tunnel");
    CHECK(adapters[1].word(ev::adapter_link).str() == "no_link");
    CHECK(adapters[1].number(ev::adapter_mtu) == 1400);
    CHECK(adapters[1].text(ev::adapter_unusable) == "no link: cable out");
    const auto addresses = s.together(ev::adapter_ip);
    REQUIRE(addresses.size() == 2);
    CHECK(addresses[0].text(ev::adapter_ip) == "192.0.2.10");
    CHECK(addresses[0].number(ev::adapter_ip_prefix) == 24);
    CHECK(addresses[0].words(ev::adapter_ip_mark).empty());
    CHECK(addresses[1].text(ev::adapter_name) == "eth0");
    REQUIRE(addresses[1].words(ev::adapter_ip_mark).size() == 2);
    CHECK(addresses[1].words(ev::adapter_ip_mark)[0].str() == "link_local");
    CHECK(addresses[1].words(ev::adapter_ip_mark)[1].str() == "deprecated");
    const auto metrics = s.together(ev::adapter_metric);
    REQUIRE(metrics.size() == 1);
    CHECK(metrics[0].word(ev::route_family).str() == "ipv4");
    CHECK(metrics[0].number(ev::adapter_metric) == 100);
}

TEST_CASE("lines of the hosts file, missing routes, TLS versions and settings split into their values") {
    const auto s = renewed(
        {old("host.hosts_entry", std::string("line 3: ::7 sip.contoso.example")),
         old("host.hosts_entry.conflict", std::string("line 3: ::7 sip.contoso.example, DNS: 192.0.2.1, 192.0.2.2")),
         old("host.hosts_entry.conflict", std::string("line 4: 10.0.0.1 b.contoso.example, DNS: nothing")),
         old("host.route.error", std::string("2001:db8::1: Network is unreachable")),
         old("tls.local.versions", std::string("TLSv1.2-TLSv1.3")),
         old("provisioning.setting", std::string("ucPolicy/Name = a/b = c"))});
    CHECK(s.together(ev::hosts_line).size() == 3);
    const auto differing = s.together(ev::hosts_differs);
    REQUIRE(differing.size() == 2);
    CHECK(differing[0].number(ev::hosts_line) == 3);
    CHECK(differing[0].text(ev::hosts_address) == "::7");
    CHECK(differing[0].text(ev::hosts_name) == "sip.contoso.example");
    CHECK(differing[0].texts(ev::hosts_dns) == std::vector<std::string>{"192.0.2.1", "192.0.2.2"});
    CHECK(differing[1].is(ev::hosts_differs));
    CHECK(differing[1].texts(ev::hosts_dns).empty());
    CHECK(s.text(ev::route_target) == "2001:db8::1");
    CHECK(s.text(ev::route_error) == "Network is unreachable");
    CHECK(s.text(ev::tls_local_lowest) == "TLSv1.2");
    CHECK(s.text(ev::tls_local_highest) == "TLSv1.3");
    CHECK(s.text(ev::setting_group) == "ucPolicy");
    CHECK(s.text(ev::setting_name) == "Name");
    CHECK(s.text(ev::setting_value) == "a/b = c");
}

TEST_CASE("what a second look wrote in words splits as that look wrote it") {
    const auto detail = [](std::string look, std::string text) {
        return renewed({old("ucsignin.probe", std::move(look)), old("ucsignin.probe.detail", std::move(text))});
    };
    const auto asked = detail("dns_tcp", "A sip.contoso.example records 192.0.2.1, 192.0.2.2");
    REQUIRE(asked.together(ev::probe_dns_type).size() == 1);
    CHECK(asked.text(ev::probe_dns_name) == "sip.contoso.example");
    CHECK(asked.word(ev::probe_dns_state).str() == "records");
    CHECK(asked.texts(ev::probe_dns_data) == std::vector<std::string>{"192.0.2.1", "192.0.2.2"});
    const auto none = detail("authoritative", "SRV _sip._tls.contoso.example NXDOMAIN");
    CHECK(none.word(ev::probe_dns_state).str() == "NXDOMAIN");
    CHECK_FALSE(none.has(ev::probe_dns_data));
    const auto server = detail("authoritative", "server ns1.contoso.example [2001:db8::1]:53: REFUSED");
    CHECK(server.text(ev::probe_dns_server) == "ns1.contoso.example");
    CHECK(server.text(ev::probe_dns_server_address) == "[2001:db8::1]:53");
    CHECK(server.word(ev::probe_dns_state).str() == "REFUSED");
    const auto chain = detail("cname_chain", "a.contoso.example -> b.contoso.example -> a.contoso.example");
    CHECK(chain.text(ev::probe_dns_name) == "a.contoso.example");
    CHECK(chain.texts(ev::probe_dns_alias) == std::vector<std::string>{"b.contoso.example", "a.contoso.example"});
    const auto port = detail("usual_ports", "443 agreed");
    CHECK(port.number(ev::server_port) == 443);
    CHECK(port.text(ev::probe_try) == "agreed");
    for (const auto* look : {"other_source", "other_adapter"}) {
        const auto from = detail(look, "192.0.2.99 alert 40");
        CHECK(from.text(ev::source_address) == "192.0.2.99");
        CHECK(from.text(ev::probe_try) == "alert 40");
    }
    const auto issuer = detail("aia", "ldap://ca.contoso.example/ca not by HTTP");
    CHECK(issuer.text(ev::x509_aia) == "ldap://ca.contoso.example/ca");
    CHECK(issuer.text(ev::probe_try) == "not_http");
    const auto segments = detail("small_segments", "in usual segments: silent");
    CHECK(segments.text(ev::tls_tried) == "usual_segments");
    CHECK(segments.text(ev::tls_tried_result) == "silent");
    const auto view = renewed(
        {old("dns.resolver.view", std::string("192.0.2.53:53 A sip.contoso.example records 192.0.2.1"))});
    CHECK(view.text(ev::resolver) == "192.0.2.53:53");
    CHECK(view.text(ev::probe_dns_data) == "192.0.2.1");
}

TEST_CASE("each candidate has the origin that stood behind it") {
    const auto s = renewed(
        {old("ucsignin.candidate", std::string("a.contoso.example:443")),
         old("ucsignin.candidate.origin", std::string("srv")), old("ucsignin.candidate.trusted", true),
         old("ucsignin.candidate", std::string("b.contoso.example:443")),
         old("ucsignin.candidate.origin", std::string("a_fallback")), old("ucsignin.candidate.trusted", false)});
    const auto all = s.together(ev::candidate);
    REQUIRE(all.size() == 2);
    CHECK(all[0].word(ev::candidate_origin).str() == "srv");
    CHECK(all[0].is(ev::candidate_trusted));
    CHECK(all[1].text(ev::candidate) == "b.contoso.example:443");
    CHECK(all[1].word(ev::candidate_origin).str() == "a_fallback");
    CHECK_FALSE(all[1].is(ev::candidate_trusted));
}

TEST_CASE("what doesn't split as it should leaves what can be read, and numbers that are none are left out") {
    CHECK(renewed({old("tls.verify.error", std::string("ten"))}).evidence.empty());
    const auto half = renewed({old("tls.server.chain", std::string("0 CN=sip"))});
    CHECK(half.text(ev::x509_chain_subject) == "CN=sip");
    CHECK_FALSE(half.has(ev::x509_chain_issuer));
    const auto other_type = renewed({old("tls.verify.error", std::int64_t{7})});
    CHECK(other_type.find("tls.verify.error") != nullptr);
}

TEST_CASE("new groups don't meet those that stand in the report already") {
    auto grouped = old("tls.tried", std::string("TLSv1.2"));
    grouped.group = 3;
    const auto s = renewed({old("tls.scan", std::string("TLSv1.1 alert 70")), grouped});
    const auto tried = s.together(ev::tls_tried);
    REQUIRE(tried.size() == 2);
    CHECK(tried[0].text(ev::tls_tried_result) == "alert 70");
    CHECK(tried[1].text(ev::tls_tried_result).empty());
}

TEST_CASE("a connection that the system forbade is known by its old texts, and one that was refused is told apart") {
    const auto cause = [](const char* code) {
        trace::record r;
        const auto add = [&](std::string node, int stage, std::string branch, trace::outcome how) -> trace::span& {
            auto& s = r.spans.emplace_back();
            s.span_id = std::to_string(r.spans.size());
            s.node = std::move(node);
            s.stage = stage;
            s.branch = std::move(branch);
            s.outcome = how;
            return s;
        };
        const std::string edge = "sip.contoso.example:443", address = "198.51.100.7:443";
        add("devices.adapters", 1, "usable", trace::outcome::ok);
        add("discovery.candidates", 2, "found", trace::outcome::ok).evidence = {old("ucsignin.candidate", edge)};
        add("connection.tcp", 3, "unreachable", trace::outcome::failed).evidence = {
            old("ucsignin.candidate", edge), old("network.peer.address", address),
            old("network.error", address + " unreachable"), old("network.error.errno", address + " " + code)};
        for (auto& s : r.spans) report::renew(s.evidence);
        const auto v = diagnosis::judge(r, {.sip_uri = "sip:alice@contoso.example"});
        return v.root_causes.empty() ? "none" : v.root_causes.front().id;
    };
    CHECK(cause("EPERM") == "local-firewall-blocks-process");
    CHECK(cause("EHOSTUNREACH") == "net-host-unreachable");
}

TEST_CASE("groups are written and read back as they were") {
    const auto old_report = read_old(GENERATE(as<std::string>{}, "old_report.json", "old_report_with_groups.json"));
    const auto again = report::from_json(report::to_json(old_report));
    REQUIRE(again);
    std::size_t grouped = 0;
    for (std::size_t i = 0; i < old_report.trace.spans.size(); ++i) {
        const auto &was = old_report.trace.spans[i].evidence, &is = again->trace.spans.at(i).evidence;
        REQUIRE(was.size() == is.size());
        for (std::size_t e = 0; e < was.size(); ++e) {
            CHECK(was[e].group == is[e].group);
            grouped += was[e].group > 0 ? 1 : 0;
        }
    }
    CHECK(grouped > 50);
}

TEST_CASE("a report of before groups is judged as it was, and so is one of the time when some were there") {
    const auto old_report = read_old(GENERATE(as<std::string>{}, "old_report.json", "old_report_with_groups.json"));
    const auto verdict = diagnosis::judge(old_report.trace, old_report.facts);
    const auto& told = old_report.verdict;
    CHECK(verdict.signed_in == told.signed_in);
    CHECK(verdict.stopped_at == told.stopped_at);
    CHECK(verdict.exit_code == told.exit_code);
    // Not their wording, which may become better, nor how certain they are, which may become less.
    const auto seen = [](const diagnosis::verdict& v) {
        std::vector<std::string> all;
        for (const auto& f : v.findings) {
            all.push_back(f.id + " " + f.subject + " " + std::string(to_string(f.severity)));
            all.push_back("stage " + std::to_string(f.stage));
            all.insert(all.end(), f.evidence.begin(), f.evidence.end());
            for (const auto& r : f.ruled_out) all.push_back("not " + r.id);
        }
        for (const auto& c : v.root_causes) all.push_back("cause " + c.id + " " + c.subject);
        return all;
    };
    CHECK(seen(verdict) == seen(told));
    CHECK(seen(verdict).size() > 8);
    for (std::size_t i = 0; i < std::min(verdict.findings.size(), told.findings.size()); ++i) {
        CAPTURE(told.findings[i].id);
        CHECK(verdict.findings[i].certainty >= told.findings[i].certainty);  // certain is the least
    }
}
