// Traces of many spans: the index answers as the record does, and judging costs by the span, not by the pair of spans.
#include <catch2/catch.hpp>

#include "diagnosis/case_view.hpp"
#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

std::string server(int i) { return "fe" + std::to_string(i) + ".contoso.example:5061"; }

trace_builder dead_servers(int count) {
    trace_builder t;
    t.devices();
    for (int i = 0; i < count; ++i)
        t.failed(
            "connection.tcp", "filtered", server(i), {{ev::candidate, server(i)}, {ev::peer, "198.51.100.7:5061"}});
    return t;
}

}  // namespace

TEST_CASE("the index answers as the record does") {
    auto t = signed_in();
    t.failed(
        "connection.tcp", "refused", "other.contoso.example:5061", {{ev::candidate, "other.contoso.example:5061"}});
    t.ok("connection.tcp", "connected", edge, {{ev::candidate, edge}}).ok("devices.route", "chosen", "ipv6");
    const indexed_trace index(t.record());
    for (const auto& s : t.record().spans) {
        const auto node = chart::by_name(s.node);
        CHECK(index.latest(node) == t.record().latest(node));
        CHECK(index.latest(node, s.subject) == t.record().latest(node, s.subject));
        CHECK(index.all(node) == t.record().all(node));
    }
    CHECK(index.latest(chart::by_name("no.such.node")) == nullptr);
    CHECK(index.all(chart::by_name("no.such.node")).empty());
    CHECK(index.at("connection.tcp").size() == 3);
    CHECK(index.of("other.contoso.example:5061").size() == 1);
    CHECK(index.latest_of(edge, "connection.tcp") == &t.record().spans[t.record().spans.size() - 2]);
    CHECK(index.reached("connection.tcp", edge));
    CHECK_FALSE(index.reached("connection.tcp", "other.contoso.example:5061"));
}

TEST_CASE("a candidate has steps that ran and steps that did not") {
    trace_builder t;
    t.ok("connection.tcp", "connected", edge, {{ev::candidate, edge}})
        .not_run("connection.tcp", trace::not_run_reason::interrupted, {{ev::candidate, edge}});
    const indexed_trace index(t.record());
    CHECK(index.latest_of(edge, "connection.tcp") == &t.record().spans[1]);
    CHECK(index.latest_run_of(edge, "connection.tcp") == &t.record().spans[0]);
    CHECK(index.latest_run_of(edge, "connection.tls") == nullptr);
}

TEST_CASE("the last second look counts, of each probe and subject") {
    trace_builder t;
    t.ok(
        "connection.cross_check", "same", edge,
        {{ev::probe_kind, "no_sni"}, {ev::probe_of, edge}, {ev::probe_result, "reset"}});
    t.ok(
        "connection.cross_check", "differs", edge,
        {{ev::probe_kind, "no_sni"}, {ev::probe_of, edge}, {ev::probe_result, "agreed"}});
    const indexed_trace index(t.record());
    CHECK(index.second_look("no_sni", edge) == &t.record().spans[1]);
    CHECK(index.second_look("neutral_sni", edge) == nullptr);
    CHECK(index.of(edge).empty());
}

TEST_CASE("two of many tell whether there is another") {
    trace_builder t;
    t.ok("devices.route", "chosen", "a").ok("devices.route", "chosen", "b");
    const auto &a = t.record().spans[0], &b = t.record().spans[1];
    two_of_many words;
    CHECK(words.other_than("a") == nullptr);
    words.add("a", a);
    words.add("a", b);
    CHECK(words.other_than("a") == nullptr);
    CHECK(words.other_than("b") == &a);
    words.add("b", b);
    words.add("c", b);
    CHECK(words.other_than("a") == &b);
    CHECK(words.other_than("c") == &a);
}

// How long it takes is for the benchmark to say; work by the pair of spans would not end within the test's limit.
TEST_CASE("ten thousand dead servers are judged, and what stays open is asked once") {
    const auto t = dead_servers(10000);
    const auto v = t.judge();
    CHECK(v.stopped_at == "connection.tcp");
    CHECK(open_questions(t.record(), v).size() < 300);
}

TEST_CASE("of many that fail alike some hundreds are explained, and the rest is counted") {
    const auto v = dead_servers(1000).judge();
    CHECK(v.stopped_at == "connection.tcp");
    CHECK(v.stopped_candidate == server(0));
    REQUIRE(v.root_causes.size() == 1);
    CHECK(v.root_causes.front().subject == server(0));
    CHECK(v.findings.size() == 256);
    const auto last = std::ranges::find(v.findings, server(255), &finding::subject);
    REQUIRE(last != v.findings.end());
    CHECK(last->explanation.ends_with(
        "744 further steps failed here (connection.tcp) and were not examined one by one."));
}

TEST_CASE("a sign-in behind many dead servers is found") {
    auto t = dead_servers(1000);
    t.clock({{"sip.contoso.example", 1}})
        .connected(edge)
        .challenged(edge)
        .with_certificate(edge)
        .registered(edge)
        .provisioned(edge);
    CHECK(t.judge().signed_in);
}

TEST_CASE("spared log-ins that point at one another are no endless way") {
    trace_builder t;
    for (const auto* candidate : {"a.contoso.example:443", "b.contoso.example:443"})
        t.failed("registration.ntlm", "refused", "", {{ev::candidate, candidate}, {ev::http_status, 500}});
    CHECK(t.judge().stopped_at == "registration.ntlm");
}

TEST_CASE("numbers that no clock shows do no harm") {
    auto t = up_to_challenge();
    t.add("devices.clock", "right", trace::outcome::ok, "", {{ev::clock_source, "a"}, {ev::clock_skew, 1}});
    t.failed(
        "connection.certificate", "expired", edge,
        {{ev::candidate, edge}, {ev::x509_not_after, "2026-01-01T00:00:00Z"}, {ev::x509_expired_days, 1}});
    auto record = t.record();
    for (const trace::value& extreme :
         {trace::value{std::numeric_limits<std::int64_t>::max()},
          trace::value{std::numeric_limits<std::int64_t>::min()}, trace::value{1e300}, trace::value{-1e300}}) {
        for (auto& s : record.spans)
            for (auto& e : s.evidence)
                if (e.name == ev::clock_skew.name || e.name == ev::x509_expired_days.name) e.value = extreme;
        CHECK_FALSE(judge(record, alice()).root_causes.empty());
    }
}
