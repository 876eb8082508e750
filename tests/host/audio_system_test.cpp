// The child's side, with whatever audio system this machine has, and with a real PulseAudio of the test's own.

#include <catch2/catch.hpp>

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

extern "C" {  // glibc 2.36 forgot it in this header
#include <sys/pidfd.h>
}

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

#include "probe_run.hpp"

using namespace ucsignin::host;
using namespace ucsignin::host::test;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;
constexpr auto program = "/usr/bin/pulseaudio";

// Puts the variables back as they were.
class kept_variable {
public:
    explicit kept_variable(const char* name) : name_(name) {
        if (const char* value = ::getenv(name)) before_ = value;
    }
    kept_variable(const kept_variable&) = delete;
    kept_variable& operator=(const kept_variable&) = delete;
    ~kept_variable() {
        if (before_) ::setenv(name_, before_->c_str(), 1);
        else ::unsetenv(name_);
    }

private:
    const char* name_;
    std::optional<std::string> before_;
};

// A PulseAudio with null sinks in folders of its own; the environment leads to it while it lives.
class pulse_server {
public:
    explicit pulse_server(const std::string& modules) {
        std::string pattern = (fs::temp_directory_path() / "host_pulse_XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        for (const char* name : {"HOME", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH"}) ::setenv(name, folder_.c_str(), 1);
        started_ = std::system((std::string{program} +
                                " -n --daemonize=yes --exit-idle-time=-1 --use-pid-file=yes "
                                "-L module-native-protocol-unix " +
                                modules + " >/dev/null 2>&1")
                                   .c_str()) == 0;
        std::ifstream{folder_ / "pid"} >> pid_;
    }
    pulse_server(const pulse_server&) = delete;
    pulse_server& operator=(const pulse_server&) = delete;
    ~pulse_server() {
        stop();
        std::error_code busy;
        fs::remove_all(folder_, busy);
    }
    [[nodiscard]] bool started() const { return started_ && pid_ > 0; }

private:
    // It writes into its folders until it has ended.
    void stop() const {
        if (pid_ <= 0) return;
        pollfd ended{.fd = ::pidfd_open(pid_, 0), .events = POLLIN, .revents = 0};
        ::kill(pid_, SIGTERM);
        ::poll(&ended, 1, 5000);
        ::close(ended.fd);
    }

    kept_variable home_{"HOME"}, runtime_{"XDG_RUNTIME_DIR"}, pulse_{"PULSE_RUNTIME_PATH"};
    fs::path folder_;
    bool started_ = false;
    pid_t pid_ = 0;
};

std::string null_sink(const std::string& name) {
    return "-L \"module-null-sink sink_name=" + name + " sink_properties=device.description=" + name + "\" ";
}

bool installed() {
    if (fs::exists(program)) return true;
    WARN("skipped: " << program << " is not installed");
    return false;
}

}  // namespace

TEST_CASE("the probe of this machine ends in a listing") {
    const auto run = run_probe(HOST_PROBE, 30000ms);
    INFO(run.result.why_unknown);
    const bool unknown = run.result.speaker.state == presence::unknown ||
                         run.result.microphone.state == presence::unknown;
    CHECK(unknown == !run.result.why_unknown.empty());
    CHECK(run.result.why_unknown.find("can't be read") == std::string::npos);
    CHECK(run.result.why_unknown.find("crashed") == std::string::npos);
    if (run.result.speaker.state == presence::none) CHECK(run.result.speaker.default_device == "");
}

TEST_CASE("speakers and a microphone of a real PulseAudio are found with their defaults") {
    if (!installed()) return;
    const pulse_server server{
        null_sink("speakers") + null_sink("headset") +
        R"(-L "module-remap-source source_name=mic master=headset.monitor )"
        R"(source_properties=device.description=mic" )"};
    REQUIRE(server.started());
    const auto a = run_probe(HOST_PROBE, 30000ms).result;
    CHECK(a.why_unknown == "");
    CHECK(a.backend == "pulse");
    CHECK(a.speaker.state == presence::found);
    CHECK(a.speaker.default_device == "speakers");
    CHECK(a.microphone.state == presence::found);
    CHECK(a.microphone.default_device == "mic");
    CHECK(std::ranges::count_if(a.devices, &audio_device::is_output) == 2);
    CHECK(std::ranges::count_if(a.devices, &audio_device::is_input) == 1);
}

TEST_CASE("a real PulseAudio with speakers alone has no microphone") {
    if (!installed()) return;
    const pulse_server server{null_sink("speakers")};
    REQUIRE(server.started());
    const auto a = run_probe(HOST_PROBE, 30000ms).result;
    CHECK(a.speaker.state == presence::found);
    CHECK(a.microphone.state == presence::none);
}
