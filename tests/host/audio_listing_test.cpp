#include <catch2/catch.hpp>

#include "host/host.hpp"

using namespace ucsignin::host;

namespace {

constexpr auto headset = R"({"format":"ucsignin-audio/1","backend":"pulse","devices":[
  {"name":"Built-in","output":true,"input":false,"default_output":false,"default_input":false},
  {"name":"Headset","output":true,"input":true,"default_output":true,"default_input":true}]})";

std::string refusal(std::string_view text) {
    const auto listing = parse_audio_listing(text);
    return listing ? "accepted" : listing.error().what + " at " + std::to_string(listing.error().offset);
}

}  // namespace

TEST_CASE("a listing tells devices, defaults and the audio system") {
    const auto a = parse_audio_listing(headset);
    REQUIRE(a);
    REQUIRE(a->devices.size() == 2);
    CHECK(a->devices[0].name == "Built-in");
    CHECK(a->devices[0].is_output);
    CHECK_FALSE(a->devices[0].is_input);
    CHECK(a->backend == "pulse");
    CHECK(a->speaker.state == presence::found);
    CHECK(a->speaker.default_device == "Headset");
    CHECK(a->microphone.state == presence::found);
    CHECK(a->microphone.default_device == "Headset");
    CHECK(a->why_unknown == "");
}

TEST_CASE("what the audio system did not tell stays unknown") {
    const auto a = parse_audio_listing(headset);
    REQUIRE(a);
    CHECK_FALSE(a->speaker.volume_percent.has_value());
    CHECK_FALSE(a->speaker.muted.has_value());
}

TEST_CASE("volume and mute are taken where they are told") {
    const auto a = parse_audio_listing(R"({"format":"ucsignin-audio/1","devices":[],
        "speaker":{"volume_percent":0,"muted":true},"microphone":{"volume_percent":153,"muted":false}})");
    REQUIRE(a);
    CHECK(a->speaker.volume_percent == 0);
    CHECK(a->speaker.muted == true);
    CHECK(a->microphone.volume_percent == 153);
    CHECK(a->microphone.muted == false);
}

TEST_CASE("a volume out of all bounds is not believed") {
    const auto a = parse_audio_listing(R"({"format":"ucsignin-audio/1","devices":[],
        "speaker":{"volume_percent":-1,"muted":"no"},"microphone":{"volume_percent":1e30}})");
    REQUIRE(a);
    CHECK_FALSE(a->speaker.volume_percent.has_value());
    CHECK_FALSE(a->speaker.muted.has_value());
    CHECK_FALSE(a->microphone.volume_percent.has_value());
}

TEST_CASE("no devices and no hardware is none, on both sides") {
    const auto a = parse_audio_listing(R"({"format":"ucsignin-audio/1","backend":"","devices":[]})");
    REQUIRE(a);
    CHECK(a->speaker.state == presence::none);
    CHECK(a->microphone.state == presence::none);
    CHECK(a->why_unknown == "");
}

TEST_CASE("a playback device alone leaves the microphone at none") {
    const auto a = parse_audio_listing(R"({"format":"ucsignin-audio/1","devices":[{"name":"HDMI","output":true}]})");
    REQUIRE(a);
    CHECK(a->speaker.state == presence::found);
    CHECK(a->speaker.default_device == "");
    CHECK(a->microphone.state == presence::none);
}

TEST_CASE("the monitor of an output is no microphone") {
    const auto a = parse_audio_listing(R"({"format":"ucsignin-audio/1","devices":[{"name":"Speakers","output":true},
        {"name":"Monitor of Speakers","input":true,"default_input":true}]})");
    REQUIRE(a);
    CHECK(a->speaker.state == presence::found);
    CHECK(a->microphone.state == presence::none);
    CHECK(a->microphone.default_device == "");
    CHECK(a->devices[1].is_monitor);
}

TEST_CASE("an input that is only named like a monitor is a microphone") {
    const auto a = parse_audio_listing(R"({"format":"ucsignin-audio/1","devices":[{"name":"Speakers","output":true},
        {"name":"Monitor of Studio","input":true},{"name":"Speakers","input":true}]})");
    REQUIRE(a);
    CHECK(a->microphone.state == presence::found);
    CHECK_FALSE(a->devices[1].is_monitor);
}

TEST_CASE("hardware that no audio system lists makes a side unknown, not none") {
    const auto a = parse_audio_listing(R"({"format":"ucsignin-audio/1","devices":[],"unlisted_output":true})");
    REQUIRE(a);
    CHECK(a->speaker.state == presence::unknown);
    CHECK(a->microphone.state == presence::none);
    CHECK(a->why_unknown == "there is sound hardware, but no audio system that this user can reach lists it");
}

TEST_CASE("what is no listing is refused with the offset") {
    CHECK(refusal("") == "not JSON at 0");
    CHECK(refusal("ALSA lib confmisc.c: cannot find card") == "not JSON at 0");
    CHECK(refusal(R"({"format":"ucsignin-audio/1",)") == "not JSON at 29");
    CHECK(refusal("[]") == "not a listing of audio devices at 0");
    CHECK(refusal(R"({"format":"something-else/1","devices":[]})") == "not a listing of audio devices at 0");
    CHECK(refusal(R"({"format":"ucsignin-audio/1"})") == "no list of devices at 0");
    CHECK(refusal(R"({"format":"ucsignin-audio/1","devices":{}})") == "no list of devices at 0");
    CHECK(refusal(std::string{headset} + "trailing") != "accepted");
    CHECK(refusal(R"({"format":"ucsignin-audio/1","devices":[2e82017]})") == "a number out of range at 0");
    CHECK(refusal("{\"format\":\"\xff\"}") == "not JSON at 11");
}

TEST_CASE("every truncation of a listing is refused") {
    const std::string_view whole = headset;
    for (std::size_t size = 0; size < whole.size(); ++size) CHECK(refusal(whole.substr(0, size)) != "accepted");
}

TEST_CASE("devices that are no objects, and keys of the wrong type, are passed over") {
    const auto a = parse_audio_listing(R"({"format":"ucsignin-audio/1","backend":7,"devices":[1,null,"x",[],
        {"name":5,"output":"yes","input":1},{"name":"Real","input":true,"new_key":{}}]})");
    REQUIRE(a);
    REQUIRE(a->devices.size() == 2);
    CHECK(a->devices[0].name == "");
    CHECK_FALSE(a->devices[0].is_output);
    CHECK(a->devices[1].is_input);
    CHECK(a->backend == "");
    CHECK(a->speaker.state == presence::none);
}

TEST_CASE("length is never trusted") {
    CHECK(refusal(std::string(256 * 1024 + 1, '[')) == "the listing is too long at 262144");
    CHECK(refusal(std::string(200 * 1024, '[')) == "not JSON at 32");
    std::string many = R"({"format":"ucsignin-audio/1","devices":[{})";
    for (int i = 0; i < 5000; ++i) many += ",{}";
    const auto a = parse_audio_listing(many + "]}");
    REQUIRE(a);
    CHECK(a->devices.size() == 256);
}

TEST_CASE("presence has the words of the report") {
    CHECK(to_string(presence::found) == "found");
    CHECK(to_string(presence::none) == "none");
    CHECK(to_string(presence::disabled) == "disabled");
    CHECK(to_string(presence::denied) == "denied");
    CHECK(to_string(presence::unknown) == "unknown");
}
