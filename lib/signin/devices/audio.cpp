// Audio libraries hang and crash: what the child process found out comes here as a value, or nothing in time.
#include "signin/devices/audio.hpp"

#include "signin/base/decision.hpp"
#include "signin/devices/choices.hpp"

namespace ucsignin::signin::devices {
namespace {

void trace_side(trace::scope span, const host::audio& heard, side which) {
    for (const auto& device : heard.devices)
        if (which == side::speaker ? device.is_output : device.is_input) span.note(ev::audio_device, device.name);
    const auto& one = of(heard, which);
    if (!one.default_device.empty()) span.note(ev::audio_default, one.default_device);
    tell(span, choose_default(heard, which));
    finish(span, judge_side(heard, which));
}

void trace_level(context& c, chart::node_ref node, const host::audio& heard, side which) {
    const auto level = judge_level(heard, which);
    if (!level)
        return c.trace.not_run(node, trace::not_run_reason::not_applicable, "there is no device that could be set");
    const auto& one = of(heard, which);
    auto span = c.trace.open(node);
    if (!one.default_device.empty()) span.note(ev::audio_default, one.default_device);
    if (one.volume_percent) span.note(ev::audio_volume, std::int64_t{*one.volume_percent});
    if (one.muted) span.note(ev::audio_muted, *one.muted);
    finish(span, *level);
}

void trace_defaults(context& c, const host::audio& heard) {
    const auto both = judge_defaults(heard);
    if (!both)
        return c.trace.not_run(
            "devices.audio_defaults", trace::not_run_reason::not_reached, "the audio system did not say");
    auto span = c.trace.open<"devices.audio_defaults">();
    tell(span, choose_defaults(heard));
    finish(span, *both);
}

}  // namespace

net::awaitable<void> trace_audio(context& c) {
    auto speaker = c.trace.open<"devices.speaker">();
    auto microphone = c.trace.open<"devices.microphone">();
    const auto heard = co_await c.environment.host->probe_audio(c.until.devices());
    trace_side(std::move(speaker), heard, side::speaker);
    trace_level(c, "devices.speaker_volume", heard, side::speaker);
    trace_side(std::move(microphone), heard, side::microphone);
    trace_level(c, "devices.microphone_volume", heard, side::microphone);
    trace_defaults(c, heard);
}

}  // namespace ucsignin::signin::devices
