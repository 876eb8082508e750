// How media relays are looked at, over a scripted network.

#include <catch2/catch.hpp>

#include "relay_network.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::provisioning;
using namespace ucsignin::signin::provisioning::tests_of;

TEST_CASE("UDP and TCP of a relay are tried, in both dialects of TURN") {
    network f;
    f.dialer->over_udp = as_an_edge;
    const auto seen = look(f, {{"internet", "AV.contoso.example."}});
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].tcp.word() == "connects");
    CHECK(seen[0].udp.word() == "answers");
    CHECK(seen[0].dialect == "microsoft");
    CHECK(seen[0].address == "192.0.2.30");
    CHECK(f.dialer->dialled == texts{"192.0.2.30:443"});
    CHECK(f.dialer->asked_over_udp == texts{"192.0.2.30:3478"});
}

TEST_CASE("what a relay makes of the credentials") {
    const auto granted_one = one_that_says({401, 0, 0});
    CHECK(granted_one.allocation.word() == "unproven");  // nothing in it shows that it knows the password
    CHECK(granted_one.released);
    CHECK(one_that_says({401, 0}).errors == texts{"the release: 192.0.2.30:3478 is silent"});
    CHECK_FALSE(one_that_says({401, 0, 437}).released);
    const auto refused = one_that_says({401, 401});
    CHECK(refused.allocation.word() == "refused");
    CHECK(refused.allocation_code == 401);
    CHECK(refused.answers());
    CHECK(one_that_says({401, 486}).allocation.word() == "quota");
    CHECK(one_that_says({401, 437}).allocation.word() == "mismatch");
    CHECK(one_that_says({401, 403}).allocation.word() == "error");
    const auto stale = one_that_says({401, 438, 0, 0});
    CHECK(stale.stale_once);
    CHECK(stale.was_granted());
    CHECK(one_that_says({401, 438, 438}).allocation_code == 438);
    const auto silent = one_that_says({401});
    CHECK(silent.allocation.word() == "silent");
    CHECK(silent.answers());
    CHECK(silent.error_code == 401);
    const auto open = one_that_says({0, 0});
    CHECK(open.allocation.word() == "open");
    CHECK_FALSE(open.error_code);
    const auto other = one_that_says({403});
    CHECK(other.allocation.word() == "not_tried");
    CHECK(other.errors == texts{"no allocation is asked for: the relay asks for no credentials"});
}

TEST_CASE("without credentials a relay is looked at, and asked for nothing") {
    network f;
    std::vector<net::datagram> came;
    f.dialer->over_udp = edge_that_says({401, 0, 0}, &came);
    const auto seen = look(f, {{"internet", "av.contoso.example"}}, std::nullopt);
    CHECK(seen[0].answers());
    CHECK(seen[0].allocation.word() == "not_tried");
    CHECK(came.size() == 1);
}

TEST_CASE("--connect-to leads datagrams as well as connections") {
    network f;
    f.wanted.connect_to = {
        net::parse_connect_to("192.0.2.30:443:127.0.0.1:40443").value(),
        net::parse_connect_to("av.contoso.example:3478:127.0.0.1:43478").value()};
    CHECK(look(f, {{"internet", "av.contoso.example"}})[0].connects());
    CHECK(f.dialer->dialled == texts{"127.0.0.1:40443"});
    CHECK(f.dialer->asked_over_udp == texts{"127.0.0.1:43478"});
}

TEST_CASE("what a relay lacks has a word of its own") {
    network f;
    f.dialer->answer = [](const net::endpoint& to) -> net::result<net::stream_ptr> {
        return std::unexpected(net::error{net::fault::refused, net::to_string(to), 0});
    };
    const auto dead = look(f, {{"internet", "av.contoso.example"}});
    CHECK(dead[0].tcp.word() == "refused");
    CHECK(dead[0].udp.word() == "silent");
    CHECK(dead[0].errors.size() == 2);
    const auto lost = look(f, {{"internet", "missing.contoso.example"}});
    CHECK(lost[0].tcp.word() == "no_address");
    CHECK(lost[0].udp.word() == "no_address");
    CHECK(lost[0].errors == texts{"DNS: NXDOMAIN"});
    for (const auto& name : {std::string("a..b"), std::string(300, 'a'), std::string()})
        CHECK(look(f, {{"internet", name}})[0].tcp.word() == "no_address");
    const auto portless = look(f, {{"internet", "av.contoso.example", 0, 0}});
    CHECK(portless[0].tcp.word() == "not_tried");
    CHECK(portless[0].udp.word() == "not_tried");
}

TEST_CASE("four relays are tried and no more") {
    network f;
    const auto seen = look(f, std::vector<sip::media_relay>(9, {"internet", "192.0.2.31"}));
    CHECK(seen.size() == 9);
    CHECK(f.dialer->asked_over_udp.size() == 4);
    CHECK(seen[3].connects());
    CHECK(seen[4].tcp.word() == "not_tried");
}

TEST_CASE("silence says nothing where the run has no more time") {
    context_fixture f(0.05);
    f.names->addresses = {{"av.contoso.example", "192.0.2.30"}};
    f.dialer->silent = {"192.0.2.30:443"};
    net::test::run(f.io, net::pass_time(f.until.total() - std::chrono::milliseconds(5)));
    const auto seen = look(f, {{"internet", "av.contoso.example"}});
    CHECK(seen[0].tcp.word() == "not_tried");
    CHECK(seen[0].udp.word() == "not_tried");
}

TEST_CASE("a relay that swallows everything costs a bounded wait") {
    context_fixture f(0.6);
    f.names->addresses = {{"av.contoso.example", "192.0.2.30"}};
    f.dialer->silent = {"192.0.2.30:443"};
    const auto began = net::clock::now();
    CHECK(look(f, {{"internet", "av.contoso.example"}})[0].tcp.word() == "timed_out");
    CHECK(net::clock::now() - began < std::chrono::milliseconds(500));
}
