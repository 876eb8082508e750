// links: net
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "net/address.hpp"
#include "net/http.hpp"
#include "net/memory_stream.hpp"

using namespace ucsignin::net;

namespace {

deadline soon() { return clock::now() + std::chrono::seconds(5); }

void rethrow(std::exception_ptr bug) {
    if (bug) std::rethrow_exception(bug);
}

awaitable<void> say(stream_ptr over, std::string_view text, bool waits_for_request) {
    char asked[4096];
    if (waits_for_request) (void)co_await over->read_some(asked, soon());
    (void)co_await over->write(text, soon());
}

awaitable<void> read_answers(stream_ptr over) {
    http::connection client(std::move(over), "contoso.com");
    http::request const wanted;
    auto const answer = co_await client.exchange(wanted, soon());
    if (answer && answer->body.size() > 4 * 1024 * 1024) std::abort();
}

awaitable<void> read_requests(stream_ptr over) {
    http::server_connection server(*over);
    for (;;) {
        auto const asked = co_await server.read(soon());
        if (!asked) break;
    }
}

awaitable<void> open_tunnel(stream_ptr over) {
    http::fields const headers;
    auto const made = co_await http::connect_tunnel(std::move(over), "contoso.com", 443, headers, soon());
    if (made.stream && made.answer.status / 100 != 2) std::abort();
}

using reader = awaitable<void> (*)(stream_ptr);

void play(reader what, std::string_view text, bool waits_for_request, std::size_t piece) {
    boost::asio::io_context io;
    memory_script pieces;
    pieces.longest_read = piece;
    auto ends = make_memory_pair(io.get_executor(), pieces);
    boost::asio::co_spawn(io, say(std::move(ends.second), text, waits_for_request), rethrow);
    boost::asio::co_spawn(io, what(std::move(ends.first)), rethrow);
    io.run();
}

}  // namespace

// The same bytes as an answer, as requests, as a proxy's answer, and as what a user may type.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<const char*>(data), size);
    std::size_t const piece = size % 3 == 0 ? 0 : size % 17 + 1;
    play(read_answers, text, true, piece);
    play(read_requests, text, false, piece);
    play(open_tunnel, text, true, piece);
    if (auto const url = http::parse_url(text); url && !http::parse_url(url->text())) std::abort();
    static auto const base = *http::parse_url("https://lyncdiscover.contoso.com:4443/autodiscover/root?sipuri=a");
    if (auto const url = http::resolve(base, text); url && !http::parse_url(url->text())) std::abort();
    if (auto const at = parse_endpoint(text, 53); at && parse_endpoint(to_string(*at), 0) != *at) std::abort();
    (void)parse_host_port(text, 443);
    (void)parse_connect_to(text);
    return 0;
}
