// The audio probe's document, read. It comes from a child that may have been confused by a driver: nothing is trusted.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "host/audio_listing.hpp"

#include "trace/json_text.hpp"

namespace ucsignin::host {

namespace {

using json = nlohmann::json;
constexpr std::size_t most_devices = 256;
constexpr std::size_t longest_name = 256;

std::string text_of(const json& object, const char* key) { return trace::text_in(object, key).substr(0, longest_name); }

bool flag_of(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

std::vector<audio_device> devices_of(const json& list) {
    std::vector<audio_device> devices;
    for (const auto& item : list) {
        if (!item.is_object() || devices.size() == most_devices) continue;
        devices.push_back(
            {.name = text_of(item, "name"),
             .is_output = flag_of(item, "output"),
             .is_input = flag_of(item, "input"),
             .is_default_output = flag_of(item, "default_output"),
             .is_default_input = flag_of(item, "default_input")});
    }
    return devices;
}

// A PulseAudio without any device plays into a sink of its own making, which RtAudio takes for a speaker.
void drop_stand_in(std::vector<audio_device>& devices) {
    std::erase_if(
        devices, [](const audio_device& d) { return d.name == "Dummy Output" || d.name == "Monitor of Dummy Output"; });
}

// PulseAudio and PipeWire list the sound of each output as a source, too: a PC with speakers alone has no microphone.
void mark_monitors(std::vector<audio_device>& devices) {
    constexpr std::string_view prefix = "Monitor of ";
    for (auto& d : devices) {
        const std::string_view name{d.name};
        if (!d.is_input || d.is_output || !name.starts_with(prefix)) continue;
        d.is_monitor = std::ranges::any_of(
            devices, [&](const auto& other) { return other.is_output && other.name == name.substr(prefix.size()); });
        if (d.is_monitor) d.is_input = d.is_default_input = false;
    }
}

// One side, from the devices; `hardware_there`: the kernel has such a device, though the audio system listed none.
audio_side judge_side(
    const std::vector<audio_device>& devices, bool audio_device::* can, bool audio_device::* is_default,
    bool hardware_there) {
    audio_side side{.state = hardware_there ? presence::unknown : presence::none};
    for (const auto& d : devices) {
        if (!(d.*can)) continue;
        side.state = presence::found;
        if (d.*is_default) side.default_device = d.name;
    }
    return side;
}

// The audio system's word on its default counts for more than RtAudio's, which knows none among devices of one name.
void add_default(audio_side& side, const json& told) {
    if (const auto name = text_of(told, "default"); !name.empty()) {
        side.default_device = name;
        side.state = presence::found;
    }
    if (side.state == presence::found) return;
    const auto blocked = text_of(told, "blocked");
    if (blocked == "denied") side.state = presence::denied;
    else if (blocked == "disabled") side.state = presence::disabled;
}

// Volume and mute are optional: what the audio system didn't tell stays unknown.
void add_level(audio_side& side, const json& document, const char* key) {
    const auto found = document.find(key);
    if (found == document.end() || !found->is_object()) return;
    add_default(side, *found);
    side.unplugged = flag_of(*found, "unplugged");
    if (const auto volume = found->find("volume_percent"); volume != found->end() && volume->is_number_integer())
        if (const auto value = volume->get<long long>(); value >= 0 && value <= 1000)
            side.volume_percent = static_cast<int>(value);
    if (const auto muted = found->find("muted"); muted != found->end() && muted->is_boolean())
        side.muted = muted->get<bool>();
}

audio from_document(const json& document) {
    audio result;
    result.backend = text_of(document, "backend");
    result.devices = devices_of(document["devices"]);
    drop_stand_in(result.devices);
    mark_monitors(result.devices);
    result.speaker = judge_side(
        result.devices, &audio_device::is_output, &audio_device::is_default_output,
        flag_of(document, "unlisted_output"));
    result.microphone = judge_side(
        result.devices, &audio_device::is_input, &audio_device::is_default_input, flag_of(document, "unlisted_input"));
    add_level(result.speaker, document, "speaker");
    add_level(result.microphone, document, "microphone");
    if (result.speaker.state == presence::unknown || result.microphone.state == presence::unknown)
        result.why_unknown = "there is sound hardware, but no audio system that this user can reach lists it";
    return result;
}

}  // namespace

loudness judge_loudness(const audio_side& side) {
    if (side.muted == true) return loudness::muted;
    if (side.volume_percent == 0) return loudness::at_zero;
    return side.volume_percent || side.muted ? loudness::audible : loudness::unknown;
}

std::expected<audio, listing_error> parse_audio_listing(std::string_view text) {
    if (text.size() > longest_listing)
        return std::unexpected(listing_error{longest_listing, "the listing is too long"});
    const auto document = trace::parse_json(text);
    if (!document) {
        const bool number = document.error().what == trace::json_fault::kind::number;
        return std::unexpected(listing_error{document.error().offset, number ? "a number out of range" : "not JSON"});
    }
    if (!document->is_object() || text_of(*document, "format") != listing_format)
        return std::unexpected(listing_error{0, "not a listing of audio devices"});
    const auto devices = document->find("devices");
    if (devices == document->end() || !devices->is_array())
        return std::unexpected(listing_error{0, "no list of devices"});
    return from_document(*document);
}

}  // namespace ucsignin::host
