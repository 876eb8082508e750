#include "net/error.hpp"

#include <cstring>

namespace ucsignin::net {

std::string_view to_string(fault what) {
    switch (what) {
        case fault::timed_out: return "timed out";
        case fault::refused: return "refused";
        case fault::unreachable: return "unreachable";
        case fault::reset: return "reset";
        case fault::closed: return "closed";
        case fault::cancelled: return "cancelled";
        case fault::protocol: return "protocol error";
        case fault::tls_alert: return "TLS alert";
        case fault::not_found: return "not found";
        case fault::proxy: return "refused by the proxy";
        case fault::other: break;
    }
    return "failed";
}

std::string errno_name(const error& e) {
    const bool by_system = e.what == fault::refused || e.what == fault::unreachable || e.what == fault::reset ||
                           e.what == fault::timed_out || e.what == fault::other;
    const char* name = by_system && e.code != 0 ? strerrorname_np(e.code) : nullptr;
    return name != nullptr ? name : "";
}

}  // namespace ucsignin::net
