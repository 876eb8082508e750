#include <catch2/catch.hpp>

#include "report/account.hpp"
#include "report/answer.hpp"
#include "report/layout.hpp"
#include "samples.hpp"
#include "trace/evidence_provisioning.hpp"
#include "trace/visible.hpp"

using namespace ucsignin;
using report::to_text;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string text_of(const report::report& r) { return to_text(r, {}); }
std::string answer_text(const report::report& r) { return to_text(report::answer_of(r), {}); }

}  // namespace

TEST_CASE("a healthy report ends in who is signed in, through what, and how fast") {
    CHECK(text_of(report::samples::healthy())
              .ends_with("Signed in as alice@contoso.example through accessedge.contoso.example, home\nserver "
                         "fe01.contoso.example, in 420 ms.\n"));
}

TEST_CASE("every stage is a line with its outcome, its time and its main fact") {
    const auto text = text_of(report::samples::stopped());
    CHECK(has(text, "  1 devices       ok          2 ms  Route: eth0, 192.168.10.21, leads there\n"));
    CHECK(
        has(text,
            "  4 registration  FAILED     60 ms  Web ticket: fe01.contoso.example refuses the\n"
            "                                    password of CONTOSO\\alice\n"));
    CHECK(has(text, "  5 provisioning  not run           not reached\n"));
}

TEST_CASE("the answer stands last and says what, why, how one knows and who does what") {
    const auto text = text_of(report::samples::stopped());
    const auto answer = answer_text(report::samples::stopped());
    CHECK(text.ends_with(answer));
    CHECK(
        answer.starts_with("alice@contoso.example could not sign in: it stopped in stage 4, registration, at\n\"Web "
                           "ticket\" (registration.web_ticket), on sip.contoso.example:443.\n"));
    const auto order = {
        "could not sign in",
        "Cause: The password of",
        "reg-wrong-password, likely, not proven",
        "How we know:",
        "- Web ticket: fe01.contoso.example refuses",
        "(+0.180s)",
        "it is not local-clock-skew",
        "What to do:",
        "user: Type the password",
        "check:  Get-ADUser"};
    std::size_t at = 0;
    for (const auto* part : order) {
        const auto found = answer.find(part, at);
        INFO(part);
        REQUIRE(found != std::string::npos);
        at = found;
    }
}

TEST_CASE("other findings are named shortly before the answer, and no root cause among them") {
    const auto text = text_of(report::samples::stopped());
    const auto noticed = text.find("Also noticed:\n  - warning: accessedge.contoso.example leads to");
    REQUIRE(noticed != std::string::npos);
    CHECK(noticed < text.find("could not sign in"));
    CHECK_FALSE(has(text.substr(noticed, text.find("could not sign in") - noticed), "reg-wrong-password"));
}

TEST_CASE("no line is wider than asked, but for commands, which stay whole") {
    for (const int columns : {70, 80, 120}) {
        const auto text = to_text(report::samples::stopped(), {.columns = columns});
        for (std::size_t at = 0; at < text.size();) {
            const auto end = text.find('\n', at);
            const auto line = std::string_view(text).substr(at, end - at);
            if (line.find("check:  ") == std::string_view::npos && line.find("sip:alice") == std::string_view::npos)
                CHECK(report::width(line) <= static_cast<std::size_t>(columns));
            at = end + 1;
        }
    }
}

TEST_CASE("a stage that did not run says why") {
    CHECK(
        has(text_of(report::samples::interrupted()),
            "3 connection    not run           interrupted\n  4 registration  not run           not reached\n"));
    auto r = report::samples::interrupted();
    r.facts.interrupted = false;
    r.facts.until_stage = 3;
    CHECK(has(text_of(r), "  4 registration  not run           not asked for\n"));
}

TEST_CASE("an interrupted run says so and blames nobody") {
    const auto answer = answer_text(report::samples::interrupted());
    CHECK(answer == "Interrupted after 812 ms, in stage 3, connection.\n");
}

TEST_CASE("a run that was asked to stop early does not look like a failure") {
    auto r = report::samples::interrupted();
    r.facts.interrupted = false;
    r.facts.until_stage = 3;
    CHECK(answer_text(r).starts_with("Checked up to stage 3, connection, as asked; nothing stopped it."));
}

TEST_CASE("signed in with a function lost is said in the same breath") {
    auto r = report::samples::healthy();
    diagnosis::finding f;
    f.id = "contacts-in-ucs-unreachable";
    f.stage = 5;
    f.title = "The contacts live in Exchange, which does not answer";
    r.verdict.findings = {f};
    r.verdict.root_causes = {{f.id, "", diagnosis::certainty::certain}};
    const auto answer = answer_text(r);
    CHECK(has(answer, "in 420 ms, but not everything works.\n"));
    CHECK(has(answer, "Cause: The contacts live in Exchange"));
}

TEST_CASE("a stop that no rule explains is told as such, with what was seen and what nobody looked at yet") {
    CHECK(
        answer_text(report::samples::unexplained()) ==
        "alice@contoso.example could not sign in: it stopped in stage 4, registration, at\n"
        "\"Web ticket\" (registration.web_ticket), on sip.contoso.example:443.\n"
        "  Stopped at \"Web ticket\" (registration.web_ticket); no rule explains it.\n"
        "  What was seen: fe01.contoso.example refuses the password of CONTOSO\\alice\n"
        "  What would show more:\n"
        "    - ask the zone's own name servers for the address: the same address there\n"
        "      proves it, another one means local-stale-dns-cache\n"
        "    - log in at the registrar by NTLM (--auth ntlm), once: accepted there: user\n"
        "      name and password are right, and obtaining a certificate is what fails\n"
        "  The JSON report (--json FILE) holds all that was seen.\n");
}

TEST_CASE("several causes are numbered in the order in which to fix them") {
    auto r = report::samples::stopped();
    r.verdict.root_causes.push_back({"dns-stale-a", "accessedge.contoso.example", diagnosis::certainty::certain});
    const auto answer = answer_text(r);
    CHECK(answer.find("Cause 1 of 2: The password") < answer.find("Cause 2 of 2: accessedge"));
    CHECK_FALSE(has(text_of(r), "Also noticed:"));
}

TEST_CASE("several commands stand below one another, whole") {
    auto r = report::samples::stopped();
    r.verdict.findings[0].remedies = {
        {"DNS admin", "Create the record.",
         "Windows: Resolve-DnsName sip.contoso.example\nLinux: dig sip.contoso.example"}};
    CHECK(has(
        answer_text(r),
        "      check:  Windows: Resolve-DnsName sip.contoso.example\n              Linux: dig sip.contoso.example\n"));
}

TEST_CASE("escape sequences appear only with colours") {
    CHECK_FALSE(has(text_of(report::samples::stopped()), "\x1b"));
    CHECK(has(to_text(report::samples::stopped(), {.colour = true}), "\x1b[1;31mFAILED"));
}

TEST_CASE("verbose text shows every span with its evidence and decisions") {
    const auto text = to_text(report::samples::stopped(), {.verbose = true});
    CHECK(has(text, "http.response.status_code = 401"));
    CHECK(has(text, "* not_tried sip.contoso.example:443: A record"));
    CHECK(has(text, "ucsignin.candidate.trusted = yes"));
}

TEST_CASE("what servers and files say is made visible before it is laid out") {
    auto r = report::samples::stopped();
    const std::string hostile =
        "a\x1b]0;owned\x07\xc2\x9b"
        "2J\xe2\x80\xae"
        "evil\rb";
    r.facts.sip_uri = "sip:" + hostile + "\n@contoso.example";
    r.tool_version = hostile;
    for (auto& s : r.trace.spans) {
        s.summary = s.subject = hostile;
        for (auto& e : s.evidence) e.value = hostile;
    }
    for (auto& f : r.verdict.findings) {
        f.title = f.explanation = hostile;
        for (auto& remedy : f.remedies) remedy.text = remedy.check = hostile;
    }
    const auto text = report::to_text(r, {.verbose = true});
    CHECK(text.find("a\\x1b]0;owned\\x07\\u{9b}2J\\u{202e}evil\\x0db") != std::string::npos);
    CHECK(trace::visible_lines(text) == text);
    CHECK(text.find("\\x0a@contoso.example") != std::string::npos);  // one line stays one line
}

TEST_CASE("who is blocked, and who may see more than others, is one line of the account") {
    auto r = report::samples::healthy();
    auto subscription = report::samples::span("e9", "provisioning.subscription", 400, 1, trace::outcome::ok, "active");
    int group = 0;
    const auto add = [&](const char* level, const trace::evidence_entry& name, const std::string& who) {
        const auto from = trace::provenance::server;
        ++group;
        subscription.evidence.push_back(
            {std::string(trace::ev::access_level.name), std::string(level), trace::value_kind::code, from, group});
        subscription.evidence.push_back({std::string(name.name), who, name.kind, from, group});
    };
    add("colleagues", trace::ev::access_group, "sameEnterprise");
    for (const auto* who : {"a@x.y", "b@x.y", "c@x.y", "d@x.y", "e@x.y", "f@x.y"})
        add("blocked", trace::ev::access_user, who);
    add("personal", trace::ev::access_domain, "y.z");
    r.trace.spans.push_back(std::move(subscription));
    const auto told = report::account_of(r);
    REQUIRE_FALSE(told.empty());
    CHECK(told.back().label == "access");
    CHECK(told.back().text == "blocked: a@x.y, b@x.y, c@x.y, d@x.y, e@x.y and 1 more; personal: y.z");
}

TEST_CASE("what the account has stands between the stages and the answer, once it is signed in") {
    auto r = report::samples::healthy();
    const auto add = [&](const char* node, trace::outcome how, const char* summary) {
        r.trace.spans.push_back(report::samples::span("e9", node, 400, 1, how, summary));
    };
    add("provisioning.line", trace::outcome::ok, "+493055501001 extension 1001, Enterprise Voice");
    add("provisioning.contact_kinds", trace::outcome::ok, "2 of the enterprise, 0 of partners, 0 public");
    add("provisioning.delegates", trace::outcome::not_run, "not reached");
    const auto text = text_of(r);
    CHECK(has(text, "\nThe account:\n  line            +493055501001 extension 1001, Enterprise Voice\n"));
    CHECK(has(text, "\n                  2 of the enterprise, 0 of partners, 0 public\n"));
    CHECK_FALSE(has(text, "delegates"));
    CHECK_FALSE(has(text, "  access "));
    r.verdict.signed_in = false;
    CHECK_FALSE(has(text_of(r), "The account:"));
}
