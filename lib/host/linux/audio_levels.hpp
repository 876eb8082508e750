#pragma once
// Default devices, their volume and mute: what RtAudio can't tell, from PulseAudio (PipeWire, too) or ALSA's mixer.
// Called in the audio probe's child process only: both libraries may block for ever.

#include <optional>
#include <string>

namespace ucsignin::host {

struct level {
    std::string device;                 // the default device; empty: there is none
    std::optional<int> volume_percent;  // 100: the device's normal level
    std::optional<bool> muted;
    bool unplugged = false;     // the jack of the default device is empty
    bool switched_off = false;  // there is a device, but its profile is off
};

struct levels {
    level speaker, microphone;
    bool denied = false;  // the audio system refuses this program
};

// Nothing when no PulseAudio answers. None is started for it.
[[nodiscard]] std::optional<levels> levels_by_pulse();
// From the mixer of ALSA's default card; devices are left without a name.
[[nodiscard]] levels levels_by_alsa();

}  // namespace ucsignin::host
