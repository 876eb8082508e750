#include <catch2/catch.hpp>

#include <cerrno>

#include "reached.hpp"
#include "signin/devices/decisions.hpp"

using namespace ucsignin;
using namespace ucsignin::signin::devices;
using host::presence;
using trace::outcome;

namespace {

net::ip_address ip(const char* text) { return boost::asio::ip::make_address(text); }

void check(std::string_view node, const verdict& v, std::string_view branch, outcome how) {
    CHECK(v.branch.name() == branch);
    CHECK(v.outcome == how);
    CHECK(v.summary != "");
    tests::reached(node, branch);
}

host::audio heard(presence speaker, presence microphone) {
    host::audio a;
    a.speaker = {.state = speaker, .default_device = speaker == presence::found ? "Speakers" : ""};
    a.microphone = {.state = microphone, .default_device = microphone == presence::found ? "Headset" : ""};
    a.why_unknown = "the audio system did not answer in time";
    return a;
}

host::adapter adapter(const char* name, int metric) {
    host::adapter a{.name = name, .up = true, .running = true};
    a.default_route_v4 = true;
    a.metric_v4 = metric;
    return a;
}

way found(const char* by, bool tunnel = false) {
    return {ip("198.51.100.7"), {true, by, "192.0.2.10", "192.0.2.1", tunnel, {}, 0}};
}
way none(int code, const char* error) { return {ip("198.51.100.7"), {false, {}, {}, {}, false, error, code}}; }

}  // namespace

TEST_CASE("a camera is there, or not, or kept from us, or not told") {
    using state = host::cameras::state;
    check("devices.camera", judge_camera({state::found, {"Webcam"}, {}}), "found", outcome::ok);
    check("devices.camera", judge_camera({state::none, {}, {}}), "none", outcome::ok);
    check("devices.camera", judge_camera({state::hidden, {}, "Permission denied"}), "hidden", outcome::warning);
    check("devices.camera", judge_camera({state::unknown, {}, "Device or resource busy"}), "unknown", outcome::unknown);
    check("devices.default_video", judge_default_video({state::found, {"Webcam", "Other"}, {}}), "set", outcome::ok);
    CHECK(judge_default_video({state::found, {"Webcam", "Other"}, {}}).summary == "Webcam");
    check("devices.default_video", judge_default_video({state::none, {}, {}}), "nothing_to_set", outcome::ok);
}

TEST_CASE("speaker and microphone: found, none, blocked, or not told in time") {
    const auto all = heard(presence::found, presence::found);
    check("devices.speaker", judge_side(all, side::speaker), "found", outcome::ok);
    check("devices.microphone", judge_side(all, side::microphone), "found", outcome::ok);
    check("devices.speaker", judge_side(heard(presence::none, presence::none), side::speaker), "none", outcome::ok);
    check(
        "devices.microphone", judge_side(heard(presence::none, presence::none), side::microphone), "none", outcome::ok);
    check(
        "devices.speaker", judge_side(heard(presence::disabled, presence::none), side::speaker), "disabled",
        outcome::warning);
    check(
        "devices.microphone", judge_side(heard(presence::none, presence::denied), side::microphone), "denied",
        outcome::warning);
    check(
        "devices.speaker", judge_side(heard(presence::unknown, presence::unknown), side::speaker), "unknown",
        outcome::unknown);
    check(
        "devices.microphone", judge_side(heard(presence::unknown, presence::unknown), side::microphone), "unknown",
        outcome::unknown);
    auto empty_jack = all;
    empty_jack.speaker.unplugged = true;
    CHECK(judge_side(empty_jack, side::speaker).outcome == outcome::warning);
    CHECK(judge_side(empty_jack, side::speaker).summary == "Speakers, but nothing is plugged in");
}

TEST_CASE("a level is audible, muted, at zero, or unknown, and no question where there is no device") {
    for (const auto& [which, node] :
         {std::pair{side::speaker, "devices.speaker_volume"}, {side::microphone, "devices.microphone_volume"}}) {
        auto a = heard(presence::found, presence::found);
        auto& one = which == side::speaker ? a.speaker : a.microphone;
        check(node, *judge_level(a, which), "unknown", outcome::unknown);
        one.volume_percent = 30;
        check(node, *judge_level(a, which), "audible", outcome::ok);
        CHECK(judge_level(a, which)->summary.ends_with("at 30 %"));
        one.volume_percent = 0;
        one.muted = false;
        check(node, *judge_level(a, which), "at_zero", outcome::warning);
        one.muted = true;
        check(node, *judge_level(a, which), "muted", outcome::warning);
        CHECK_FALSE(judge_level(heard(presence::none, presence::none), which));
        CHECK_FALSE(judge_level(heard(presence::disabled, presence::denied), which));
    }
}

TEST_CASE("speaker and microphone together") {
    check("devices.audio_defaults", *judge_defaults(heard(presence::found, presence::found)), "set", outcome::ok);
    check(
        "devices.audio_defaults", *judge_defaults(heard(presence::found, presence::none)), "partly", outcome::warning);
    check("devices.audio_defaults", *judge_defaults(heard(presence::none, presence::none)), "none", outcome::ok);
    CHECK_FALSE(judge_defaults(heard(presence::unknown, presence::unknown)));
}

TEST_CASE("the kernel's answer is the route; a tunnel and a rival are told") {
    const std::vector<host::adapter> one{adapter("eth0", 100), adapter("wlan0", 600)},
        two{adapter("eth0", 100), adapter("wlan0", 100)};
    const std::vector<way> by_eth0{found("eth0")}, by_vpn{found("tun0", true)};
    check("devices.route", judge_route(by_eth0, false, one), "chosen", outcome::ok);
    check("devices.route", judge_route(by_eth0, false, two), "two_compete", outcome::ok);
    check("devices.route", judge_route(by_vpn, false, two), "tunnel_wins", outcome::ok);
    auto rejected = two;
    rejected[1].rejected = "no link";
    CHECK(judge_route(by_eth0, false, rejected).branch.name() == "chosen");
    // A server in the adapter's own network has no rival.
    auto near = by_eth0;
    near[0].route.gateway.clear();
    CHECK(judge_route(near, false, two).branch.name() == "chosen");
}

TEST_CASE("without a route the system's words are given, and no fault is seen when the other family leads there") {
    const std::vector<way> lost{none(ENETUNREACH, "Network is unreachable")},
        forbidden{none(EACCES, "Permission denied")};
    check("devices.route", judge_route(lost, false, {}), "no_route", outcome::failed);
    CHECK(judge_route(lost, true, {}).outcome == outcome::expected);
    CHECK(judge_route(forbidden, false, {}).summary == "Permission denied: a rule on this PC forbids it");
    const std::vector<way> half{none(ENETUNREACH, "Network is unreachable"), found("eth0")};
    CHECK(judge_route(half, false, {}).branch.name() == "chosen");
}

TEST_CASE("resolvers answer all, in part, or not at all") {
    const signin::resolver_seen good{"192.0.2.53:53", "records", true, 12}, bad{"192.0.2.54:53", "timeout", false, 0};
    const std::vector<signin::resolver_seen> all{good, good}, some{good, bad}, silent{bad};
    check("devices.resolvers", judge_resolvers(all), "all", outcome::ok);
    check("devices.resolvers", judge_resolvers(some), "some", outcome::warning);
    check("devices.resolvers", judge_resolvers(silent), "none", outcome::failed);
    check("devices.resolvers", judge_resolvers({}), "none", outcome::failed);
}

TEST_CASE("the hosts file overrides DNS only where it says something else") {
    const name_seen untouched{.name = "sip.contoso.example", .dns_answered = true, .dns = {ip("198.51.100.7")}};
    auto same = untouched, different = untouched, missing = untouched, silent = untouched;
    same.hosts = {{3, ip("198.51.100.7")}};
    different.hosts = {{3, ip("10.0.0.1")}};
    missing = different;
    missing.dns.clear();
    silent = different;
    silent.dns_answered = false;
    const auto judge = [](name_seen n) {
        const std::vector<name_seen> one{std::move(n)};
        return judge_names(one, "/etc/hosts", "");
    };
    check("devices.hosts", judge(untouched), "no", outcome::ok);
    check("devices.hosts", judge(same), "yes_same", outcome::ok);
    check("devices.hosts", judge(different), "yes_different", outcome::warning);
    CHECK(judge(missing).branch.name() == "yes_different");
    CHECK(judge(silent).branch.name() == "yes_same");
    CHECK(judge_names({}, "/etc/hosts", "/etc/hosts: Permission denied").outcome == outcome::warning);
}

TEST_CASE("the system's look-up differs when it shares no address with DNS") {
    name_seen n{
        .name = "sip.contoso.example",
        .dns_answered = true,
        .dns = {ip("198.51.100.7"), ip("198.51.100.8")},
        .asked_system = true,
        .system = {ip("198.51.100.8")}};
    CHECK_FALSE(n.system_differs());
    n.system = {ip("198.51.100.99")};
    CHECK(n.system_differs());
    const std::vector<name_seen> one{n};
    CHECK(judge_names(one, "/etc/hosts", "").outcome == outcome::warning);
    CHECK(judge_names(one, "/etc/hosts", "").branch.name() == "no");
    n.system.clear();  // no answer is no other answer
    CHECK_FALSE(n.system_differs());
    n.system = {ip("198.51.100.99")};
    n.dns_answered = false;
    CHECK_FALSE(n.system_differs());
}

TEST_CASE("the trust store holds roots, none, or can't be read") {
    check("devices.trust_store", judge_trust(140, ""), "loaded", outcome::ok);
    check("devices.trust_store", judge_trust(0, ""), "empty", outcome::warning);
    check("devices.trust_store", judge_trust(1, "system trust store: cannot be read"), "unreadable", outcome::warning);
}
