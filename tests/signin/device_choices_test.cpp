#include "options.hpp"
#include "signin/devices/choices.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::devices;
using tests::verdict_on;
using tests::why;

namespace {

net::ip_address ip(const char* text) { return boost::asio::ip::make_address(text); }

host::adapter adapter(const char* name, const char* address, int metric) {
    host::adapter a{.name = name, .up = true, .running = true};
    a.addresses = {{.ip = ip(address), .prefix = 24}};
    a.default_route_v4 = true;
    a.metric_v4 = metric;
    return a;
}

way by(const char* name, const char* gateway, bool tunnel = false) {
    return {ip("198.51.100.7"), {true, name, "192.0.2.10", gateway, tunnel, {}, 0}};
}

host::audio two_speakers(const char* chosen) {
    host::audio a;
    a.devices = {
        {.name = "Speakers", .is_output = true},
        {.name = "Headset", .is_output = true},
        {.name = "Microphone", .is_input = true}};
    a.speaker.default_device = chosen;
    a.microphone.default_device = "Microphone";
    return a;
}

}  // namespace

TEST_CASE("an adapter without a way out is passed over") {
    auto ethernet = adapter("eth0", "192.0.2.10", 100), wifi = adapter("wlan0", "192.0.2.11", 600);
    CHECK(choose_adapters(std::vector{ethernet, wifi}, {}).chosen == "eth0, wlan0");
    ethernet.running = false;
    const auto left = choose_adapters(std::vector{ethernet, wifi}, {});
    CHECK(left.chosen == "wlan0");
    CHECK(verdict_on(left, "eth0") == trace::verdict::passed_over);
    CHECK(why(left, "eth0") == host::why_rejected(ethernet));
}

TEST_CASE("packets leave by the adapter of the system's route, and the others say why not by them") {
    const std::vector adapters{adapter("eth0", "192.0.2.10", 100), adapter("wlan0", "192.0.2.11", 600)};
    const auto wired = choose_route(std::vector{by("eth0", "192.0.2.1")}, adapters);
    CHECK(wired.chosen == "eth0");
    CHECK(why(wired, "eth0") == "the system's route leads there through 192.0.2.1");
    CHECK(why(wired, "wlan0") == "its default route has metric 600, the one that is taken 100");
    const auto wireless = choose_route(std::vector{by("wlan0", "")}, adapters);
    CHECK(wireless.chosen == "wlan0");
    CHECK(why(wireless, "wlan0") == "the target is on its own network");
    CHECK(why(wireless, "eth0") == "a more specific route leads through another adapter");
    CHECK(why(choose_route(std::vector{by("eth0", "192.0.2.1", true)}, adapters), "eth0").ends_with("this tunnel"));
}

TEST_CASE("an adapter that can't carry the sign-in says so, and one that is down or of the other family is no option") {
    auto rejected = adapter("wlan0", "192.0.2.11", 600), down = adapter("eth1", "192.0.2.12", 50);
    rejected.rejected = "no link";
    down.up = false;
    const std::vector adapters{adapter("eth0", "192.0.2.10", 100), rejected, down, adapter("eth2", "2001:db8::2", 100)};
    const auto one = choose_route(std::vector{by("eth0", "192.0.2.1")}, adapters);
    REQUIRE(one.considered.size() == 2);
    CHECK(why(one, "wlan0") == "no link");
    auto same = adapters;
    same[1].rejected.clear();
    same[1].metric_v4 = 100;
    CHECK(why(choose_route(std::vector{by("eth0", "192.0.2.1")}, same), "wlan0")
              .starts_with("its default route is just as good"));
    same[1].default_route_v4 = false;
    CHECK(why(choose_route(std::vector{by("eth0", "192.0.2.1")}, same), "wlan0") == "none of its routes leads there");
    const way none{ip("198.51.100.7"), {false, {}, {}, {}, false, "no route", 101}};
    CHECK(choose_route(std::vector{none}, adapters).chosen == "");
}

TEST_CASE("the default device is taken among those of its kind") {
    const auto speakers = choose_default(two_speakers("Speakers"), side::speaker);
    CHECK(speakers.chosen == "Speakers");
    CHECK(why(speakers, "Headset") == "another one is this PC's default");
    const auto headset = choose_default(two_speakers("Headset"), side::speaker);
    CHECK(headset.chosen == "Headset");
    CHECK(why(headset, "Headset") == "this PC's default");
    CHECK(why(choose_default(two_speakers(""), side::speaker), "Speakers") == "this PC names no default");
    CHECK(choose_default(two_speakers("Headset"), side::microphone).considered.size() == 1);
    CHECK(choose_defaults(two_speakers("Headset")).chosen == "Headset, Microphone");
    CHECK(choose_defaults(two_speakers("Speakers")).chosen == "Speakers, Microphone");
    auto one_each = two_speakers("Speakers");
    one_each.devices.erase(one_each.devices.begin() + 1);
    CHECK(choose_defaults(one_each).considered.empty());
}

TEST_CASE("the default camera is the first of the list") {
    using state = host::cameras::state;
    const auto webcam = choose_video({state::found, {"Webcam", "Other"}, {}});
    CHECK(webcam.chosen == "Webcam");
    CHECK(why(webcam, "Other") == "another one is listed first");
    CHECK(choose_video({state::found, {"Other", "Webcam"}, {}}).chosen == "Other");
}

TEST_CASE("questions go to the first resolver that helps") {
    const resolver_seen good{"192.0.2.53:53", "records", true, 8}, other{"192.0.2.54:53", "NXDOMAIN", true, 3};
    const resolver_seen silent{"192.0.2.53:53", "timeout", false, 0}, refusing{"192.0.2.53:53", "REFUSED", true, 1};
    const auto first = choose_resolver(std::vector{good, other});
    CHECK(first.chosen == "192.0.2.53:53");
    CHECK(why(first, "192.0.2.54:53") == "it answers in 3 ms, but another comes first");
    const auto second = choose_resolver(std::vector{silent, other});
    CHECK(second.chosen == "192.0.2.54:53");
    CHECK(why(second, "192.0.2.53:53") == "it does not answer: timeout");
    CHECK(why(second, "192.0.2.54:53") == "those before it cannot be used, it answers in 3 ms");
    CHECK(
        why(choose_resolver(std::vector{refusing, other}), "192.0.2.53:53") ==
        "it answers, but without records: REFUSED");
}
