#include "net/error.hpp"

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

}  // namespace ucsignin::net
