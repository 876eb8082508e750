#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "trace_builder.hpp"
#include "ucsignin/chart.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

std::vector<const chart::node*> gates() {
    std::vector<const chart::node*> all;
    for (const auto& node : chart::nodes())
        if (node.role.gate) all.push_back(&node);
    return all;
}

}  // namespace

TEST_CASE("a run in which all went well is signed in, without findings") {
    const auto v = signed_in().judge();
    CHECK(v.signed_in);
    CHECK(v.exit_code == 0);
    CHECK(v.stage_reached == 5);
    CHECK(v.stopped_at.empty());
    CHECK(v.stopped_candidate.empty());
    CHECK(v.findings.empty());
    CHECK(v.root_causes.empty());
}

TEST_CASE("nobody is signed in without the server's signature, the subscription and the publication") {
    const auto missing = [](const char* node) {
        auto t = signed_in();
        trace_builder without;
        trace::record r = t.record();
        std::erase_if(r.spans, [&](const trace::span& s) { return s.node == node; });
        return diagnosis::judge(r, alice());
    };
    for (const char* node :
         {"registration.server_signature", "registration.confirmed", "provisioning.subscription",
          "provisioning.presentity"}) {
        INFO(node);
        CHECK_FALSE(missing(node).signed_in);
        CHECK_FALSE(missing(node).stopped_at.empty());
    }
}

TEST_CASE("with --no-publish the publication is not needed") {
    auto t = up_to_challenge();
    t.with_certificate(edge)
        .registered(edge)
        .ok("provisioning.login", "yes", "", {{ev::candidate, edge}})
        .ok("provisioning.subscription", "active", "", {{ev::candidate, edge}});
    auto run = alice();
    run.publish = false;
    CHECK(t.judge(run).signed_in);
    t.not_run("provisioning.presentity", trace::not_run_reason::switched_off, {{ev::candidate, edge}});
    CHECK(t.judge().signed_in);
}

TEST_CASE("the candidate that came furthest decides, the first in the client's order among equals") {
    const std::string a = "a.contoso.example:443", b = "b.contoso.example:443", c = "c.contoso.example:443";
    trace_builder t;
    t.devices().discovered({"a.contoso.example:443 srv", "b.contoso.example:443 srv", "c.contoso.example:443 srv"});
    t.ok("connection.tcp", "connected", c, {{ev::candidate, c}})
        .failed("connection.tls", "silent", c, {{ev::candidate, c}});
    t.ok("connection.tcp", "connected", b, {{ev::candidate, b}})
        .failed("connection.tls", "not_tls", b, {{ev::candidate, b}});
    t.failed("connection.tcp", "refused", a, {{ev::candidate, a}, not_connected("192.0.2.1", "refused")});
    t.failed("connection.candidate", "none");
    const auto v = t.judge();
    CHECK(v.stopped_candidate == b);
    CHECK(v.stopped_at == "connection.tls");
    CHECK(root_of(v) == "tls-not-tls");
    CHECK(find(v, "net-tcp-refused")->severity == severity::warning);
    CHECK(find(v, "tls-handshake-timeout")->severity == severity::warning);
    CHECK(v.findings.front().id == "tls-not-tls");
}

TEST_CASE("a candidate that failed before one that worked is a warning") {
    const std::string first = "pool.contoso.example:443";
    auto t = signed_in();
    t.failed("connection.tcp", "refused", first, {{ev::candidate, first}, not_connected("192.0.2.1", "refused")});
    const auto v = t.judge();
    CHECK(v.signed_in);
    CHECK(root_of(v) == "()");
    CHECK(find(v, "net-tcp-refused")->severity == severity::warning);
}

TEST_CASE("another address of the same host that connects ends the matter") {
    auto t = up_to_challenge();
    trace::record r = t.record();
    trace::span dead = *r.latest("connection.tcp");
    dead.span_id = "dead";
    dead.branch = "refused";
    dead.outcome = trace::outcome::failed;
    r.spans.push_back(dead);
    r.spans.push_back(*t.record().latest("connection.tls"));
    const auto v = diagnosis::judge(r, alice());
    CHECK(v.stopped_at != "connection.tcp");
}

TEST_CASE("a gate that fails for a reason of its own is where it stopped, with an exit code of its stage") {
    for (const auto* node : gates()) {
        INFO(node->id);
        trace_builder t;
        t.devices()
            .discovered({"sip.contoso.example:443 srv"})
            .add(node->id, "", trace::outcome::broken, edge, {{ev::candidate, edge}});
        const auto v = t.judge();
        CHECK(v.stopped_at == node->id);
        CHECK(v.exit_code == 10 * node->stage);
        CHECK(v.root_causes.size() <= 1);
    }
}

TEST_CASE("every branch at which a candidate ends explains itself, but for those that only say no") {
    const std::set<std::pair<std::string_view, std::string_view>> silent_about_why{
        {"connection.tls", "alert"},
        {"registration.first_register", "refusal"},
        {"registration.web_ticket", "withheld"},
        {"registration.user_certificate", "no_key"},
        {"registration.kerberos", "none"},
        {"registration.kerberos", "refused"},
        {"registration.kerberos", "kdc_unreachable"},
        {"registration.ntlm", "refused"},
        {"registration.signed_register", "refused"},
        {"registration.confirmed", "no"}};
    for (const auto* node : gates())
        for (const auto& branch : node->branches()) {
            if (!branch.leads_to.empty()) continue;
            INFO(node->id << " " << branch.name);
            trace_builder t;
            t.devices()
                .discovered({"sip.contoso.example:443 srv"})
                .failed(node->id, branch.name, edge, {{ev::candidate, edge}});
            const auto v = t.judge();
            CHECK(v.stopped_at == node->id);
            CHECK(v.root_causes.size() == (silent_about_why.contains({node->id, branch.name}) ? 0 : 1));
        }
}

TEST_CASE("a stop that no rule explains borrows no finding, and leaves open whatever would tell more") {
    const std::string first = "pool.contoso.example:443";
    auto t = up_to_challenge();
    t.failed("connection.tcp", "filtered", first, {{ev::candidate, first}})
        .ok("registration.web_ticket", "ticket", "https://web.contoso.example/WebTicket", {{ev::candidate, edge}})
        .failed("registration.user_certificate", "no_key", "https://web.contoso.example", {{ev::candidate, edge}});
    const auto v = t.judge();
    CHECK(v.stopped_at == "registration.user_certificate");
    CHECK(v.root_causes.empty());
    CHECK(v.exit_code == 40);
    REQUIRE(v.findings.size() == 1);
    CHECK(v.findings.front().id == "net-tcp-filtered");
    CHECK(v.findings.front().severity == severity::warning);
    const auto open = open_questions(t.record(), v);
    CHECK(std::ranges::count(open, "usual_ports", &open_question::probe) == 1);  // else only about a root cause
    REQUIRE_FALSE(open.empty());
    CHECK(open.back().finding_id.empty());
    CHECK(open.back().probe == "sip_ntlm");
    CHECK(open.back().subject == edge);
}

TEST_CASE("an empty trace is judged without a crash") {
    const auto v = diagnosis::judge(trace::record{}, alice());
    CHECK_FALSE(v.signed_in);
    CHECK(v.stopped_at == "discovery.candidates");
    CHECK(v.root_causes.empty());
    CHECK(v.findings.empty());
    CHECK(v.exit_code == 20);
}

TEST_CASE("a malformed address stops before DNS") {
    trace_builder t;
    t.failed("discovery.sip_domain", "malformed");
    const auto v = diagnosis::judge(t.record(), facts{.sip_uri = "sip:alice"});
    CHECK(v.stopped_at == "discovery.sip_domain");
    CHECK(v.root_causes.empty());  // no zone was asked: whether the domain exists is not known
    CHECK(v.exit_code == 20);
}

TEST_CASE("an interruption before a result is exit code 130; after the sign-in it is none") {
    auto run = alice();
    run.interrupted = true;
    CHECK(up_to_challenge().judge(run).exit_code == 130);
    CHECK(up_to_challenge().judge(run).root_causes.empty());
    CHECK(signed_in().judge(run).exit_code == 0);
    run.until_stage = 1;  // also where less would have been enough
    CHECK(up_to_challenge().judge(run).exit_code == 130);
}

TEST_CASE("--until ends with 0 when all was well up to there, and says nothing about later stages") {
    auto run = alice();
    run.until_stage = 3;
    trace_builder t;
    t.devices().discovered({"sip.contoso.example:443 srv"}).connected(edge);
    const auto v = t.judge(run);
    CHECK_FALSE(v.signed_in);
    CHECK(v.exit_code == 0);
    CHECK(v.stopped_at.empty());
    CHECK(v.root_causes.empty());
    CHECK(v.stage_reached == 3);

    trace_builder bad;
    bad.devices()
        .discovered({"sip.contoso.example:443 srv"})
        .failed("connection.tcp", "refused", edge, {{ev::candidate, edge}, not_connected("192.0.2.1", "refused")});
    CHECK(bad.judge(run).exit_code == 30);
    CHECK(root_of(bad.judge(run)) == "net-tcp-refused");

    run.until_stage = 2;
    trace_builder names;
    CHECK(names.devices().discovered({"sip.contoso.example:443 srv"}).judge(run).exit_code == 0);
    trace_builder none;
    CHECK(none.devices().names_all("NXDOMAIN", "contoso.example").judge(run).exit_code == 20);
    run.until_stage = 1;
    trace_builder devices;
    CHECK(devices.devices().judge(run).exit_code == 0);
    run.until_stage = 4;
    auto registered = up_to_challenge();
    registered.with_certificate(edge).registered(edge);
    CHECK(registered.judge(run).exit_code == 0);
}

TEST_CASE("a stage counts as reached only by steps of the way, not by autodiscover's ticket") {
    trace_builder t;
    t.devices().failed(
        "registration.web_ticket", "unreachable", "https://web.contoso.example/WebTicket",
        {{ev::http_fault, "refused"}});
    t.add("provisioning.sign_out", "not_needed", trace::outcome::ok).names_all("NXDOMAIN", "contoso.example");
    CHECK(t.judge().stage_reached == 2);
}

TEST_CASE("open questions are asked about what is not certain yet") {
    trace_builder t;
    t.devices().names_all("SERVFAIL", "");
    const auto v = t.judge();
    const auto open = open_questions(t.record(), v);
    REQUIRE(open.size() == 3);
    CHECK(open[1].probe == "cname_chain");
    CHECK(open[2].probe == "authoritative");
    CHECK(open.front().finding_id == "dns-servfail");
    CHECK(open.front().observation.find("checking disabled") != std::string::npos);
    CHECK(open_questions(signed_in().record(), signed_in().judge()).empty());
}
