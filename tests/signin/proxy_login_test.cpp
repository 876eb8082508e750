#include "signin/base/proxy_login.hpp"

#include <catch2/catch.hpp>
#include <deque>

#include "../net/run.hpp"
#include "net/deadline.hpp"

using namespace ucsignin;
using signin::proxy_schemes;
using offers = std::vector<std::string>;
using net::test::in_ms;

namespace {

net::http::response asks_for(const std::string& scheme) { return {407, {}, {{"Proxy-Authenticate", scheme}}, {}}; }

// A proxy that follows a script: what it answers to one request after the other, over however many connections. Notes
// which requests carried credentials.
struct scripted_proxy {
    std::deque<net::result<net::http::response>> answers;
    std::vector<std::string> credentials;
    bool stands = true;  // the connection, after each answer
    int hung_up = 0;

    signin::proxy_request sender() {
        signin::proxy_request made;
        made.stands = [this] { return stands; };
        made.hang_up = [this] { ++hung_up; };
        made.send = [this](net::http::fields headers) -> net::awaitable<net::result<net::http::response>> {
            if (!headers.empty()) credentials.push_back(headers.front().second);
            auto next = answers.empty() ? net::result<net::http::response>(net::http::response{200, {}, {}, {}})
                                        : std::move(answers.front());
            if (!answers.empty()) answers.pop_front();
            co_return next;
        };
        return made;
    }
};

const std::unexpected<net::error> broken{net::error{net::fault::reset, "reset", 0}};

struct fixture {
    net::asio::io_context io;
    auth::ledger uses{io.get_executor(), auth::ledger::of::proxy};
    scripted_proxy proxy;

    // The status of the last answer, 0 when there was none.
    int ask() {
        signin::proxy_account as{"alice", auth::secret("Canary-9"), uses};
        const auto last = net::test::run(
            io, signin::ask_proxy(std::move(as), "proxy.contoso.example", proxy.sender(), in_ms(2000)));
        return last ? last->status : 0;
    }
};

}  // namespace

TEST_CASE("a refused password is told to the proxy once, whoever asks next", "[signin][proxy]") {
    fixture f;
    f.proxy.answers = {asks_for("Basic realm=\"x\""), asks_for("Basic realm=\"x\""), asks_for("Basic realm=\"x\"")};
    CHECK(f.ask() == 407);
    CHECK(f.ask() == 407);
    CHECK(f.proxy.credentials.size() == 1);
    CHECK(f.uses.refused() == 1);
}

TEST_CASE("after a log-in that broke the next connection may try, and its success opens the way", "[signin][proxy]") {
    fixture f;
    f.proxy.answers = {
        asks_for("Basic realm=\"x\""), broken, asks_for("Basic realm=\"x\""), net::http::response{200, {}, {}, {}}};
    CHECK(f.ask() == 0);
    CHECK(f.ask() == 200);
    CHECK(f.uses.unjudged() == 1);
    for (int i = 0; i < 5; ++i) {
        f.proxy.answers = {asks_for("Basic realm=\"x\""), net::http::response{200, {}, {}, {}}};
        CHECK(f.ask() == 200);
    }
    CHECK(f.uses.uses() == 7);
}

TEST_CASE("log-ins that only ever break end after two", "[signin][proxy]") {
    fixture f;
    for (int i = 0; i < 4; ++i) {
        f.proxy.answers = {asks_for("Basic realm=\"x\""), broken};
        (void)f.ask();
    }
    CHECK(f.proxy.credentials.size() == 2);
}

TEST_CASE("NTLM that breaks before its last token used no password", "[signin][proxy]") {
    fixture f;
    for (int i = 0; i < 3; ++i) {
        f.proxy.answers = {asks_for("NTLM"), broken};
        CHECK(f.ask() == 0);
    }
    CHECK(f.proxy.credentials.size() == 3);  // first tokens, which hold no password
    CHECK(f.uses.uses() == 0);
}

TEST_CASE("each scheme begins on a connection of its own", "[signin][proxy]") {
    const net::http::response both{407, {}, {{"Proxy-Authenticate", "Negotiate"}, {"Proxy-Authenticate", "NTLM"}}, {}};
    fixture f;
    f.proxy.answers = {both, both, net::http::response{200, {}, {}, {}}};
    CHECK(f.ask() == 200);
    REQUIRE(f.proxy.credentials.size() == 2);
    CHECK(f.proxy.credentials[0].starts_with("Negotiate "));
    CHECK(f.proxy.credentials[1].starts_with("NTLM "));
    CHECK(f.proxy.hung_up == 1);
    f.proxy.answers = {asks_for("NTLM"), net::http::response{200, {}, {}, {}}};
    CHECK(f.ask() == 200);
    CHECK(f.proxy.hung_up == 1);
}

TEST_CASE("a proxy that takes the password may still refuse a request", "[signin][proxy]") {
    fixture f;
    f.proxy.answers = {asks_for("Basic realm=\"x\""), net::http::response{200, {}, {}, {}}};
    CHECK(f.ask() == 200);
    for (int i = 0; i < 4; ++i) {
        f.proxy.answers = {asks_for("Basic realm=\"x\""), net::http::response{403, {}, {}, {}}};
        CHECK(f.ask() == 403);
    }
    CHECK(f.uses.unjudged() == 0);
}

TEST_CASE("a proxy gets credentials only when some were given for it") {
    CHECK(proxy_schemes(offers{"Basic realm=\"x\"", "NTLM", "Negotiate"}, false, false).empty());
    CHECK(proxy_schemes(offers{"Basic realm=\"x\"", "NTLM"}, true, false).empty());
}

TEST_CASE("the strongest scheme that can be answered is taken") {
    CHECK(proxy_schemes(offers{"Basic realm=\"x\"", "NTLM", "Negotiate"}, true, true) == offers{"Negotiate", "NTLM"});
    CHECK(proxy_schemes(offers{"Negotiate", "NTLM"}, true, false) == offers{"Negotiate"});
    CHECK(proxy_schemes(offers{"Basic realm=\"x\"", "ntlm"}, true, true) == offers{"NTLM"});
    CHECK(proxy_schemes(offers{"basic realm=\"x\""}, true, true) == offers{"Basic"});
    CHECK(proxy_schemes(offers{"Basic realm=\"My proxy, Inc.\", NTLM"}, true, true) == offers{"NTLM"});
    CHECK(proxy_schemes(offers{"NTLM, basic realm=x, negotiate"}, true, true) == offers{"Negotiate", "NTLM"});
    CHECK(proxy_schemes(offers{"Digest realm=\"x\""}, true, true).empty());
    CHECK(proxy_schemes(offers{}, true, true).empty());
}
