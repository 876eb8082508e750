#pragma once
// One row of the table of requests on its way: asked, asked again where the row says so, listened for, looked for,
// read.

#include <memory>

#include "net/deadline.hpp"
#include "signin/provisioning/tables.hpp"
#include "signin/base/session.hpp"

namespace ucsignin::signin::provisioning {

// What the driver shares with the exchanges that run beside it, and may outlive it.
struct board {
    board(net::asio::any_io_executor executor, std::size_t count) : all(count), changed(std::move(executor)) {}
    answers all;
    net::signal changed;
};

// Starts it at once. A 200 to a SUBSCRIBE without a body waits for the NOTIFY that carries it (protocol 02,
// section 1.4).
void start(
    context& c, std::shared_ptr<session> s, const endpoint& me, std::shared_ptr<board> on, const request_row& row);

}  // namespace ucsignin::signin::provisioning
