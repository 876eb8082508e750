#pragma once
// What the audio probe and its parent agree on. One JSON object:
//   format, backend, devices[] {name, output, input, default_output, default_input};
//   unlisted_output, unlisted_input: the kernel has sound hardware that the audio system doesn't list;
//   speaker, microphone {default, volume_percent, muted, unplugged, blocked}: where the audio system tells;
//   blocked: "disabled" or "denied", when devices exist that this program can't use.

#include "host/host.hpp"

namespace ucsignin::host {

inline constexpr std::string_view listing_format = "ucsignin-audio/1";
inline constexpr std::size_t longest_listing = 256 * 1024;  // bytes

}  // namespace ucsignin::host
