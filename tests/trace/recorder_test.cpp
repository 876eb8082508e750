#include <catch2/catch.hpp>
#include <atomic>
#include <set>
#include <thread>

#include "trace/evidence.hpp"
#include "ucsignin/trace.hpp"

using namespace ucsignin::trace;
namespace chart = ucsignin::chart;

namespace {

struct run {
    double now = 0;
    recorder trace{"0af7651916cd43dd8448eb211c80319c", "2026-03-01T09:30:00Z", [this] { return now; }};
};

}  // namespace

TEST_CASE("a span holds its node, its times and how it ended") {
    run r;
    r.now = 5;
    auto s = r.trace.open<"connection.tcp">("sip.contoso.example:443");
    s.note(ev::tcp_ms, 3.5).note(ev::peer, std::string("192.0.2.1"), provenance::server);
    r.now = 9;
    s.finish("connected", outcome::ok, "connected");
    REQUIRE(r.trace.so_far().spans.size() == 1);
    const auto& span = r.trace.so_far().spans[0];
    CHECK(span.node == "connection.tcp");
    CHECK(span.stage == 3);
    CHECK(span.subject == "sip.contoso.example:443");
    CHECK(span.start_ms == 5);
    CHECK(span.duration_ms == 4);
    CHECK(span.branch == "connected");
    CHECK(span.evidence[0].from == provenance::ours);
    CHECK(span.evidence[1].from == provenance::server);
}

TEST_CASE("span ids are 16 hex digits, unique, and differ between runs") {
    run r;
    recorder other("ffffffffffffffffffffffffffffffff", "2026-03-01T09:30:00Z", [] { return 0.0; });
    std::set<std::string> ids;
    for (int i = 0; i < 100; ++i) {
        const auto s = r.trace.open<"connection.tcp">();
        CHECK(s.span_id().size() == 16);
        CHECK(s.span_id().find_first_not_of("0123456789abcdef") == std::string::npos);
        CHECK(ids.insert(s.span_id()).second);
    }
    CHECK_FALSE(ids.contains(other.open<"connection.tcp">().span_id()));
}

TEST_CASE("a child knows its parent") {
    run r;
    auto parent = r.trace.open<"discovery.autodiscover_user">();
    auto child = parent.open<"registration.web_ticket">();
    const auto id = parent.span_id();
    child.finish("ticket", outcome::ok, "a ticket");
    CHECK(r.trace.so_far().spans[0].parent_span_id == id);
}

TEST_CASE("a span waits for others by id, each once, and never for itself") {
    run r;
    auto first = r.trace.open<"connection.tcp">("a:443");
    const auto id = first.span_id();
    auto second = r.trace.open<"connection.tls">("a:443");
    second.wait_for(id).wait_for(id).wait_for("").wait_for(second.span_id());
    second.finish("agreed", outcome::ok, "x");
    CHECK(r.trace.so_far().spans[0].waited_for == std::vector{id});
}

TEST_CASE("a span waits for the last visit to a node that has ended") {
    run r;
    std::vector<std::string> ended;
    for (const auto* subject : {"a:443", "a:443", "b:443"}) {
        auto s = r.trace.open<"connection.tcp">(subject);
        ended.push_back(s.span_id());
        s.finish("connected", outcome::ok, "x");
    }
    const auto open = r.trace.open<"connection.tcp">("a:443");
    auto s = r.trace.open<"connection.tls">("a:443");
    s.wait_for_latest("connection.tcp", "a:443").wait_for_latest("connection.tcp", "c:443");
    s.wait_for_latest("connection.tcp").wait_for_latest("connection.certificate");
    s.finish("agreed", outcome::ok, "x");
    CHECK(r.trace.so_far().spans.back().waited_for == std::vector{ended[1], ended[2]});
}

TEST_CASE("a branch of another node is a bug where the node is known at run time only") {
    run r;
    auto s = r.trace.open(chart::node_ref("connection.tcp"));
    CHECK_THROWS_AS(s.finish("agreed", outcome::ok, "x"), std::logic_error);
}

TEST_CASE("a span ends once") {
    run r;
    auto s = r.trace.open<"connection.tcp">();
    s.finish("connected", outcome::ok, "x");
    CHECK_FALSE(s.is_open());
    CHECK_THROWS_AS(s.finish("connected", outcome::ok, "x"), std::logic_error);
    s.not_run(not_run_reason::switched_off, "x");
    CHECK(r.trace.so_far().spans.size() == 1);
}

TEST_CASE("a span that is dropped while open was interrupted") {
    run r;
    { auto s = r.trace.open<"connection.tls">(); }
    CHECK(r.trace.so_far().spans[0].outcome == outcome::not_run);
    CHECK(r.trace.so_far().spans[0].reason == not_run_reason::interrupted);
}

TEST_CASE("a span that is replaced while open was interrupted, and a moved one goes on") {
    run r;
    auto first = r.trace.open<"connection.tls">();
    auto second = std::move(first);
    CHECK(r.trace.so_far().spans.empty());
    second = r.trace.open<"connection.tls">();
    CHECK(r.trace.so_far().spans.size() == 1);
    second.finish("reset", outcome::failed, "it hung up");
    CHECK(r.trace.so_far().spans.size() == 2);
}

TEST_CASE("listeners hear each span as it ends") {
    run r;
    std::vector<std::string> heard;
    r.trace.listen([&](const span& s) { heard.push_back(s.node); });
    auto s = r.trace.open<"devices.camera">();
    CHECK(heard.empty());
    s.finish("none", outcome::ok, "no camera");
    r.trace.not_run("devices.speaker_volume", not_run_reason::not_implemented, "not part of this version");
    CHECK(heard == std::vector<std::string>{"devices.camera", "devices.speaker_volume"});
}

TEST_CASE("closing writes every node that was not visited, with the reason") {
    run r;
    auto s = r.trace.open<"devices.camera">();
    s.finish("none", outcome::ok, "no camera");
    r.now = 100;
    const auto record = r.trace.finish();
    CHECK(record.duration_ms == 100);
    std::set<std::string> nodes;
    for (const auto& span : record.spans) nodes.insert(span.node);
    CHECK(nodes.size() == chart::nodes().size());
    CHECK(record.latest("devices.camera")->outcome == outcome::ok);
    for (const auto& node : chart::nodes()) {
        INFO(node.id);
        if (node.id == "devices.camera") continue;
        const auto why = node.implemented ? not_run_reason::not_reached : not_run_reason::not_implemented;
        CHECK(record.latest(chart::by_name(node.id))->reason == why);
    }
}

TEST_CASE("text from servers can't reach a terminal as control characters or broken UTF-8") {
    run r;
    auto s = r.trace.open<"registration.first_register">();
    s.note(ev::sip_reason, std::string("a\x1b[31mb\xff\xc3\xa4\n\xed\xa0\x80"));
    s.finish("refusal", outcome::failed, "line\none");
    const auto& span = r.trace.so_far().spans[0];
    CHECK(span.text(ev::sip_reason) == "a\xef\xbf\xbd[31mb\xef\xbf\xbd\xc3\xa4 \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    CHECK(span.summary == "line one");
}

TEST_CASE("text from servers is bounded") {
    run r;
    auto s = r.trace.open<"registration.first_register">();
    s.note(ev::sip_reason, std::string(100000, 'x'));
    s.finish("refusal", outcome::failed, "");
    CHECK(r.trace.so_far().spans[0].text(ev::sip_reason).size() == 4096);
}

TEST_CASE("a decision keeps every option with its verdict") {
    run r;
    auto s = r.trace.open<"registration.scheme">();
    s.decide(
        {"Which scheme?",
         {{"TLS-DSK", verdict::chosen, "offered"}, {"NTLM", verdict::passed_over, "not \x01 asked"}},
         "TLS-DSK"});
    s.finish("tls_dsk", outcome::ok, "TLS-DSK");
    const auto& d = *r.trace.so_far().spans[0].decision;
    CHECK(d.considered[1].why == "not \xef\xbf\xbd asked");
    CHECK(d.chosen == "TLS-DSK");
}

TEST_CASE("a clock that goes backwards makes no negative duration") {
    run r;
    r.now = 10;
    auto s = r.trace.open<"devices.camera">();
    r.now = 5;
    s.finish("none", outcome::ok, "");
    CHECK(r.trace.so_far().spans[0].duration_ms == 0);
}

TEST_CASE("a snapshot has what is open as interrupted, and leaves the run as it is") {
    run r;
    auto outer = r.trace.open<"discovery.autodiscover_user">("sip.contoso.example");
    r.now = 2;
    auto inner = outer.open<"registration.web_ticket">();
    inner.note(ev::peer, std::string("192.0.2.1"));
    r.trace.open<"connection.tcp">().finish("connected", outcome::ok, "connected");
    r.now = 7;
    const auto seen = r.trace.snapshot();
    CHECK(seen.duration_ms == 7);
    REQUIRE(seen.spans.size() == chart::nodes().size());  // each node once
    CHECK(seen.spans[0].node == "connection.tcp");
    CHECK(seen.spans[1].node == "registration.web_ticket");  // children end before their parents
    CHECK(seen.spans[1].outcome == outcome::not_run);
    CHECK(seen.spans[1].reason == not_run_reason::interrupted);
    CHECK(seen.spans[1].duration_ms == 5);
    CHECK(seen.spans[1].text(ev::peer) == "192.0.2.1");
    CHECK(seen.spans[1].parent_span_id == outer.span_id());
    CHECK(seen.spans[2].node == "discovery.autodiscover_user");
    CHECK(seen.spans[2].subject == "sip.contoso.example");
    CHECK(seen.spans[3].reason == not_run_reason::not_reached);

    CHECK(r.trace.so_far().spans.size() == 1);
    inner.finish("ticket", outcome::ok, "a ticket");
    CHECK(r.trace.so_far().latest("registration.web_ticket")->outcome == outcome::ok);
}

TEST_CASE("what addresses carry beside the way is no evidence, wherever one stands") {
    run r;
    const std::string address =
        "https://bob:Secret-1@gate.example/p;jsessionid=SECRET1/x?sipuri=a@b.example&token=SECRET2#t=SECRET3";
    const std::string shown =
        "https://bob:<password>@gate.example/p;jsessionid=<7 characters>/x?sipuri=a@b.example&token=<17 characters>";
    auto s = r.trace.open<"discovery.autodiscover_root">(address);
    s.note(ev::http_location, address).note(ev::http_hop, std::string("/adfs/ls?wa=wsignin1.0&SAMLRequest=SECRET4"));
    s.note(ev::http_body, "it leads to '" + address + "'");
    s.decide({"Where to?", {{address, verdict::chosen, "by " + address}}, address});
    CHECK(r.trace.open_about(address) == s.span_id());
    s.finish("redirect", outcome::ok, "redirected to " + address + " and back");
    const auto& span = r.trace.so_far().spans.back();
    CHECK(span.subject.starts_with(shown));
    CHECK(span.text(ev::http_location).starts_with(shown));
    CHECK(span.text(ev::http_hop) == "/adfs/ls?wa=wsignin1.0&SAMLRequest=<7 characters>");
    for (const auto& text :
         {span.subject, span.summary, span.text(ev::http_location), span.text(ev::http_body), span.decision->chosen,
          span.decision->considered[0].why})
        CHECK(text.find("SECRET") == std::string::npos);
    CHECK(span.summary.ends_with(" and back"));
}

// Worth its while under the thread sanitizer.
TEST_CASE("snapshots are taken while another thread writes") {
    run r;
    std::atomic<bool> written = false;
    std::size_t most = 0, taken = 0;
    std::thread reader([&] {
        do {
            const auto seen = r.trace.snapshot();
            most = std::max(most, seen.spans.size());
            ++taken;
        } while (!written);
    });
    for (int i = 0; i < 500; ++i) {
        auto outer = r.trace.open<"connection.tcp">(std::to_string(i));
        auto moved = std::move(outer);
        moved.note(ev::tcp_ms, 1.0).note(ev::peer, std::string("192.0.2.1"));
        moved.decide({"which?", {{"this", verdict::chosen, "it is there"}}, "this"});
        if (i % 3 != 0) moved.finish("connected", outcome::ok, "connected");
    }
    const auto all = r.trace.finish();
    written = true;
    reader.join();
    CHECK(taken > 0);
    CHECK(most <= all.spans.size());
    CHECK(all.all("connection.tcp").size() == 500);
}

TEST_CASE("values that were noted together are read together, apart from others and from those on their own") {
    run r;
    auto s = r.trace.open<"connection.tcp">("sip.contoso.example:443");
    s.note(ev::peer, "192.0.2.1:443");
    auto first = s.group().note(ev::peer, "192.0.2.2:443");
    s.group().note(ev::peer, "192.0.2.3:443").note(ev::connect_fault, "refused").note(ev::tcp_ms, 3);
    first.note(ev::connect_fault, "timed_out");
    auto moved = std::move(s);
    moved.group().note(ev::peer, "192.0.2.4:443");
    moved.finish("connected", outcome::ok, "connected");
    const auto& span = r.trace.so_far().spans[0];
    const auto all = span.together(ev::peer);
    REQUIRE(all.size() == 4);
    CHECK_FALSE(all[0].has(ev::connect_fault));
    CHECK(all[1].text(ev::peer) == "192.0.2.2:443");
    CHECK(all[1].word(ev::connect_fault).str() == "timed_out");
    CHECK(all[2].word(ev::connect_fault).str() == "refused");
    CHECK(all[2].number(ev::tcp_ms) == 3);
    CHECK(all[3].text(ev::peer) == "192.0.2.4:443");
    CHECK_FALSE(all[3].has(ev::connect_fault));
    CHECK(span.together(ev::connect_fault).size() == 2);
    CHECK(span.together(ev::tls_version).empty());
}
