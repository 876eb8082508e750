#include <boost/asio/this_coro.hpp>

#include "net/tls_engine.hpp"

namespace ucsignin::net {

awaitable<tls_accepted> tls_accept(stream_ptr over, SSL_CTX* context, deadline until) {
    auto const executor = co_await asio::this_coro::executor;
    auto engine = std::make_shared<tls_engine>(ssl_ptr(SSL_new(context)), std::move(over), executor);
    SSL_set_accept_state(engine->native());
    auto const done = co_await engine->handshake(until);
    auto const* name = SSL_get_servername(engine->native(), TLSEXT_NAMETYPE_host_name);
    std::string server_name = name != nullptr ? name : "";
    if (!done) {
        engine->close(false);
        co_return tls_accepted{std::unexpected(done.error()), std::move(server_name)};
    }
    co_return tls_accepted{make_tls_stream(std::move(engine)), std::move(server_name)};
}

}  // namespace ucsignin::net
