#include <string_view>

#include "host/host.hpp"
#include "host/pac.hpp"
#include "ucsignin/host.hpp"

namespace ucsignin::host {

helper helper_of(int argc, const char* const* argv) {
    const std::string_view word = argc == 2 ? argv[1] : "";
    if (word == audio_probe_argument) return run_audio_probe;
    if (word == pac_probe_argument) return run_pac_probe;
    return nullptr;
}

}  // namespace ucsignin::host
