#pragma once
// A connection and the far end of its stream, for tests.

#include <catch2/catch.hpp>

#include "../net/run.hpp"
#include "net/deadline.hpp"
#include "net/memory_stream.hpp"
#include "sip/connection.hpp"

namespace ucsignin::sip::testing {

using net::test::in_ms;
using verdict = protector::verdict;

// Marks what it signs with a number; takes `Authentication-Info: good` for a signature.
class marker final : public protector {
public:
    std::expected<void, std::string> sign(message& outgoing) override {
        if (out_of_signatures) return std::unexpected("the association ran out");
        outgoing.add("Authorization", "mark " + std::to_string(++count_));
        return {};
    }
    bool out_of_signatures = false;
    verdict check(const message& incoming) override {
        const auto info = incoming.header("Authentication-Info");
        if (!info) return verdict::missing;
        return *info == "good" ? verdict::valid : verdict::invalid;
    }

private:
    int count_ = 0;
};

inline message request_of(const std::string& method, int cseq, const std::string& call_id = "call") {
    message m;
    m.method = method;
    m.request_uri = "sip:contoso.example";
    m.add("From", "<sip:alice@contoso.example>;tag=1").add("To", "<sip:alice@contoso.example>").add("Call-ID", call_id);
    m.add("CSeq", std::to_string(cseq) + " " + method);
    return m;
}

inline message answer_of(const message& to, int status, const std::string& info = {}) {
    message m;
    m.status = status;
    m.reason = "Reason";
    m.add("Call-ID", *to.header("Call-ID")).add("CSeq", *to.header("CSeq"));
    if (!info.empty()) m.add("Authentication-Info", info);
    return m;
}

// A server that asks one thing after another and reads nothing: what is written to it waits until its deadline.
class unread_stream final : public net::stream {
public:
    net::awaitable<net::result<std::size_t>> read_some(std::span<char> into, net::deadline until) override {
        if (!asks || closed_) {
            co_await net::pass_time(std::min(until, in_ms(closed_ ? 0 : 1000)));
            co_return std::unexpected(
                net::error{closed_ ? net::fault::closed : net::fault::timed_out, "nothing comes", 0});
        }
        co_await net::pass_time(net::clock::now());
        ++asked;
        co_return request_of("OPTIONS", asked).serialize().copy(into.data(), into.size());
    }
    net::awaitable<net::result<void>> write(std::string_view, net::deadline until) override {
        while (!closed_ && net::clock::now() < until) co_await net::pass_time(std::min(until, in_ms(5)));
        co_return std::unexpected(net::error{net::fault::timed_out, "nobody takes it", 0});
    }
    void close(bool) override { closed_ = true; }
    std::string local_address() const override { return "192.0.2.1:5061"; }
    std::string peer_address() const override { return "192.0.2.2:5061"; }
    bool asks = true;
    int asked = 0;

private:
    bool closed_ = false;
};

// The far end: reads and writes messages.
struct peer {
    net::stream_ptr stream;
    framer incoming;

    net::awaitable<message> next() {
        char bytes[1024];
        for (;;) {
            auto cut = incoming.next();
            REQUIRE(cut);
            if (*cut) co_return std::move(**cut);
            const auto got = co_await stream->read_some(bytes, in_ms(2000));
            REQUIRE(got);
            incoming.feed({bytes, *got});
        }
    }
    net::awaitable<void> send(message what) {
        const auto wire = what.serialize();
        const auto written = co_await stream->write(wire, in_ms(2000));  // g++ 12: never await inside a macro of Catch
        REQUIRE(written);
    }
};

// Answers one request, if it comes.
inline net::awaitable<void> answer_first(peer& at) {
    char bytes[1024];
    const auto got = co_await at.stream->read_some(bytes, in_ms(2000));
    if (!got) co_return;
    const auto asked = parse({bytes, *got});
    const auto wire = answer_of(*asked, 200).serialize();
    (void)co_await at.stream->write(wire, in_ms(2000));
}

struct fixture {
    explicit fixture(net::memory_script script = {}) {
        auto [mine, other] = net::make_memory_pair(io.get_executor(), script);
        far.stream = std::move(other);
        connection_events events;
        events.request = [this](const message& m, verdict) { requests.push_back(m.method); };
        events.discarded = [this](const message&, std::string why) { reasons.push_back(std::move(why)); };
        events.closed = [this](const net::error& e) { ended.push_back(e.what); };
        near = connection::start(std::move(mine), io.get_executor(), std::move(events));
    }
    // A server that answers `script` to each request in turn: status and signature.
    void serve(std::vector<std::pair<int, std::string>> script) {
        net::test::start(io, [](peer& at, std::vector<std::pair<int, std::string>> answers) -> net::awaitable<void> {
            const auto asked = co_await at.next();
            for (const auto& [status, info] : answers) {
                auto answer = answer_of(asked, status, info);
                co_await at.send(std::move(answer));
            }
        }(far, std::move(script)));
    }
    std::expected<reply, no_answer> ask(message wanted, int ms = 2000) {
        return net::test::run(io, near->request(std::move(wanted), in_ms(ms)));
    }

    std::vector<std::string> requests, reasons;
    std::vector<net::fault> ended;
    net::asio::io_context io;
    peer far;
    std::shared_ptr<connection> near;
};

}  // namespace ucsignin::sip::testing
