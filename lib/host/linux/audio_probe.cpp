// The child's side of the audio probe: asks RtAudio, prints one JSON document, ends.

#include <RtAudio.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "host/audio_listing.hpp"
#include "host/linux/owned_fd.hpp"

namespace ucsignin::host {

namespace {

using json = nlohmann::json;
constexpr unsigned longest_life = 20;   // seconds, in case the parent is gone

json describe(const RtAudio::DeviceInfo& d) {
    return {{"name", d.name},
            {"output", d.outputChannels > 0},
            {"input", d.inputChannels > 0},
            {"default_output", d.isDefaultOutput},
            {"default_input", d.isDefaultInput}};
}

json list_devices(RtAudio& system) {
    auto devices = json::array();
    const unsigned count = system.getDeviceCount();
    for (unsigned i = 0; i < count; ++i)
        if (const auto d = system.getDeviceInfo(i); d.probed) devices.push_back(describe(d));
    return devices;
}

// The kernel's own nodes: pcmC0D0p plays, pcmC0D0c captures.
bool has_hardware(char direction) {
    std::error_code absent;
    std::filesystem::directory_iterator nodes{"/dev/snd", absent};
    return std::ranges::any_of(begin(nodes), end(nodes), [&](const auto& node) {
        const auto name = node.path().filename().string();
        return name.starts_with("pcm") && name.ends_with(direction);
    });
}

bool any_can(const json& devices, const char* what) {
    return std::ranges::any_of(devices, [&](const json& d) { return d[what].template get<bool>(); });
}

json probe() {
    RtAudio system;   // takes the first of jack, pulse, alsa that lists a device
    auto devices = list_devices(system);
    return {{"format", listing_format},
            {"backend", devices.empty() ? "" : RtAudio::getApiName(system.getCurrentApi())},
            {"unlisted_output", has_hardware('p') && !any_can(devices, "output")},
            {"unlisted_input", has_hardware('c') && !any_can(devices, "input")},
            {"devices", std::move(devices)}};
}

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(fd, text.data(), text.size());
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

int run_audio_probe() {
    ::alarm(longest_life);
    // The audio libraries print where they like: stdout is for the document alone, and no helper that they start keeps it.
    const owned_fd out{::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)};
    if (!out || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) return 2;
    try {
        const auto document = probe().dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
        if (!write_all(out.get(), document)) return 2;
        ::_exit(0);
    } catch (const RtAudioError&) {
        return 3;
    }
}

}  // namespace ucsignin::host
