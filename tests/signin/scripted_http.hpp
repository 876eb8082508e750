#pragma once
// A server of HTTP/1.1 in memory, at whatever address is dialled: it answers by a function of what it is asked and on
// which connection.

#include "cancelled_at.hpp"
#include "context_fixture.hpp"

namespace ucsignin::signin::testing {

struct http_reply {
    std::string bytes;      // empty: nothing is said
    bool hangs_up = false;  // after it
};

[[nodiscard]] inline http_reply reply_with(int status, const std::string& header = {}, bool hangs_up = false) {
    auto text = "HTTP/1.1 " + std::to_string(status) + " Said so\r\n" + header + (header.empty() ? "" : "\r\n");
    if (hangs_up) text += "Connection: close\r\n";
    return {text + "Content-Length: 0\r\n\r\n", hangs_up};
}

// The value of one of a request's headers; "" when it isn't there.
[[nodiscard]] inline std::string header_in(const std::string& head, const std::string& name) {
    const auto at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const auto begins = at + name.size() + 4;
    return head.substr(begins, head.find("\r\n", begins) - begins);
}

// The head of the request that came, which is taken away; "" while it isn't whole.
[[nodiscard]] inline std::string take_request(std::string& seen) {
    const auto end = seen.find("\r\n\r\n");
    if (end == std::string::npos) return {};
    auto head = seen.substr(0, end);
    const auto length = header_in(head, "Content-Length");
    if (seen.size() < end + 4 + (length.empty() ? 0 : std::stoul(length))) return {};
    seen.clear();
    return head;
}

struct scripted_http : context_fixture {
    explicit scripted_http(host::proxy_settings by = {}) : context_fixture(5, std::move(by)) {
        dialer->answer = [this](const net::endpoint&) -> net::result<net::stream_ptr> {
            auto [mine, other] = net::make_memory_pair(io.get_executor());
            net::test::start(io, serve(*this, std::move(other), ++connections));
            return net::test::fail_at(std::move(mine), harmed, "web");
        };
    }
    static net::awaitable<void> serve(scripted_http& self, net::stream_ptr stream, int connection) {
        char bytes[8192];
        std::string seen;
        for (;;) {
            const auto got = co_await stream->read_some(bytes, in_ms(5000));
            if (!got) co_return;
            seen.append(bytes, *got);
            const auto head = take_request(seen);
            if (head.empty()) continue;
            self.heads.push_back(head);
            const auto reply = self.answer(head, connection);
            if (reply.bytes.empty()) continue;
            const auto sent = co_await stream->write(reply.bytes, in_ms(2000));
            if (!sent) co_return;
            if (reply.hangs_up) co_return stream->close(false);
        }
    }
    // How many requests had this header.
    [[nodiscard]] int with_header(const std::string& name) const {
        return static_cast<int>(
            std::ranges::count_if(heads, [&](const auto& head) { return !header_in(head, name).empty(); }));
    }

    std::function<http_reply(const std::string& head, int connection)> answer;
    std::vector<std::string> heads;  // of the requests that came, in their order
    int connections = 0;
    std::shared_ptr<net::test::harm> harmed = std::make_shared<net::test::harm>();
    static constexpr auto in_ms = net::test::in_ms;
};

}  // namespace ucsignin::signin::testing
