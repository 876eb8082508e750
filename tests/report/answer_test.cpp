#include <catch2/catch.hpp>

#include "report/answer.hpp"
#include "samples.hpp"

using namespace ucsignin;
using report::answer_of;

namespace samples = report::samples;

TEST_CASE("a healthy report has a headline and nothing to explain") {
    const auto a = answer_of(samples::healthy());
    CHECK(
        a.headline ==
        "Signed in as alice@contoso.example through accessedge.contoso.example, home server fe01.contoso.example, in "
        "420 ms.");
    CHECK(a.causes.empty());
    CHECK(a.losses.empty());
    CHECK_FALSE(a.unexplained);
    CHECK(a.cut_short.empty());
    CHECK(a.fault.empty());
}

TEST_CASE("a cause holds what it rests on, what it is not, what would tell for sure and who does what") {
    const auto a = answer_of(samples::stopped());
    REQUIRE(a.causes.size() == 1);
    const auto& cause = a.causes.front();
    CHECK(cause.id == "reg-wrong-password");
    CHECK(cause.certainty == diagnosis::certainty::likely);
    REQUIRE(cause.evidence.size() == 1);
    CHECK(cause.evidence.front().span_id == "00000000000000d1");
    CHECK(cause.evidence.front().at_ms == 180);
    REQUIRE(cause.ruled_out.size() == 1);
    CHECK(cause.ruled_out.front().id == "local-clock-skew");
    REQUIRE_FALSE(cause.open.empty());
    CHECK(cause.open.front().finding_id == "reg-wrong-password");
    CHECK(cause.remedies.size() == 2);
    CHECK(a.losses.empty());
    CHECK_FALSE(a.unexplained);
}

TEST_CASE("a cause names the message that shows it: the last that came, else what was sent, else of a step before") {
    auto r = samples::stopped();
    r.trace.messages.clear();
    CHECK_FALSE(answer_of(r).causes.front().message);
    const auto add = [&r](std::string step, trace::direction direction) {
        trace::message m;
        m.span_id = std::move(step);
        m.direction = direction;
        r.trace.messages.push_back(std::move(m));
        return answer_of(r).causes.front().message;
    };
    for (auto& s : r.trace.spans)
        if (s.span_id == "00000000000000d1") s.waited_for = {"before"};
    CHECK_FALSE(add("", trace::direction::received));
    CHECK(add("before", trace::direction::received) == std::size_t{1});
    CHECK(add("00000000000000d1", trace::direction::sent) == std::size_t{2});
    CHECK(add("00000000000000d1", trace::direction::received) == std::size_t{3});
    CHECK(add("00000000000000d1", trace::direction::sent) == std::size_t{3});
}

TEST_CASE("the message that says no is shown before another, and a name that was found shows nothing") {
    auto r = samples::stopped();
    r.trace.messages.clear();
    auto& cause = r.verdict.findings.front();
    auto& spans = r.trace.spans;
    REQUIRE(spans.size() >= 2);
    for (auto& s : spans) s.waited_for.clear();
    auto& first = spans[0];
    auto& second = spans[1];
    first.outcome = second.outcome = trace::outcome::failed;
    cause.evidence = {first.span_id, second.span_id};
    cause.decided_by = {};
    const auto add = [&r](const std::string& step, const char* protocol, const char* line) {
        trace::message m;
        m.span_id = step;
        m.protocol = protocol;
        m.start_line = line;
        m.direction = trace::direction::received;
        r.trace.messages.push_back(std::move(m));
        return answer_of(r).causes.front().message;
    };
    first.waited_for = {"names"};
    CHECK_FALSE(add("names", "DNS", "NOERROR 1 answer"));
    CHECK(add("names", "DNS", "NXDOMAIN 0 answers") == std::size_t{1});
    CHECK(add(first.span_id, "HTTP", "HTTP/1.1 200 OK") == std::size_t{2});
    CHECK(add(second.span_id, "HTTP", "HTTP/1.1 401 Unauthorized") == std::size_t{3});
    CHECK(add(first.span_id, "TLS", "alert certificate unknown") == std::size_t{4});
    CHECK(add(first.span_id, "SIP", "SIP/2.0 200 OK") == std::size_t{3});
}

TEST_CASE("what is certain leaves no question open") {
    auto r = samples::stopped();
    r.verdict.findings.front().certainty = diagnosis::certainty::certain;
    CHECK(answer_of(r).causes.front().open.empty());
}

TEST_CASE("causes stand in the order in which to fix them, without those that nothing was found about") {
    auto r = samples::stopped();
    r.verdict.root_causes.insert(
        r.verdict.root_causes.begin(), {"dns-stale-a", "accessedge.contoso.example", diagnosis::certainty::certain});
    r.verdict.root_causes.push_back({"tls-expired", "nobody", diagnosis::certainty::certain});
    const auto a = answer_of(r);
    REQUIRE(a.causes.size() == 2);
    CHECK(a.causes[0].id == "dns-stale-a");
    CHECK(a.causes[1].id == "reg-wrong-password");
}

TEST_CASE("what is lost though somebody is signed in is no cause") {
    auto r = samples::healthy();
    diagnosis::finding f;
    f.id = "contacts-in-ucs-unreachable";
    r.verdict.findings = {f};
    r.verdict.root_causes = {{f.id, "", diagnosis::certainty::certain}};
    const auto a = answer_of(r);
    CHECK(a.causes.empty());
    REQUIRE(a.losses.size() == 1);
    CHECK(a.losses.front().id == f.id);
}

TEST_CASE("a stop that no rule explains says where, what was seen, and what nobody has looked at") {
    const auto a = answer_of(samples::unexplained());
    CHECK(a.causes.empty());
    REQUIRE(a.unexplained);
    CHECK(a.unexplained->node == "registration.web_ticket");
    CHECK(a.unexplained->title == "Web ticket");
    CHECK(a.unexplained->seen == "fe01.contoso.example refuses the password of CONTOSO\\alice");
    REQUIRE_FALSE(a.unexplained->open.empty());
    CHECK(a.unexplained->open.back().finding_id.empty());
    CHECK(a.unexplained->open.back().probe == "sip_ntlm");
    CHECK(a.unexplained->open.back().subject == "sip.contoso.example:443");
}

TEST_CASE("an interruption, a stop that was asked for and a bug of ours are no unexplained stops") {
    CHECK_FALSE(answer_of(samples::interrupted()).unexplained);
    auto r = samples::unexplained();
    r.facts.fault = "std::bad_alloc";
    CHECK_FALSE(answer_of(r).unexplained);
    CHECK(answer_of(r).fault.find("--json FILE") != std::string::npos);
    r = samples::interrupted();
    r.facts.interrupted = false;
    r.facts.until_stage = 3;
    CHECK_FALSE(answer_of(r).unexplained);
}

TEST_CASE("what follows the result and is incomplete is said") {
    auto r = samples::healthy();
    r.facts.cut_short = "out of time";
    CHECK(answer_of(r).cut_short.starts_with("Time ran out"));
    r.facts.cut_short = "interrupted";
    CHECK(answer_of(r).cut_short.starts_with("Interrupted after the result was known"));
}
