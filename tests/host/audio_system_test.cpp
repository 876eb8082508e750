// The child's side, with whatever audio system this machine has, and with a real PulseAudio of the test's own.

#include <catch2/catch.hpp>

#include <signal.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "probe_run.hpp"

using namespace ucsignin::host;
using namespace ucsignin::host::test;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;
constexpr auto program = "/usr/bin/pulseaudio";

// A PulseAudio with null sinks in folders of its own; the environment leads to it while it lives.
class pulse_server {
public:
    explicit pulse_server(const std::string& modules) {
        std::string pattern = (fs::temp_directory_path() / "host_pulse_XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        for (const char* name : {"HOME", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH"}) ::setenv(name, folder_.c_str(), 1);
        started_ = std::system((std::string{program} + " -n --daemonize=yes --exit-idle-time=-1 --use-pid-file=yes "
                                "-L module-native-protocol-unix " + modules + " >/dev/null 2>&1").c_str()) == 0;
        std::ifstream{folder_ / "pid"} >> pid_;
    }
    pulse_server(const pulse_server&) = delete;
    pulse_server& operator=(const pulse_server&) = delete;
    ~pulse_server() {
        if (pid_ > 0) ::kill(pid_, SIGTERM);
        std::error_code busy;
        fs::remove_all(folder_, busy);
    }
    [[nodiscard]] bool started() const { return started_ && pid_ > 0; }

private:
    fs::path folder_;
    bool started_ = false;
    pid_t pid_ = 0;
};

}  // namespace

TEST_CASE("the probe of this machine ends in a listing") {
    const auto run = run_probe(HOST_PROBE, 30000ms);
    INFO(run.result.why_unknown);
    const bool unknown = run.result.speaker.state == presence::unknown || run.result.microphone.state == presence::unknown;
    CHECK(unknown == !run.result.why_unknown.empty());
    CHECK(run.result.why_unknown.find("can't be read") == std::string::npos);
    CHECK(run.result.why_unknown.find("crashed") == std::string::npos);
    if (run.result.speaker.state == presence::none) CHECK(run.result.speaker.default_device == "");
}

TEST_CASE("null sinks of a real PulseAudio are found as speakers and microphone") {
    if (!fs::exists(program)) {
        WARN("skipped: " << program << " is not installed");
        return;
    }
    const pulse_server server{R"(-L "module-null-sink sink_name=speakers" -L "module-null-sink sink_name=headset" )"
                              R"(-L "module-remap-source source_name=mic master=headset.monitor")"};
    REQUIRE(server.started());
    const auto a = run_probe(HOST_PROBE, 30000ms).result;
    CHECK(a.why_unknown == "");
    CHECK(a.backend == "pulse");
    CHECK(a.speaker.state == presence::found);
    CHECK(a.microphone.state == presence::found);
    CHECK(std::ranges::count_if(a.devices, &audio_device::is_output) == 2);
}
