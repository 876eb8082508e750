// The page of a report: nothing that was said becomes markup, and what it draws follows from the trace.

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

#include "report/html/assets.hpp"
#include "report/html/chart_path.hpp"
#include "report/html/markup.hpp"
#include "report/html/timeline.hpp"
#include "samples.hpp"
#include "ucsignin/explain.hpp"

using namespace ucsignin;
using namespace ucsignin::report;
using html::part;
using html::time_went;
using html::way;
using html::operator""_m;

namespace {

std::size_t count(std::string_view text, std::string_view what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++found;
    return found;
}

std::string made(const html::markup& from) { return html::markup(from).take(); }

// One step of 100 ms that began at 0, and what it needed.
ucsignin::report::report one_step(std::string node) {
    ucsignin::report::report r;
    r.trace.spans.push_back(samples::span("aa", std::move(node), 0, 100, trace::outcome::ok, "done"));
    return r;
}

trace::message message(double at, trace::direction direction) {
    trace::message m;
    m.time_ms = at;
    m.direction = direction;
    m.span_id = "aa";
    return m;
}

std::vector<html::edge> edges_from(const html::stage_path& path, std::string_view node) {
    std::vector<html::edge> found;
    for (const auto& e : path.edges)
        if (chart::nodes()[e.from].id == node) found.push_back(e);
    return found;
}

}  // namespace

TEST_CASE("text of a page is escaped, between tags and in attributes") {
    html::markup page;
    page << "<a title=\""_m << "\"'><script>&" << "\">"_m << std::string("<b>") << "</a>"_m;
    CHECK(made(page) == "<a title=\"&quot;&#39;&gt;&lt;script&gt;&amp;\">&lt;b&gt;</a>");
}

TEST_CASE("numbers of a page are short and finite") {
    html::markup page;
    page << 12.5 << "|"_m << 3 << "|"_m << 0.999 << "|"_m << std::numeric_limits<double>::infinity() << "|"_m << -0.001;
    CHECK(made(page) == "12.5|3|1|0|0");
}

TEST_CASE("a page holds what makes the answer, and one style and script that its policy names") {
    for (const auto& r : {samples::healthy(), samples::stopped(), samples::unexplained(), samples::interrupted()}) {
        const auto page = to_html(r);
        CHECK(page == to_html(r));
        for (const std::string_view id : {"answer", "chart", "timeline", "messages", "decisions", "tables", "steps"})
            CHECK(count(page, "id=\"" + std::string(id) + "\"") == 1);
        CHECK(count(page, "<style>") == 1);
        CHECK(count(page, "<script>") == 1);
        CHECK(page.find(html::style_hash) != page.npos);
        CHECK(page.find(html::script_hash) != page.npos);
        CHECK(
            count(page, "http://") ==
            count(page, "xmlns='http://www.w3.org/2000/svg'"));  // the name of SVG, no address
        CHECK(page.find("style=\"") == page.npos);
    }
    CHECK(html::page_style.size() + html::page_script.size() < 150000);
}

TEST_CASE("nothing that a report says becomes markup") {
    auto r = samples::stopped();
    const std::string bad = "</script></noscript><img src=x onerror=\"a()\">\xe2\x80\xae\x1b\xff'";
    r.tool_version = r.platform = r.mode = r.run_id = r.facts.sip_uri = r.facts.login = bad;
    r.options.emplace_back(bad, bad);
    r.verdict.stopped_candidate = bad;
    for (auto& s : r.trace.spans) {
        s.subject = s.branch = s.summary = bad;
        for (auto& e : s.evidence) e.name = bad, e.value = bad;
        s.decision = trace::decision{bad, {{bad, trace::verdict::chosen, bad}}, bad};
    }
    r.trace.spans.push_back(samples::span(bad, bad, 1, 1, trace::outcome::failed, bad));
    r.trace.messages.push_back(
        {1, trace::direction::received, {bad, bad, bad}, {bad, bad, bad}, bad, bad, bad, {{bad, bad}}, {bad, 3, bad}});
    for (auto& f : r.verdict.findings) {
        f.subject = f.title = f.explanation = bad;
        f.ruled_out.push_back({bad, bad});
        f.remedies.push_back({bad, bad, "Linux: " + bad});
    }
    const auto page = to_html(r);
    CHECK(page.find("<img") == page.npos);
    CHECK(count(page, "</script>") == 1);
    CHECK(count(page, "</noscript>") == r.trace.spans.size());
    CHECK(page.find("onerror=\"") == page.npos);
    CHECK(page.find("\xe2\x80\xae") == page.npos);
    CHECK(page.find('\x1b') == page.npos);
    CHECK(count(page, "&lt;/script&gt;&lt;/noscript&gt;&lt;img src=x onerror=&quot;a()&quot;&gt;") > 20);
}

TEST_CASE("a step's time is told apart by what it waited for") {
    auto r = one_step("registration.first_register");
    auto before = samples::span("bb", "registration.challenge", 0, 30, trace::outcome::ok, "");
    r.trace.spans.push_back(before);
    r.trace.spans[0].waited_for = {"bb", "unknown"};
    r.trace.messages = {
        message(40, trace::direction::sent), message(45, trace::direction::sent),
        message(60, trace::direction::received), message(70, trace::direction::received)};
    const html::material m(r);
    const std::vector<part> expected{
        {time_went::step, 0, 30}, {time_went::work, 30, 40}, {time_went::wire, 40, 70}, {time_went::work, 70, 100}};
    CHECK(html::parts_of(m, 0) == expected);
}

TEST_CASE("a message that nobody answers is waited for until the step ends") {
    auto r = one_step("registration.first_register");
    r.trace.messages = {message(-5, trace::direction::received), message(10, trace::direction::sent)};
    const html::material m(r);
    CHECK(html::parts_of(m, 0) == std::vector<part>{{time_went::work, 0, 10}, {time_went::wire, 10, 100}});
}

TEST_CASE("connecting is waiting, though it shows no messages") {
    const auto r = one_step("connection.tcp");
    const html::material m(r);
    CHECK(html::parts_of(m, 0) == std::vector<part>{{time_went::wire, 0, 100}});
}

TEST_CASE("the timeline's axis has four round parts") {
    CHECK(html::axis_step(1089) == 300);
    CHECK(html::axis_step(400) == 100);
    CHECK(html::axis_step(12000) == 3000);
    CHECK(html::axis_step(0) == 1);
}

TEST_CASE("rows and messages are laid out in batches") {
    auto r = one_step("connection.tls");
    for (int i = 0; i < 100; ++i) {
        r.trace.spans.push_back(r.trace.spans[0]);
        r.trace.messages.push_back(message(i, trace::direction::sent));
    }
    const auto page = to_html(r);
    CHECK(count(page, "<ol class=\"rows\">") == 3);
    CHECK(count(page, "<ol class=\"ladder\">") == 2);
    CHECK(count(page, "<ol") == count(page, "</ol>"));
}

TEST_CASE("a handshake that ended in silence is no arrow from the server") {
    auto r = one_step("connection.tls");
    r.trace.messages.push_back(message(10, trace::direction::received));
    r.trace.messages[0].protocol = "TLS";
    CHECK(count(to_html(r), "marker-end=\"url(#none)\"") == 1);
    r.trace.messages[0].body.bytes = 7;
    CHECK(count(to_html(r), "marker-end=\"url(#none)\"") == 0);
}

TEST_CASE("the way through the chart ends where the sign-in stopped") {
    ucsignin::report::report r;
    const auto step = [&](std::string id, std::string node, std::string branch, trace::outcome how) {
        r.trace.spans.push_back(samples::span(std::move(id), std::move(node), 0, 1, how, ""));
        r.trace.spans.back().branch = std::move(branch);
    };
    step("a", "devices.speaker", "none", trace::outcome::ok);
    step("b", "devices.microphone", "none", trace::outcome::ok);
    step("c", "devices.trust_store", "loaded", trace::outcome::ok);
    step("d", "discovery.sip_domain", "malformed", trace::outcome::failed);
    r.verdict.stopped_at = "discovery.sip_domain";
    const html::material m(r);
    const auto devices = html::path_of(m, 1), discovery = html::path_of(m, 2);
    const auto speaker = edges_from(devices, "devices.speaker");
    REQUIRE(speaker.size() == 2);
    CHECK(speaker[0].how == way::taken);  // past the volume, straight to the microphone
    CHECK(chart::nodes()[speaker[0].to].id == "devices.microphone");
    CHECK(speaker[1].how == way::open);
    REQUIRE(edges_from(devices, "devices.microphone").front().how == way::ahead);
    REQUIRE(edges_from(devices, "devices.trust_store").front().how == way::leaves);
    CHECK(edges_from(discovery, "discovery.sip_domain").front().how == way::stopped);
}

TEST_CASE("a node shows the visit on the server that the sign-in came furthest with") {
    ucsignin::report::report r;
    r.verdict.stopped_at = "connection.tls";
    r.verdict.stopped_candidate = "one:443";
    for (const auto* server : {"one:443", "two:443"}) {
        r.trace.spans.push_back(samples::span(server, "connection.tls", 0, 1, trace::outcome::failed, ""));
        r.trace.spans.back().subject = server;
    }
    const html::material m(r);
    const auto& node = m.nodes[static_cast<std::size_t>(chart::position("connection.tls"))];
    CHECK(node.all.size() == 2);
    CHECK(node.counts == std::size_t{0});
}

TEST_CASE("the page of a report that was read back is the same") {
    auto r = samples::healthy();
    for (auto& s : r.trace.spans) s.start_ms += 0.4999996, s.duration_ms += 0.0004999;
    const auto again = from_json(to_json(r));
    REQUIRE(again);
    CHECK(to_html(*again) == to_html(r));
}

TEST_CASE("a page explains its findings, what they are not and what looks like them, and links lead there") {
    const auto r = samples::stopped();
    const auto page = to_html(r);
    REQUIRE_FALSE(r.verdict.findings.empty());
    const html::material m(r);
    CHECK(m.reference.size() > r.verdict.findings.size());
    for (const auto* entry : m.reference) {
        const std::string id(entry->id);
        CHECK(count(page, "id=\"" + id + "\"") == 1);
        CHECK(count(page, "href=\"#" + id + "\"") >= 1);
    }
    CHECK(to_html(one_step("connection.tcp")).find("This run has no findings.") != std::string::npos);
}

TEST_CASE("the page of all findings has each with its anchor, and no link leads nowhere") {
    const auto page = explain_as_html(diagnosis::catalogue());
    for (const auto& entry : diagnosis::catalogue()) CHECK(count(page, "id=\"" + std::string(entry.id) + "\"") == 1);
    std::size_t links = 0;
    for (auto at = page.find("href=\"#"); at != page.npos; at = page.find("href=\"#", at + 1), ++links) {
        const auto begin = at + 7;
        CHECK(count(page, "id=\"" + page.substr(begin, page.find('"', begin) - begin) + "\"") == 1);
    }
    CHECK(links > 2 * diagnosis::catalogue().size());
    for (const std::string_view never : {"<script", "style=\"", "{host}"}) CHECK(page.find(never) == page.npos);
}
