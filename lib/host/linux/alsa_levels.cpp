// The mixer of ALSA's default card: the element that stands for the whole of it, or the first that has a volume.

#include <alsa/asoundlib.h>

#include <array>
#include <memory>
#include <string_view>

#include "host/linux/audio_levels.hpp"

namespace ucsignin::host {

namespace {

struct closing {
    void operator()(snd_mixer_t* mixer) const { snd_mixer_close(mixer); }
};
using mixer_ptr = std::unique_ptr<snd_mixer_t, closing>;

mixer_ptr open_default() {
    snd_mixer_t* raw = nullptr;
    if (snd_mixer_open(&raw, 0) < 0) return nullptr;
    mixer_ptr mixer{raw};
    if (snd_mixer_attach(raw, "default") < 0 || snd_mixer_selem_register(raw, nullptr, nullptr) < 0 ||
        snd_mixer_load(raw) < 0)
        return nullptr;
    return mixer;
}

// One direction of a mixer's element.
struct direction {
    int (*has_volume)(snd_mixer_elem_t*);
    int (*has_switch)(snd_mixer_elem_t*);
    int (*range)(snd_mixer_elem_t*, long*, long*);
    int (*volume)(snd_mixer_elem_t*, snd_mixer_selem_channel_id_t, long*);
    int (*on)(snd_mixer_elem_t*, snd_mixer_selem_channel_id_t, int*);
    std::array<std::string_view, 4> names;  // the usual ones, best first
};

constexpr direction playback{snd_mixer_selem_has_playback_volume,       snd_mixer_selem_has_playback_switch,
                             snd_mixer_selem_get_playback_volume_range, snd_mixer_selem_get_playback_volume,
                             snd_mixer_selem_get_playback_switch,       {"Master", "Speaker", "PCM", "Headphone"}};
constexpr direction capture{snd_mixer_selem_has_capture_volume,       snd_mixer_selem_has_capture_switch,
                            snd_mixer_selem_get_capture_volume_range, snd_mixer_selem_get_capture_volume,
                            snd_mixer_selem_get_capture_switch,       {"Capture", "Mic", "Internal Mic", "Digital"}};

snd_mixer_elem_t* choose(snd_mixer_t* mixer, const direction& d) {
    snd_mixer_elem_t* chosen = nullptr;
    std::size_t best = d.names.size() + 1;
    for (auto* e = snd_mixer_first_elem(mixer); e != nullptr; e = snd_mixer_elem_next(e)) {
        if (d.has_volume(e) == 0) continue;
        std::size_t rank = 0;
        while (rank < d.names.size() && d.names[rank] != snd_mixer_selem_get_name(e)) ++rank;
        if (rank < best) chosen = e, best = rank;
    }
    return chosen;
}

level read(snd_mixer_t* mixer, const direction& d) {
    level result;
    auto* element = choose(mixer, d);
    if (element == nullptr) return result;
    long low = 0, high = 0, now = 0;
    if (d.range(element, &low, &high) == 0 && high > low && d.volume(element, SND_MIXER_SCHN_MONO, &now) == 0)
        result.volume_percent = static_cast<int>(100 * (now - low) / (high - low));
    int on = 1;
    if (d.has_switch(element) != 0 && d.on(element, SND_MIXER_SCHN_MONO, &on) == 0) result.muted = on == 0;
    return result;
}

}  // namespace

levels levels_by_alsa() {
    const auto mixer = open_default();
    return mixer ? levels{read(mixer.get(), playback), read(mixer.get(), capture)} : levels{};
}

}  // namespace ucsignin::host
