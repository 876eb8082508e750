// The parent's side of the audio probe.

#include "host/audio_listing.hpp"
#include "host/child.hpp"

namespace ucsignin::host {

namespace {

audio unknown(std::string why) {
    audio result;
    result.why_unknown = std::move(why);
    return result;
}

}  // namespace

awaitable<audio> probe_audio(std::string executable, deadline until) {
    child_call call{std::move(executable), std::string{audio_probe_argument},         {},
                    "audio probe",         "the audio system did not answer in time", longest_listing};
    const auto text = co_await run_child(std::move(call), until);
    if (!text) co_return unknown(text.error());
    auto listing = parse_audio_listing(*text);
    if (listing) co_return *std::move(listing);
    co_return unknown(
        "the audio probe's listing can't be read: " + listing.error().what + " at byte " +
        std::to_string(listing.error().offset));
}

}  // namespace ucsignin::host
