// Reports of before groups: their texts become today's values, and the verdict on them stays.
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "report/old_evidence.hpp"
#include "samples.hpp"
#include "trace/evidence.hpp"

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

report::report read_old() {
    std::ifstream file(UCSIGNIN_SOURCE "/tests/report/old_report.json");
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
    CHECK(answers[2].text(ev::dns_answer_state) == "NXDOMAIN");
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
    const auto old_report = read_old();
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

TEST_CASE("a report of before groups is judged as it was") {
    const auto old_report = read_old();
    const auto verdict = diagnosis::judge(old_report.trace, old_report.facts);
    const auto& told = old_report.verdict;
    CHECK(verdict.signed_in == told.signed_in);
    CHECK(verdict.stopped_at == told.stopped_at);
    CHECK(verdict.exit_code == told.exit_code);
    // Not their wording, which may become better.
    const auto seen = [](const diagnosis::verdict& v) {
        std::vector<std::string> all;
        for (const auto& f : v.findings) {
            all.push_back(f.id + " " + f.subject + " " + std::string(to_string(f.severity)));
            all.push_back(std::string(to_string(f.certainty)) + " " + std::to_string(f.stage));
            all.insert(all.end(), f.evidence.begin(), f.evidence.end());
            for (const auto& r : f.ruled_out) all.push_back("not " + r.id);
        }
        for (const auto& c : v.root_causes) all.push_back("cause " + c.id + " " + c.subject);
        return all;
    };
    CHECK(seen(verdict) == seen(told));
    CHECK(seen(verdict).size() > 8);
}
