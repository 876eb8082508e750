#pragma once
// Ends a coroutine at its N-th operation, as an interrupt does.

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "../net/failing_stream.hpp"
#include "../net/run.hpp"
#include "net/task_group.hpp"

namespace ucsignin::signin::testing {

// Ends `work` at the N-th operation of `by`, which notes from then on what is done all the same. False when it did not
// end by itself within a second.
inline bool cancelled_at(
    net::asio::io_context& io, const std::shared_ptr<net::test::harm>& by, std::size_t nth, net::awaitable<void> work) {
    net::asio::cancellation_signal stop;
    bool ended = false;
    by->kind = net::test::harm_kind::call_out;
    by->nth = nth;
    by->called = [&] {
        net::asio::post(io, [&] {
            by->noting = true;
            stop.emit(net::asio::cancellation_type::all);
        });
    };
    net::asio::co_spawn(
        io, std::move(work), net::asio::bind_cancellation_slot(stop.slot(), [&](const std::exception_ptr& thrown) {
            ended = true;
            io.stop();
            net::rethrow_bug(thrown);
        }));
    io.restart();
    io.run_for(std::chrono::seconds(1));
    by->called = [] {};
    return ended;
}

}  // namespace ucsignin::signin::testing
