// The words for the enumerations, as they stand in reports.

#include "host/host.hpp"

namespace ucsignin::host {

std::string_view to_string(presence state) {
    switch (state) {
        case presence::found: return "found";
        case presence::none: return "none";
        case presence::disabled: return "disabled";
        case presence::denied: return "denied";
        case presence::unknown: break;
    }
    return "unknown";
}

std::string_view to_string(loudness level) {
    switch (level) {
        case loudness::audible: return "audible";
        case loudness::muted: return "muted";
        case loudness::at_zero: return "at_zero";
        case loudness::unknown: break;
    }
    return "unknown";
}

std::string_view to_string(cameras::state state) {
    switch (state) {
        case cameras::state::found: return "found";
        case cameras::state::none: return "none";
        case cameras::state::hidden: return "hidden";
        case cameras::state::unknown: break;
    }
    return "unknown";
}

}  // namespace ucsignin::host
