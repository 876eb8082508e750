// The media relay: what is asked, what the answers mean, and how relays are looked at, over a scripted network.

#include <catch2/catch.hpp>

#include "relay_network.hpp"
#include "trace/evidence_provisioning.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::provisioning;
using namespace ucsignin::signin::provisioning::tests_of;
using trace::outcome;
namespace ev = trace::ev;

namespace {

constexpr auto node_id = "provisioning.media_relay";
const std::string service = "sip:edge01.contoso.example@contoso.example;gruu;opaque=srvr:MRAS:x";
const endpoint outside{"sip:alice@contoso.example", "0fa1b2c3d4e5", "192.0.2.10:50812", true, true};
const endpoint inside{"sip:alice@contoso.example", "0fa1b2c3d4e5", "192.0.2.10:50812", true, false};

std::string configuration_with(const std::string& uri, const std::string& element = "mrasUri") {
    return "<provisionGroupList><provisionGroup name=\"serverConfiguration\"><" + element + ">" + uri + "</" + element +
           "></provisionGroup></provisionGroupList>";
}

const std::string granted =
    R"(<response reasonPhrase="OK"><credentialsResponse><credentials><username>dXNlcg==</username><password>c2VjcmV0</password><duration>480</duration></credentials><mediaRelayList><mediaRelay><location>internet</location><hostName>av.contoso.example</hostName></mediaRelay></mediaRelayList></credentialsResponse></response>)";

told nothing_asked(std::string why) {
    told by;
    for (const std::size_t row : {std::size_t(asked::media_relay), std::size_t(asked::relays)}) {
        by.all.at(row).now = answer::state::complete;
        by.all.at(row).unsent = not_sent{trace::not_run_reason::none, why};
    }
    return by;
}

relay_seen seen_as(ev::relay_udp_word udp, ev::relay_tcp_word tcp) {
    relay_seen one;
    one.relay = {"internet", "av.contoso.example"};
    one.address = "192.0.2.30";
    one.udp = udp;
    one.tcp = tcp;
    return one;
}

decided looked(std::vector<relay_seen> all) {
    told by;
    by.answered(asked::media_relay, 200, granted);
    by.all.at(asked::relays).body = std::make_shared<const std::any>(relays_seen{std::move(all)});
    return at(node_id, by);
}

// A front end that names a relay service, and lets it answer as the test says.
net::awaitable<void> serve(context_fixture& f, int status, std::string body, std::string configuration) {
    for (;;) {
        auto m = co_await f.server.next();
        std::string said = "<roamingData/>";
        int with = 200;
        if (m.header("Event") == "vnd-microsoft-provisioning-v2") said = configuration;
        if (m.header("Content-Type") == "application/msrtc-media-relay-auth+xml") {
            said = body;
            with = status;
        }
        auto answer = context_fixture::answer(m, with, std::move(said));
        co_await f.server.send(std::move(answer));
    }
}

void run_stage(
    context_fixture& f, int status, std::string body, std::string configuration = configuration_with(service)) {
    net::test::start(f.io, serve(f, status, std::move(body), std::move(configuration)));
    auto me = outside;
    me.publish = false;
    net::test::run(f.io, provisioning::drive(f.c, f.s, std::move(me), {requests, nodes()}));
}

}  // namespace

TEST_CASE("credentials come, relays are looked at, and one span tells of both") {
    network f;
    f.dialer->over_udp = as_an_edge;
    run_stage(f, 200, granted);
    const auto& told = f.span(node_id);
    CHECK(told.branch == "answers");
    CHECK(told.text(ev::sip_event) == "media-relay");
    CHECK(told.number(ev::sip_status) == 200);
    CHECK(told.word(ev::mras_asked_for).str() == "internet");
    CHECK(told.together(ev::relay_host).size() == 1);
    CHECK(told.waited_for == texts{f.span("provisioning.configuration").span_id});
    CHECK(f.dialer->asked_over_udp.size() == 1);
}

TEST_CASE("without credentials the node says why, and nobody is looked at") {
    network f;
    run_stage(f, 504, "");
    CHECK(f.span(node_id).branch == "refused");
    CHECK(f.span(node_id).number(ev::sip_status) == 504);
    CHECK(f.dialer->asked_over_udp.empty());
    network busy;
    run_stage(busy, 200, R"(<response reasonPhrase="Server Busy"/>)");
    CHECK(busy.span(node_id).branch == "refused");
    CHECK(busy.span(node_id).text(ev::mras_reason) == "Server Busy");
}

TEST_CASE("what can't be read leads to no request, and to no look") {
    network f;
    run_stage(f, 200, "<response reasonPhrase=\"OK\"><credentialsResponse>");
    CHECK(f.span(node_id).branch == "refused");
    CHECK_FALSE(f.span(node_id).text(ev::body_error).empty());
    network garbled;
    run_stage(garbled, 200, granted, "?");
    CHECK(garbled.span(node_id).outcome == outcome::not_run);
    CHECK(garbled.span(node_id).summary == "the configuration can't be read");
}

TEST_CASE("a pool without a relay service") {
    network f;
    run_stage(f, 200, granted, configuration_with("", "x"));
    CHECK(f.span(node_id).branch == "none");
    CHECK(f.span(node_id).outcome == outcome::expected);
}

TEST_CASE("relay credentials are asked of the service that provisioning names, for the side that one is on") {
    told by;
    by.answered(asked::configuration, 200, configuration_with(service, "MRASURI"));
    const auto m = std::get<request_text>(requests[asked::media_relay].build(outside, by.all));
    CHECK(m.method == "SERVICE");
    CHECK(m.uri == service);
    CHECK(
        m.headers.front() ==
        std::pair<std::string, std::string>("Content-Type", "application/msrtc-media-relay-auth+xml"));
    CHECK(m.body.find("<location>internet</location>") != std::string::npos);
    const auto within = std::get<request_text>(requests[asked::media_relay].build(inside, by.all));
    CHECK(within.body.find("<location>intranet</location>") != std::string::npos);
}

TEST_CASE("where no service is named nobody is asked, and what is no SIP URI goes into no request") {
    told none;
    none.answered(asked::configuration, 200, configuration_with("", "x"));
    CHECK(std::get<not_sent>(requests[asked::media_relay].build(outside, none.all)).why.empty());
    for (const auto* bad : {"mailto:a@b", "sip:", "sip:a&#13;&#10;X-Evil: 1", "sip:a b", "&lt;sip:a@b&gt;"}) {
        told by;
        by.answered(asked::configuration, 200, configuration_with(bad));
        const auto unsent = std::get<not_sent>(requests[asked::media_relay].build(outside, by.all));
        CHECK(unsent.reason == trace::not_run_reason::none);
        CHECK(unsent.why == "mrasUri is no SIP URI");
    }
}

TEST_CASE("no service, and none that can be asked") {
    const auto none = at(node_id, nothing_asked(""));
    CHECK(none.branch.name() == "none");
    CHECK(none.how == outcome::expected);
    const auto bad = at(node_id, nothing_asked("mrasUri is no SIP URI"));
    CHECK(bad.branch.name() == "refused");
    CHECK(bad.how == outcome::warning);
}

TEST_CASE("credentials that were refused, and answers without a relay") {
    const auto refused = [](told& by) { return at(node_id, by); };
    told error, silent, busy, empty, alone, garbled;
    CHECK(refused(error.answered(asked::media_relay, 504)).summary == "no relay credentials: 504 Refused");
    CHECK(refused(silent.silent(asked::media_relay)).branch.name() == "refused");
    const auto said = refused(busy.answered(asked::media_relay, 200, R"(<response reasonPhrase="Server Busy"/>)"));
    CHECK(said.summary == "no relay credentials: Server Busy");
    CHECK(noted<std::string>(said, ev::mras_reason) == texts{"Server Busy"});
    CHECK(
        refused(empty.answered(asked::media_relay, 200, R"(<response reasonPhrase="OK"/>)")).summary ==
        "no relay credentials: the answer holds none");
    const auto without = refused(alone.answered(
        asked::media_relay, 200,
        R"(<response reasonPhrase="OK"><credentialsResponse><credentials><username>a</username><password>b</password></credentials></credentialsResponse></response>)"));
    CHECK(without.summary == "relay credentials, but the answer names no relay");
    CHECK(noted<std::int64_t>(without, ev::relays) == numbers{0});
    const auto unread = refused(garbled.answered(asked::media_relay, 200, "?"));
    CHECK(unread.branch.name() == "refused");
    CHECK_FALSE(noted<std::string>(unread, ev::body_error).empty());
}

TEST_CASE("a relay that answers, in part, or not at all") {
    const auto both = looked({seen_as("answers", "connects")});
    CHECK(both.branch.name() == "answers");
    CHECK(both.how == outcome::ok);
    CHECK(both.summary == "av.contoso.example answers (UDP 3478, TCP 443)");
    CHECK(both.groups.size() == 1);
    const auto tcp = looked({seen_as("silent", "connects")});
    CHECK(tcp.branch.name() == "answers");
    CHECK(tcp.how == outcome::warning);
    CHECK(tcp.summary == "av.contoso.example: UDP 3478 is silent, TCP 443 answers");
    CHECK(looked({seen_as("answers", "refused")}).branch.name() == "answers");
    const auto none = looked({seen_as("silent", "timed_out")});
    CHECK(none.branch.name() == "credentials_only");
    CHECK(none.summary == "no relay answers: av.contoso.example: UDP 3478 is silent, TCP 443 is silent");
    CHECK(
        looked({seen_as("no_address", "no_address")}).summary ==
        "no relay answers: no address is found for av.contoso.example");
    CHECK(looked({seen_as("silent", "timed_out"), seen_as("answers", "connects")}).branch.name() == "answers");
}

TEST_CASE("user name and password are kept as secrets, and nowhere else") {
    told by;
    by.answered(asked::media_relay, 200, granted);
    const auto* kept = by.all.read(asked::media_relay);
    REQUIRE(kept);
    REQUIRE(kept->credentials);
    CHECK(kept->credentials->password.reveal() == "c2VjcmV0");
    for (const auto& text : {kept->reason, kept->relays.front().host, kept->relays.front().location})
        CHECK((text.find("c2VjcmV0") == std::string::npos && text.find("dXNlcg") == std::string::npos));
}

TEST_CASE("neither the password nor the user name is in what is kept of a look") {
    network f;
    std::vector<net::datagram> came;
    f.dialer->over_udp = edge_that_says({401, 0, 0}, &came);
    run_stage(f, 200, granted);
    REQUIRE(came.size() == 3);
    CHECK(std::string(came[1].begin(), came[1].end()).find("user") != std::string::npos);
    for (const auto& span : f.trace.so_far().spans) {
        std::string all = span.summary;
        for (const auto& one : span.evidence)
            if (const auto* text = std::get_if<std::string>(&one.value)) all += " " + *text;
        for (const auto* secret : {"dXNlcg", "c2VjcmV0", "secret"}) CHECK(all.find(secret) == std::string::npos);
    }
    CHECK(f.span(node_id).together(ev::relay_host).at(0).word(ev::relay_allocation).str() == "unproven");
}

TEST_CASE("a relay that takes no credentials is told of, and does not make the node another") {
    auto one = seen_as("answers", "connects");
    one.dialect = "standard";
    one.allocation = "granted";
    one.released = true;
    const auto well = looked({one});
    CHECK(well.how == outcome::ok);
    CHECK(well.summary == "av.contoso.example answers (UDP 3478, TCP 443), an allocation is granted and given back");
    one.dialect = "microsoft";
    one.released = false;
    CHECK(
        looked({one}).summary ==
        "av.contoso.example answers (UDP 3478, TCP 443), an allocation is likely granted, and its return is not "
        "confirmed");
    one.allocation = "unproven";
    CHECK(looked({one}).how == outcome::ok);
    one.dialect = "standard";
    CHECK(looked({one}).how == outcome::warning);
    const auto without = [&](ev::relay_allocation_word state, int code) {
        one.allocation = state;
        one.allocation_code = code;
        const auto found = looked({one});
        CHECK(found.branch.name() == "answers");
        CHECK(found.how == outcome::warning);
        return found.summary.substr(found.summary.find("), ") + 3);
    };
    CHECK(without("refused", 401) == "the credentials are refused (401)");
    CHECK(without("quota", 486) == "no allocation is left (486)");
    CHECK(without("mismatch", 437) == "an allocation of this address is there already (437)");
    CHECK(without("error", 300) == "no allocation is granted (300)");
    CHECK(without("silent", 0) == "no answer to the credentials");
}
