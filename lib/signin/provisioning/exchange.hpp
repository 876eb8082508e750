#pragma once
// One request of stage 5 that runs beside the others, with its answer or the reason why there is none.

#include <memory>
#include <optional>
#include <string>

#include "net/deadline.hpp"
#include "signin/base/session.hpp"
#include "sip/connection.hpp"

namespace ucsignin::signin::provisioning {

struct exchange {
    exchange(std::string package, net::asio::any_io_executor executor)
        : event(std::move(package)), done(std::move(executor)) {}
    std::string event;  // event package, or what the request is for
    std::optional<sip::reply> reply;
    net::error error;  // when there is no reply
    std::string body;  // of the answer, or of the NOTIFY that came in its place
    net::signal done;
    [[nodiscard]] bool accepted() const { return reply && reply->answer.status >= 200 && reply->answer.status < 300; }
};

// Starts it at once. A 200 without a body waits for the NOTIFY that carries it (protocol 02, section 1.4).
[[nodiscard]] std::shared_ptr<exchange> start(
    context& c, std::shared_ptr<session> s, std::string event, sip::message request);

// sip.event, status, diagnostics, or the error.
void note(trace::scope& span, const session& s, const exchange& e);
[[nodiscard]] std::string in_words(const exchange& e);

}  // namespace ucsignin::signin::provisioning
