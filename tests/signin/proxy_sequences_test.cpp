// The log-in to a proxy over scripted connections: kept together where the scheme is bound to its connection, each
// operation cut, cancelled at each.

#include <algorithm>
#include <catch2/catch.hpp>

#include "scripted_ntlm.hpp"
#include "signin/base/dial.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::testing;
using net::test::harm_kind;
using net::test::in_ms;

namespace {

const net::host_port behind{"sip.contoso.example", 443};

struct by_proxy : scripted_http {
    by_proxy() : scripted_http(host::proxy_from_option("http://proxy.contoso.example:8080")) {
        names->addresses = {{"proxy.contoso.example", "192.0.2.80"}};
        wanted.proxy_login = "alice@contoso.example";
        wanted.proxy_password = auth::secret("Pa$$word1");
        answer = [this](const std::string& head, int connection) { return ntlm.answer(head, connection); };
    }
    void want_basic(bool hangs_up = false) {
        answer = [hangs_up](const std::string& head, int) {
            const bool right = header_in(head, "Proxy-Authorization") ==
                               "Basic YWxpY2VAY29udG9zby5leGFtcGxlOlBhJCR3b3JkMQ==";
            return right ? reply_with(200) : reply_with(407, "Proxy-Authenticate: Basic realm=\"x\"", hangs_up);
        };
    }
    dialed dial() { return net::test::run(io, dial_any(c, behind, in_ms(2000))); }
    web_answer fetch_in_clear() {
        const auto where = net::http::parse_url("http://lyncdiscover.contoso.example/").value();
        return net::test::run(io, c.web.fetch(c, where, net::http::request{}, in_ms(2000)));
    }

    scripted_ntlm ntlm{"proxy.contoso.example", 407};
};

net::awaitable<void> dial_once(context& c) {
    const auto done = co_await dial_any(c, behind, in_ms(2000));
    (void)done;
}

}  // namespace

TEST_CASE("a tunnel through a proxy that wants Basic", "[signin][sequence][proxy]") {
    by_proxy f;
    f.want_basic(GENERATE(false, true));
    const auto done = f.dial();
    REQUIRE(done.stream);
    CHECK(done.peer == "sip.contoso.example:443");
    CHECK(done.proxy == net::host_port{"proxy.contoso.example", 8080});
    CHECK(f.heads.size() == 2);
    CHECK(f.heads.front().starts_with("CONNECT sip.contoso.example:443 HTTP/1.1"));
    CHECK(f.with_header("Proxy-Authorization") == 1);
    CHECK(f.proxy_passwords.uses() == 1);
    CHECK(f.passwords.uses() == 0);
}

TEST_CASE("NTLM at a proxy stays on its connection", "[signin][sequence][proxy]") {
    by_proxy f;
    const auto done = f.dial();
    REQUIRE(done.stream);
    CHECK(f.connections == 1);
    CHECK(f.heads.size() == 3);
    CHECK(f.proxy_passwords.uses() == 1);
    CHECK(f.proxy_passwords.refused() == 0);
}

TEST_CASE(
    "a proxy that closes between the legs of NTLM gets no password, and refused none", "[signin][sequence][proxy]") {
    by_proxy f;
    f.ntlm.closes_between_legs = true;
    SECTION("for a tunnel") {
        const auto done = f.dial();
        REQUIRE_FALSE(done.stream);
        CHECK(done.stream.error().what == net::fault::proxy);
        CHECK(done.proxy_answer->status == 407);
    }
    SECTION("for plain HTTP") {
        const auto answer = f.fetch_in_clear();
        REQUIRE_FALSE(answer.response);
        CHECK(answer.response.error().kind.word() == "proxy");
    }
    CHECK(f.connections == 1);
    CHECK(f.proxy_passwords.uses() == 0);
    CHECK(f.proxy_passwords.refused() == 0);
}

TEST_CASE("a wrong password goes to a proxy once", "[signin][sequence][proxy]") {
    by_proxy f;
    f.ntlm.takes_it = false;
    CHECK_FALSE(f.dial().stream);
    const auto asked = f.with_header("Proxy-Authorization");
    CHECK_FALSE(f.dial().stream);
    CHECK(f.with_header("Proxy-Authorization") == asked);
    CHECK(f.proxy_passwords.uses() == 1);
    CHECK(f.proxy_passwords.refused() == 1);
}

TEST_CASE("plain HTTP through a proxy is asked for by its whole URL", "[signin][sequence][proxy]") {
    by_proxy f;
    f.want_basic(GENERATE(false, true));
    const auto answer = f.fetch_in_clear();
    REQUIRE(answer.response);
    CHECK(answer.response->status == 200);
    CHECK_FALSE(answer.proven());
    CHECK(f.heads.back().starts_with("GET http://lyncdiscover.contoso.example/ HTTP/1.1"));
    CHECK(f.proxy_passwords.uses() == 1);
}

TEST_CASE("a log-in to a proxy that breaks anywhere uses the password once at most", "[signin][sequence][proxy]") {
    std::size_t operations = 0;
    {
        by_proxy f;
        CHECK(f.dial().stream.has_value());
        operations = f.harmed->seen;
    }
    REQUIRE(operations >= 6);
    for (std::size_t nth = 1; nth <= operations; ++nth) {
        INFO("at " << nth << " of " << operations);
        by_proxy cut;
        cut.harmed->kind = harm_kind::cut;
        cut.harmed->nth = nth;
        CHECK_FALSE(cut.dial().stream);
        CHECK(cut.proxy_passwords.uses() <= 1);
        CHECK(cut.proxy_passwords.refused() == 0);

        by_proxy stopped;
        CHECK(cancelled_at(stopped.io, stopped.harmed, nth, dial_once(stopped.c)));
        CHECK(std::ranges::count(stopped.harmed->noted, "write web") == 0);
        CHECK(stopped.proxy_passwords.uses() <= 1);
    }
}

TEST_CASE("a dead proxy is told once, and the next way that a script names is gone", "[signin][sequence][proxy]") {
    by_proxy f;
    f.dialer->answer = [](const net::endpoint& to) -> net::result<net::stream_ptr> {
        return std::unexpected(net::error{net::fault::refused, net::to_string(to) + " refuses", 0});
    };
    for (int i = 0; i < 2; ++i) {
        const auto done = f.dial();
        REQUIRE_FALSE(done.stream);
        CHECK(done.stream.error().detail.starts_with("proxy proxy.contoso.example:8080: "));
    }
    CHECK(f.trace.so_far().all("devices.proxy").size() == 1);
    CHECK(f.span("devices.proxy").branch == "dead");
}
