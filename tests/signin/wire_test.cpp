#include "signin/base/wire.hpp"

#include <catch2/catch.hpp>

using namespace ucsignin;
using namespace ucsignin::signin;

namespace {

using trace::message_detail;

struct kept {
    explicit kept(message_detail level) : trace("0af7651916cd43dd8448eb211c80319c", "", [] { return 1.0; }, level) {}
    trace::recorder trace;
    [[nodiscard]] const trace::message& last() const { return trace.so_far().messages.back(); }
};

net::wire_message told(net::wire_direction which, std::string_view protocol, std::string_view about) {
    net::wire_message m{.direction = which, .protocol = protocol, .about = about, .start_line = "line"};
    m.local = "10.0.0.1:50123";
    m.peer = "10.0.0.2:443";
    return m;
}

constexpr auto sent = net::wire_direction::sent, received = net::wire_direction::received;

}  // namespace

TEST_CASE("where no messages are kept nobody listens") {
    kept none(message_detail::none);
    CHECK_FALSE(tap_resolver(none.trace));
    CHECK_FALSE(tap_server(none.trace, "registrar", {"sip.contoso.example", 443}));
    CHECK_FALSE(tap_web(none.trace, {"https", "webext.contoso.example", 443, "/"}));
}

TEST_CASE("both ends stand in a message, turned round in what came") {
    kept k(message_detail::headers);
    const auto tap = tap_server(k.trace, "registrar", {"sip.contoso.example", 443});
    tap(told(sent, "SIP", "call-id"));
    CHECK(k.last().from.role == "client");
    CHECK(k.last().from.address == "10.0.0.1:50123");
    CHECK(k.last().to.role == "registrar");
    CHECK(k.last().to.host == "sip.contoso.example");
    CHECK(k.last().to.address == "10.0.0.2:443");
    tap(told(received, "SIP", "call-id"));
    CHECK(k.last().direction == trace::direction::received);
    CHECK(k.last().from.role == "registrar");
    CHECK(k.last().to.address == "10.0.0.1:50123");
}

TEST_CASE("a message belongs to the step under way, whatever its connection was opened for") {
    kept k(message_detail::headers);
    const std::string root = "https://webext.contoso.example", user = "/Autodiscover/AutodiscoverService.svc/root/user",
                      ticket = "/WebTicket/WebTicketService.svc";
    auto asking = k.trace.open("discovery.autodiscover_user", root + user);
    const auto tap = tap_web(k.trace, {"https", "webext.contoso.example", 443, user});
    tap(told(sent, "TLS", "webext.contoso.example"));
    CHECK(k.last().span_id == asking.span_id());
    CHECK(k.last().to.role == "autodiscover");
    auto login = k.trace.open("registration.web_ticket", root + ticket);
    tap(told(sent, "HTTP", ticket + "/mex"));
    CHECK(k.last().span_id == login.span_id());
    CHECK(k.last().to.role == "web_service");
    tap(told(received, "HTTP", user));
    CHECK(k.last().span_id == asking.span_id());
    CHECK(k.last().from.role == "autodiscover");
    tap(told(sent, "HTTP", "/somewhere/else"));
    CHECK(k.last().span_id.empty());
    auto looking = k.trace.open("discovery.host_sip", "sip.contoso.example");
    tap_resolver(k.trace)(told(sent, "DNS", "sip.contoso.example"));
    CHECK(k.last().span_id == looking.span_id());
    CHECK(k.last().to.role == "resolver");
}

TEST_CASE("the media type is what the headers say, without its parameters") {
    kept k(message_detail::headers);
    const auto tap = tap_server(k.trace, "registrar", {"sip.contoso.example", 443});
    const std::vector<std::pair<std::string, std::string>> headers{{"c", "text/plain; charset=utf-8"}};
    auto m = told(sent, "SIP", "call-id");
    m.headers = headers;
    m.body = "12345";
    tap(m);
    CHECK(k.last().body.type == "text/plain");
    CHECK(k.last().body.bytes == 5);
    CHECK_FALSE(k.last().body.text);
}
