// PulseAudio's own account of its defaults, by a main loop that turns only while it is asked.

#include <pulse/pulseaudio.h>

#include <cmath>
#include <memory>
#include <string_view>

#include "host/linux/audio_levels.hpp"

namespace ucsignin::host {

namespace {

template <auto Free>
struct release {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using mainloop_ptr = std::unique_ptr<pa_mainloop, release<pa_mainloop_free>>;
using context_ptr = std::unique_ptr<pa_context, release<pa_context_unref>>;

// A server without any device plays into a sink of this name, which nobody hears.
constexpr std::string_view stand_in = "auto_null";

class pulse_client {
public:
    pulse_client() : loop_(pa_mainloop_new()), context_(pa_context_new(pa_mainloop_get_api(loop_.get()), "ucsignin")) {}
    pulse_client(const pulse_client&) = delete;
    pulse_client& operator=(const pulse_client&) = delete;
    ~pulse_client() { pa_context_disconnect(context_.get()); }

    bool connect() {
        if (pa_context_connect(context_.get(), nullptr, PA_CONTEXT_NOAUTOSPAWN, nullptr) < 0) return false;
        for (;;) {
            const auto state = pa_context_get_state(context_.get());
            if (state == PA_CONTEXT_READY) return true;
            if (!PA_CONTEXT_IS_GOOD(state) || pa_mainloop_iterate(loop_.get(), 1, nullptr) < 0) return false;
        }
    }
    [[nodiscard]] bool denied() const { return pa_context_errno(context_.get()) == PA_ERR_ACCESS; }
    [[nodiscard]] pa_context* context() const { return context_.get(); }

    void finish(pa_operation* operation) {
        if (operation == nullptr) return;
        while (pa_operation_get_state(operation) == PA_OPERATION_RUNNING)
            if (pa_mainloop_iterate(loop_.get(), 1, nullptr) < 0) break;
        pa_operation_unref(operation);
    }

private:
    mainloop_ptr loop_;
    context_ptr context_;
};

std::string text(const char* from) { return from != nullptr ? from : ""; }

struct defaults {
    std::string sink, source;
};

void take_server(pa_context*, const pa_server_info* info, void* into) {
    if (info == nullptr) return;
    auto& names = *static_cast<defaults*>(into);
    names = {text(info->default_sink_name), text(info->default_source_name)};
}

// Sinks and sources are alike but in type.
template <class Info>
void take_device(const Info& info, level& into) {
    into.device = text(info.description);
    into.volume_percent = static_cast<int>(std::lround(100.0 * pa_cvolume_avg(&info.volume) / PA_VOLUME_NORM));
    into.muted = info.mute != 0;
    into.unplugged = info.active_port != nullptr && info.active_port->available == PA_PORT_AVAILABLE_NO;
}

void take_sink(pa_context*, const pa_sink_info* info, int end, void* into) {
    if (end == 0 && info != nullptr) take_device(*info, *static_cast<level*>(into));
}

// What a sink plays is a source, too, but no microphone.
void take_source(pa_context*, const pa_source_info* info, int end, void* into) {
    if (end == 0 && info != nullptr && info->monitor_of_sink == PA_INVALID_INDEX)
        take_device(*info, *static_cast<level*>(into));
}

// A card whose profile is off has neither sinks nor sources, though it could.
void take_card(pa_context*, const pa_card_info* card, int end, void* into) {
    if (end != 0 || card == nullptr || card->active_profile2 == nullptr) return;
    const auto& active = *card->active_profile2;
    auto& all = *static_cast<levels*>(into);
    for (std::uint32_t i = 0; i < card->n_profiles; ++i) {
        const auto& possible = *card->profiles2[i];
        all.speaker.switched_off |= active.n_sinks == 0 && possible.n_sinks > 0;
        all.microphone.switched_off |= active.n_sources == 0 && possible.n_sources > 0;
    }
}

}  // namespace

std::optional<levels> levels_by_pulse() {
    pulse_client client;
    levels result;
    if (!client.connect()) {
        if (!client.denied()) return std::nullopt;
        result.denied = true;
        return result;
    }
    defaults names;
    client.finish(pa_context_get_server_info(client.context(), take_server, &names));
    if (!names.sink.empty() && names.sink != stand_in)
        client.finish(
            pa_context_get_sink_info_by_name(client.context(), names.sink.c_str(), take_sink, &result.speaker));
    if (!names.source.empty())
        client.finish(pa_context_get_source_info_by_name(
            client.context(), names.source.c_str(), take_source, &result.microphone));
    client.finish(pa_context_get_card_info_list(client.context(), take_card, &result));
    // A second card that is off takes nothing from a default that is there.
    result.speaker.switched_off &= result.speaker.device.empty();
    result.microphone.switched_off &= result.microphone.device.empty();
    return result;
}

}  // namespace ucsignin::host
