#include "net/system_error.hpp"

#include <boost/asio/error.hpp>

namespace ucsignin::net {
namespace {

fault fault_of(const boost::system::error_code& code) {
    namespace asio_error = boost::asio::error;
    if (code == asio_error::operation_aborted) return fault::cancelled;
    if (code == asio_error::eof) return fault::closed;
    if (code == asio_error::connection_refused) return fault::refused;
    if (code == asio_error::timed_out) return fault::timed_out;
    if (code == asio_error::connection_reset || code == asio_error::connection_aborted || code == asio_error::broken_pipe) return fault::reset;
    if (code == asio_error::network_unreachable || code == asio_error::host_unreachable || code == asio_error::network_down)
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
