// The ranges of provisioning, tried on a PC of which the test says who has which port.

#include <algorithm>
#include <boost/asio/ip/udp.hpp>
#include <catch2/catch.hpp>

#include "context_fixture.hpp"
#include "provisioning_told.hpp"
#include "signin/provisioning/local_ports.hpp"
#include "signin/real_environment.hpp"
#include "trace/evidence_provisioning.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::provisioning;
using namespace ucsignin::signin::provisioning::tests_of;
using signin::testing::context_fixture;
using trace::outcome;
namespace ev = trace::ev;

namespace {

const net::asio::ip::udp::endpoint udp_any(net::asio::ip::address_v4::any(), 0);
constexpr auto node_id = "provisioning.media_ports";

std::string range_xml(const std::string& kind, int from, int to) {
    return "<ucMin" + kind + "Port>" + std::to_string(from) + "</ucMin" + kind + "Port><ucMax" + kind + "Port>" +
           std::to_string(to) + "</ucMax" + kind + "Port>";
}
std::string configured(const std::string& ranges) {
    return "<provisionGroupList><provisionGroup name=\"ServerConfiguration\"><ucPortRangeEnabled>true"
           "</ucPortRangeEnabled>" +
           ranges + "</provisionGroup></provisionGroupList>";
}

struct pc : context_fixture {
    pc() { around.host = testing::empty_host(ports); }
    std::shared_ptr<testing::scripted_ports> ports = std::make_shared<testing::scripted_ports>();

    // What the node makes of it.
    decided decide(const std::string& ranges) {
        told by;
        by.answered(asked::configuration, 200, configured(ranges));
        auto made = requests[asked::local_ports].build({}, by.all);
        if (auto* what = std::get_if<look_for>(&made)) {
            by.all.at(asked::local_ports).now = answer::state::complete;
            by.all.at(asked::local_ports).body = net::test::run(io, what->look(c));
        }
        return at(node_id, by);
    }
    void take(const std::string& over, int from, int to) {
        for (int i = from; i <= to; ++i) ports->states[over + " " + std::to_string(i)] = net::port_state::taken;
    }
};

std::vector<std::int64_t> of_each_range(const decided& found, const trace::evidence_entry& name) {
    std::vector<std::int64_t> all;
    for (const auto& group : found.groups)
        for (const auto& fact : group)
            if (fact.name->name == name.name) all.push_back(std::get<std::int64_t>(fact.value));
    return all;
}

}  // namespace

TEST_CASE("each range is tried over what it is for, once, and what is taken is counted") {
    pc here;
    here.take("udp", 50000, 50001);
    here.take("tcp", 50041, 50041);
    here.take("tcp", 50000, 50019);  // of no interest to sound
    const auto found = here.decide(
        range_xml("Audio", 50000, 50019) + range_xml("AppSharing", 50040, 50049) +
        range_xml("FileTransfer", 50060, 50069));
    CHECK(of_each_range(found, ev::media_ports_tried) == numbers{20, 20, 10});
    CHECK(of_each_range(found, ev::media_ports_taken) == numbers{2, 1, 0});
    CHECK(of_each_range(found, ev::media_ports_denied) == numbers{0, 0, 0});
    CHECK(here.ports->tried.size() == 50);
    CHECK(here.ports->tried.front() == "udp 50000");
    CHECK(here.ports->tried.back() == "tcp 50069");
    CHECK(found.branch.name() == "ranges");
    CHECK(found.how == outcome::ok);
    CHECK(
        found.summary ==
        "audio 50000-50019, sharing 50040-50049, files 50060-50069; whether a firewall here stops them is unknown");
}

TEST_CASE("a range that is taken for the greater part is a warning, in words") {
    pc here;
    here.take("udp", 50000, 50014);
    here.ports->states["udp 50015"] = net::port_state::denied;
    const auto found = here.decide(range_xml("Audio", 50000, 50019) + range_xml("Video", 50020, 50039));
    CHECK(found.branch.name() == "ranges");
    CHECK(found.how == outcome::warning);
    CHECK(
        found.summary ==
        "audio 50000-50019, video 50020-50039; 15 of 20 tried for audio are taken, 1 not given to programs; whether a "
        "firewall here stops them is unknown");
    pc half;
    half.take("udp", 50000, 50009);
    CHECK(half.decide(range_xml("Audio", 50000, 50019)).how == outcome::ok);
}

TEST_CASE("however wide the ranges are, 200 bindings are all, from the first port to the last") {
    pc here;
    std::string all;
    for (const auto* kind : {"Audio", "Video", "AppSharing", "FileTransfer"}) all += range_xml(kind, 1024, 65535);
    const auto found = here.decide(all);
    CHECK(here.ports->tried.size() == 160);
    CHECK(of_each_range(found, ev::media_ports_tried) == numbers{40, 40, 40, 40});
    for (const auto* one : {"udp 1024", "udp 65535", "tcp 1024", "tcp 65535"})
        CHECK(std::ranges::find(here.ports->tried, one) != here.ports->tried.end());
    const auto spread = bindings_for({"audio", 1000, 1999});
    REQUIRE(spread.size() == 40);
    for (std::size_t i = 1; i < spread.size(); ++i) {
        CHECK(spread[i].number - spread[i - 1].number >= 25);
        CHECK(spread[i].number - spread[i - 1].number <= 26);
    }
}

TEST_CASE("what is no range is not tried, and the node says what it says") {
    pc here;
    CHECK(here.decide(range_xml("Video", 50040, 50020)).branch.name() == "contradictory");
    CHECK(here.ports->tried.empty());
    told off;
    off.answered(asked::configuration, 200, "<provisionGroupList/>");
    CHECK(std::holds_alternative<not_sent>(requests[asked::local_ports].build({}, off.all)));
    told garbled;
    garbled.answered(asked::configuration, 200, "?");
    CHECK(std::holds_alternative<not_sent>(requests[asked::local_ports].build({}, garbled.all)));
    CHECK(at(node_id, off).branch.name() == "default");
}

TEST_CASE("a system that gives no socket leaves the ports unknown, and no range crowded") {
    pc here;
    for (int i = 50000; i <= 50019; ++i) here.ports->states["udp " + std::to_string(i)] = net::port_state::unknown;
    const auto found = here.decide(range_xml("Audio", 50000, 50019));
    CHECK(of_each_range(found, ev::media_ports_tried) == numbers{0});
    CHECK(found.how == outcome::ok);
}

// Another program may have more of them, or take one meanwhile: the port that the test has is compared with itself.
TEST_CASE("on this very PC: the port that this test has is taken, and free when it is given back") {
    pc here;
    here.around = real_surroundings().make(here.io.get_executor(), here.wanted, {});
    net::asio::io_context io;
    std::optional<net::asio::ip::udp::socket> mine(std::in_place, io, udp_any);
    const auto port = mine->local_endpoint().port();
    const int from = std::min<int>(port, 65530);
    const auto taken = [&] {
        return of_each_range(here.decide(range_xml("Audio", from, from + 3)), ev::media_ports_taken).at(0);
    };
    const auto with_it = taken();
    CHECK(with_it >= 1);
    mine.reset();
    CHECK(taken() < with_it);
}
