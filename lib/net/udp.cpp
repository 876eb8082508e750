#include "net/udp.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/deadline.hpp"
#include "net/system_error.hpp"

namespace ucsignin::net {
namespace {

using asio::experimental::make_parallel_group;
using asio::experimental::wait_for_one;
using asio::ip::udp;
using boost::system::error_code;

// Who sends without end must not hold us: what answers nothing is read so often and no more.
constexpr int most_strays = 64;
constexpr std::size_t largest = 2048;

struct exchange {
    exchange(asio::any_io_executor executor, endpoint to, datagram_question what)
        : socket(std::move(executor)), operation("ask " + to_string(to) + " over UDP"), question(std::move(what)) {}
    exchange(const exchange&) = delete;
    exchange& operator=(const exchange&) = delete;
    // Also where a cancellation ends it.
    ~exchange() {
        error_code nobody_is_told;
        for (const auto& form : farewell) socket.send(asio::buffer(form), 0, nobody_is_told);
    }
    udp::socket socket;
    std::string operation;
    datagram_question question;
    datagram_outcome outcome;
    std::vector<datagram> farewell;
    std::array<unsigned char, largest> bytes{};
    deadline began = clock::now();
};

bool failed(exchange& in, const error_code& why) {
    if (!why) return false;
    in.outcome.failed = from_system(in.operation, why);
    return true;
}

// Connected: the system then takes datagrams of this peer alone, and tells what ICMP said.
bool open(exchange& in, const endpoint& to) {
    const udp::endpoint peer(to.address, to.port);
    error_code why;
    in.socket.open(peer.protocol(), why);
    if (!why) in.socket.connect(peer, why);
    return !failed(in, why);
}

bool send(exchange& in) {
    for (const auto& form : in.question.forms) {
        error_code why;
        in.socket.send(asio::buffer(form), 0, why);
        if (failed(in, why)) return false;
    }
    ++in.outcome.sends;
    return true;
}

// Until then, or until something ends the exchange: true when it is over.
awaitable<bool> listen(exchange& in, deadline until) {
    while (clock::now() < until) {
        asio::steady_timer timer(in.socket.get_executor(), until);
        auto const first_ends_all = wait_for_one();
        auto const [order, why, count, timer_failure] =
            co_await make_parallel_group(
                in.socket.async_receive(asio::buffer(in.bytes), asio::deferred), timer.async_wait(asio::deferred))
                .async_wait(first_ends_all, asio::use_awaitable);
        end_if_cancelled(co_await asio::this_coro::cancellation_state);
        if (why == asio::error::operation_aborted && !timer_failure) co_return false;
        if (failed(in, why)) co_return true;
        auto const came = std::span<const unsigned char>(in.bytes).first(count);
        if (in.question.is_answer(came)) {
            in.outcome.answer.assign(came.begin(), came.end());
            if (in.outcome.answered_ms == 0)
                in.outcome.answered_ms = std::chrono::duration<double, std::milli>(clock::now() - in.began).count();
            co_return true;
        }
        if (++in.outcome.strays >= most_strays) co_return failed(in, asio::error::message_size);
    }
    co_return false;
}

deadline end_of(const datagram_question& one, deadline of_all) {
    return one.patience ? std::min(of_all, clock::now() + *one.patience) : of_all;
}

// True when the answer is there.
awaitable<bool> ask(exchange& in, deadline until) {
    auto const share = std::chrono::duration_cast<std::chrono::milliseconds>(until - clock::now()) /
                       (in.question.most_sends + 1);
    auto const pause = std::min(in.question.pause, share);
    for (int i = 0; i < in.question.most_sends; ++i) {
        if (!send(in)) co_return false;
        bool const is_last = i + 1 == in.question.most_sends;
        bool const over = co_await listen(in, is_last ? until : std::min(until, clock::now() + pause));
        if (over) co_return !in.outcome.failed;
    }
    in.outcome.failed = timed_out(in.operation);
    co_return false;
}

// True when there is one to ask.
bool go_on(exchange& in) {
    if (!in.question.next) return false;
    auto step = in.question.next(in.outcome.answer);
    in.question.forms = std::move(step.forms);
    in.farewell = std::move(step.farewell);
    return !in.question.forms.empty();
}

}  // namespace

awaitable<datagram_outcome> exchange_datagrams(endpoint to, datagram_question what, deadline until) {
    auto const executor = co_await asio::this_coro::executor;
    exchange one(executor, to, std::move(what));
    if (!open(one, to)) co_return std::move(one.outcome);
    for (bool more = true; more;) {
        auto const end = end_of(one.question, until);
        bool const answered = co_await ask(one, end);
        more = answered && go_on(one);
    }
    co_return std::move(one.outcome);
}

}  // namespace ucsignin::net
