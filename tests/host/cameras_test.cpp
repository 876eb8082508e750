#include <catch2/catch.hpp>

#include "host/host.hpp"

using namespace ucsignin::host;
using state = cameras::state;

TEST_CASE("no video node is no camera") {
    CHECK(judge_cameras({}).known == state::none);
    CHECK(judge_cameras({}).why == "");
}

TEST_CASE("a node that captures is a camera, one that doesn't is not") {
    const auto found = judge_cameras(
        {{.name = "Encoder", .opened = true}, {.name = "Webcam C920", .opened = true, .captures = true}});
    CHECK(found.known == state::found);
    CHECK(found.names == std::vector<std::string>{"Webcam C920"});
    CHECK(judge_cameras({{.name = "Encoder", .opened = true}}).known == state::none);
}

TEST_CASE("a camera that this user may not open is hidden, by name and reason") {
    const auto c = judge_cameras({{.name = "Webcam", .denied = true, .error = "Permission denied"}});
    CHECK(c.known == state::hidden);
    CHECK(c.names.empty());
    CHECK(c.why == "Webcam: Permission denied");
}

TEST_CASE("one open camera outweighs a hidden one and a broken one") {
    const auto c = judge_cameras(
        {{.name = "A", .denied = true, .error = "Permission denied"},
         {.name = "B", .error = "No such device"},
         {.name = "C", .opened = true, .captures = true}});
    CHECK(c.known == state::found);
    CHECK(c.names == std::vector<std::string>{"C"});
}

TEST_CASE("a node that fails otherwise is unknown, not none") {
    const auto c = judge_cameras({{.name = "Webcam", .error = "Input/output error"}});
    CHECK(c.known == state::unknown);
    CHECK(c.why == "Webcam: Input/output error");
}

TEST_CASE("this machine's cameras are listed, with a reason unless found or none") {
    const auto c = list_cameras();
    CHECK((c.known == state::found) == !c.names.empty());
    CHECK((c.known == state::hidden || c.known == state::unknown) == !c.why.empty());
}

TEST_CASE("camera states have the words of the report") {
    CHECK(to_string(state::found) == "found");
    CHECK(to_string(state::none) == "none");
    CHECK(to_string(state::hidden) == "hidden");
    CHECK(to_string(state::unknown) == "unknown");
}
