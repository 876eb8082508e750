#include "net/system_error.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>

namespace ucsignin::net {
namespace {

fault fault_of(const boost::system::error_code& code) {
    namespace asio_error = boost::asio::error;
    if (code == asio_error::operation_aborted) return fault::cancelled;
    if (code == asio_error::eof) return fault::closed;
    if (code == asio_error::connection_refused) return fault::refused;
    if (code == asio_error::timed_out) return fault::timed_out;
    if (code == asio_error::connection_reset || code == asio_error::connection_aborted ||
        code == asio_error::broken_pipe)
        return fault::reset;
    if (code == asio_error::network_unreachable || code == asio_error::host_unreachable ||
        code == asio_error::network_down)
        return fault::unreachable;
    // The system itself says no: a firewall on this PC (EPERM, EACCES), ICMPv6 "administratively prohibited" (EACCES),
    // a family that is switched off, or ICMP "protocol unreachable".
    namespace errc = boost::system::errc;
    if (code == asio_error::access_denied || code == errc::operation_not_permitted ||
        code == errc::address_not_available || code == asio_error::address_family_not_supported ||
        code == asio_error::no_protocol_option)
        return fault::unreachable;
    return fault::other;
}

}  // namespace

error from_system(std::string_view operation, const boost::system::error_code& code) {
    auto detail = std::string(operation) + ": " + code.message();
    return {fault_of(code), std::move(detail), code.value()};
}

error timed_out(std::string_view operation) {
    return {fault::timed_out, std::string(operation) + ": no answer within the time given", 0};
}

}  // namespace ucsignin::net
