// The child's side of the audio probe: asks RtAudio for devices and the audio system for levels, prints one JSON
// document, ends.

#include <RtAudio.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "host/audio_listing.hpp"
#include "host/linux/audio_levels.hpp"
#include "host/linux/owned_fd.hpp"

namespace ucsignin::host {

namespace {

using json = nlohmann::json;
constexpr unsigned longest_life = 20;  // seconds, in case the parent is gone

json describe(const RtAudio::DeviceInfo& d) {
    return {
        {"name", d.name},
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
std::vector<std::string> hardware_nodes(char direction) {
    std::error_code absent;
    std::vector<std::string> found;
    for (const auto& node : std::filesystem::directory_iterator{"/dev/snd", absent}) {
        const auto name = node.path().filename().string();
        if (name.starts_with("pcm") && name.ends_with(direction)) found.push_back(node.path().string());
    }
    return found;
}

// All of them are there, and none may be opened by this user.
bool kept_from_us(const std::vector<std::string>& nodes) {
    return !nodes.empty() && std::ranges::all_of(nodes, [](const std::string& node) {
        return ::access(node.c_str(), R_OK | W_OK) != 0 && (errno == EACCES || errno == EPERM);
    });
}

bool any_can(const json& devices, const char* what) {
    return std::ranges::any_of(devices, [&](const json& d) { return d[what].template get<bool>(); });
}

json describe(const level& l, bool denied) {
    json result = {{"unplugged", l.unplugged}};
    if (!l.device.empty()) result["default"] = l.device;
    if (l.volume_percent) result["volume_percent"] = *l.volume_percent;
    if (l.muted) result["muted"] = *l.muted;
    if (denied) result["blocked"] = "denied";
    else if (l.switched_off) result["blocked"] = "disabled";
    return result;
}

json probe() {
    RtAudio system;  // takes the first of jack, pulse, alsa that lists a device
    auto devices = list_devices(system);
    const std::string backend = devices.empty() ? "" : RtAudio::getApiName(system.getCurrentApi());
    const auto by_pulse = levels_by_pulse();
    const auto heard = by_pulse ? *by_pulse : levels_by_alsa();
    const auto outputs = hardware_nodes('p'), inputs = hardware_nodes('c');
    const bool output_listed = any_can(devices, "output"), input_listed = any_can(devices, "input");
    return {
        {"format", listing_format},
        {"backend", by_pulse && !by_pulse->denied ? "pulse" : backend},
        {"unlisted_output", !outputs.empty() && !output_listed},
        {"unlisted_input", !inputs.empty() && !input_listed},
        {"speaker", describe(heard.speaker, heard.denied || (!output_listed && kept_from_us(outputs)))},
        {"microphone", describe(heard.microphone, heard.denied || (!input_listed && kept_from_us(inputs)))},
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
    // The audio libraries print where they like: stdout is for the document alone, and no helper that they start keeps
    // it.
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
