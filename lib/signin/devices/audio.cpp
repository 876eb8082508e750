#include "signin/devices/audio.hpp"

namespace ucsignin::signin::devices {
namespace {

using host::presence;
using trace::outcome;

void trace_side(trace::scope span, const host::audio& heard, const host::audio_side& side, bool output) {
    for (const auto& device : heard.devices)
        if (output ? device.is_output : device.is_input) span.note(ev::audio_device, device.name);
    if (!side.default_device.empty()) span.note(ev::audio_default, side.default_device);
    // Speakers can be disabled, microphones denied; what the platform calls the other way round counts as the same.
    const std::string_view blocked = output ? "disabled" : "denied";
    switch (side.state) {
        case presence::found: span.finish("found", outcome::ok, side.default_device.empty() ? "found" : side.default_device); break;
        case presence::none: span.finish("none", outcome::ok, "none found"); break;
        case presence::disabled:
        case presence::denied: span.finish(blocked, outcome::warning, std::string(host::to_string(side.state))); break;
        case presence::unknown: span.finish("unknown", outcome::unknown, heard.why_unknown); break;
    }
}

void trace_defaults(context& c, const host::audio& heard) {
    auto span = c.trace.open("devices.audio_defaults");
    const bool speaker = heard.speaker.state == presence::found, microphone = heard.microphone.state == presence::found;
    if (heard.speaker.state == presence::unknown && heard.microphone.state == presence::unknown)
        span.not_run(trace::not_run_reason::not_reached, "the audio system did not say");
    else if (speaker && microphone) span.finish("set", outcome::ok, heard.speaker.default_device + " and " + heard.microphone.default_device);
    else if (speaker || microphone) span.finish("partly", outcome::warning, speaker ? "no microphone" : "no speaker");
    else span.finish("none", outcome::ok, "no audio device: calls from this PC are not possible");
}

}  // namespace

net::awaitable<void> trace_audio(context& c) {
    auto speaker = c.trace.open("devices.speaker");
    auto microphone = c.trace.open("devices.microphone");
    const auto heard = co_await host::probe_audio(host::own_executable(), c.until.devices());
    trace_side(std::move(speaker), heard, heard.speaker, true);
    trace_side(std::move(microphone), heard, heard.microphone, false);
    trace_defaults(c, heard);
}

}  // namespace ucsignin::signin::devices
