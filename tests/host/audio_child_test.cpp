// The parent's side, with children that misbehave in every way a driver makes them.

#include <catch2/catch.hpp>

#include <stdlib.h>

#include <boost/asio/detached.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <filesystem>
#include <fstream>

#include "probe_run.hpp"

using namespace ucsignin::host;
using namespace ucsignin::host::test;
using namespace std::chrono_literals;

namespace {

constexpr auto generous = 20000ms;
constexpr auto short_time = 200ms;

// A child that is a shell script of the test's.
class script {
public:
    explicit script(const std::string& body) {
        std::string pattern = (std::filesystem::temp_directory_path() / "host_test_XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        std::ofstream{path()} << "#!/bin/sh\n" << body << '\n';
        std::filesystem::permissions(path(), std::filesystem::perms::owner_all);
    }
    script(const script&) = delete;
    script& operator=(const script&) = delete;
    ~script() { std::filesystem::remove_all(folder_); }
    [[nodiscard]] std::string path() const { return (folder_ / "child").string(); }

private:
    std::filesystem::path folder_;
};

constexpr auto listing = R"('{"format":"ucsignin-audio/1","devices":[{"name":"Phones","output":true}]}')";

}  // namespace

TEST_CASE("a child that prints a listing is believed") {
    const script child{std::string{"echo "} + listing};
    const auto run = run_probe(child.path(), generous);
    CHECK(run.result.why_unknown == "");
    CHECK(run.result.speaker.state == presence::found);
    CHECK(run.result.microphone.state == presence::none);
    CHECK(no_child_left());
}

TEST_CASE("the child is called with the probe's argument, without input and without our descriptors") {
    const script child{
        std::string{"[ \"$#:$1\" = 1:__audio-probe ] && ! read x && [ ! -e /proc/self/fd/4 ] && echo "} + listing};
    CHECK(run_probe(child.path(), generous).result.speaker.state == presence::found);
}

TEST_CASE("noise on the child's stderr is discarded") {
    const script child{std::string{"echo 'ALSA lib: no such card' >&2; echo "} + listing + "; echo 'jack: gone' >&2"};
    const auto run = run_probe(child.path(), generous);
    CHECK(run.result.speaker.state == presence::found);
}

TEST_CASE("a listing in pieces is put together") {
    const script child{R"(printf '{"format":"ucsignin-'; printf 'audio/1","dev'; printf 'ices":[]}')"};
    CHECK(run_probe(child.path(), generous).result.speaker.state == presence::none);
}

TEST_CASE("a child that hangs is killed at the deadline and both sides are unknown") {
    const script child{"exec sleep 60"};
    const auto run = run_probe(child.path(), short_time);
    CHECK(run.result.speaker.state == presence::unknown);
    CHECK(run.result.microphone.state == presence::unknown);
    CHECK(run.result.why_unknown == "the audio system did not answer in time");
    CHECK(run.took >= short_time);
    CHECK(run.took < 30s);
    CHECK(no_child_left());
}

TEST_CASE("a child that hangs after its listing, with its output closed, is killed as well") {
    const script child{std::string{"echo "} + listing + "; exec sleep 60 >&-"};
    const auto run = run_probe(child.path(), short_time);
    CHECK(run.result.why_unknown == "the audio system did not answer in time");
    CHECK(no_child_left());
}

TEST_CASE("a helper that outlives the child and holds its output does not hold us") {
    const script child{std::string{"sleep 20 & echo "} + listing};
    const auto run = run_probe(child.path(), short_time);
    CHECK(run.result.why_unknown == "the audio system did not answer in time");
    CHECK(run.took < 15s);
    CHECK(no_child_left());
}

TEST_CASE("a child that crashes is unknown by the name of its signal") {
    const script child{std::string{"echo "} + listing + "; kill -SEGV $$"};
    const auto run = run_probe(child.path(), generous);
    CHECK(run.result.speaker.state == presence::unknown);
    CHECK(run.result.devices.empty());
    CHECK(run.result.why_unknown == "the audio probe crashed: SIGSEGV");
}

TEST_CASE("a child that fails is unknown by its exit code") {
    const script child{"exit 3"};
    CHECK(run_probe(child.path(), generous).result.why_unknown == "the audio probe failed with exit code 3");
}

TEST_CASE("a child that prints garbage is unknown by the offset") {
    const script child{"printf 'Segmentation fault'"};
    const auto run = run_probe(child.path(), generous);
    CHECK(run.result.speaker.state == presence::unknown);
    CHECK(run.result.why_unknown == "the audio probe's listing can't be read: not JSON at byte 0");
}

TEST_CASE("a child that prints nothing is unknown") {
    const script child{"exit 0"};
    CHECK(
        run_probe(child.path(), generous).result.why_unknown ==
        "the audio probe's listing can't be read: not JSON at byte 0");
}

TEST_CASE("a child that never stops printing is cut off") {
    const script child{"exec yes"};
    const auto run = run_probe(child.path(), generous);
    CHECK(run.result.why_unknown == "the audio probe's answer is too long");
    CHECK(no_child_left());
}

TEST_CASE("a program that is not there is said so") {
    CHECK(
        run_probe("/nonexistent/ucsignin", generous).result.why_unknown ==
        "the audio probe can't be started: No such file or directory");
}

TEST_CASE("a deadline that has passed already ends at once") {
    const script child{"exec sleep 60"};
    const auto run = run_probe(child.path(), -1ms);
    CHECK(run.result.speaker.state == presence::unknown);
    CHECK(run.took < 15s);
    CHECK(no_child_left());
}

TEST_CASE("a probe that is abandoned takes its child along") {
    const script child{"exec sleep 60"};
    {
        boost::asio::io_context io;
        boost::asio::co_spawn(
            io, probe_audio(child.path(), ucsignin::host::clock::now() + generous), boost::asio::detached);
        io.poll();
        CHECK_FALSE(no_child_left());
    }
    CHECK(no_child_left());
}

TEST_CASE("a probe that is cancelled takes its child along") {
    const script child{"exec sleep 60"};
    boost::asio::io_context io;
    boost::asio::cancellation_signal stop;
    bool ended = false;
    boost::asio::co_spawn(
        io, probe_audio(child.path(), ucsignin::host::clock::now() + generous),
        boost::asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr, audio a) {
            ended = true;
            CHECK(a.speaker.state == presence::unknown);
        }));
    io.poll();
    stop.emit(boost::asio::cancellation_type::all);
    io.run();
    CHECK(ended);
    CHECK(no_child_left());
}
