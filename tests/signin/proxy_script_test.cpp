// A proxy script is looked for beside the sign-in: wherever that ends, connections go on, and it is told why.

#include <algorithm>
#include <catch2/catch.hpp>

#include "scripted_http.hpp"
#include "signin/base/dial.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::testing;
using net::test::in_ms;

namespace {

struct by_script : scripted_http {
    explicit by_script(const char* option) : scripted_http(host::proxy_from_option(option)) {
        names->addresses = {{"pac.contoso.example", "192.0.2.81"}, {"sip.contoso.example", "192.0.2.1"}};
        answer = [](const std::string&, int) {
            return http_reply{"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nfunction", false};
        };
    }
    // The branch of devices.proxy, and the word for what went wrong.
    std::pair<std::string, std::string> look_for_it() {
        pc.proxy.start(c);
        CHECK(net::test::run(io, beside.join(in_ms(4000))));
        CHECK(span("devices.proxy").outcome == trace::outcome::warning);
        return {span("devices.proxy").branch, span("devices.proxy").word(ev::pac_fault).str()};
    }
    void check_direct() {
        const auto done = net::test::run(io, dial_any(c, {"sip.contoso.example", 443}, in_ms(2000)));
        REQUIRE(done.stream);
        CHECK_FALSE(done.proxy);
        CHECK(done.peer == "192.0.2.1:443");
    }
};

using told = std::pair<std::string, std::string>;

}  // namespace

TEST_CASE("a script that can't be had or read leaves connections direct", "[signin][sequence][pac]") {
    by_script f("pac+http://pac.contoso.example/proxy.pac");
    SECTION("there is none") {
        f.answer = [](const std::string&, int) { return reply_with(404); };
        CHECK(f.look_for_it() == told{"pac", "not_found"});
    }
    SECTION("it names no host that there is") {
        f.names->addresses.erase("pac.contoso.example");
        CHECK(f.look_for_it() == told{"pac", "not_found"});
    }
    SECTION("its host closes") {
        f.answer = [](const std::string&, int) { return http_reply{"HTTP", true}; };
        CHECK(f.look_for_it() == told{"pac", "unreadable"});
    }
    SECTION("it can't be evaluated") {
        CHECK(f.look_for_it().first == "pac");
        REQUIRE(f.heads.size() == 1);
        CHECK(f.heads.front().starts_with("GET /proxy.pac HTTP/1.1"));
    }
    f.check_direct();
}

TEST_CASE("a script by WPAD is looked for in the own domain alone", "[signin][sequence][pac]") {
    by_script f("wpad");
    SECTION("no such name") {
        CHECK(f.look_for_it() == told{"wpad", "not_found"});
        CHECK(std::ranges::count(f.names->asked, "wpad.contoso.example") == 1);
        CHECK(f.heads.empty());
    }
    SECTION("a name, and a script") {
        f.names->addresses["wpad.contoso.example"] = "192.0.2.82";
        CHECK(f.look_for_it().first == "wpad");
        REQUIRE(f.heads.size() == 1);
        CHECK(f.heads.front().starts_with("GET /wpad.dat HTTP/1.1"));
        CHECK(f.span("devices.proxy").text(ev::wpad) == "wpad.contoso.example");
    }
    f.check_direct();
}

TEST_CASE("a script in a file is read, and server connections go direct all the same", "[signin][sequence][pac]") {
    by_script f("pac+file:///etc/proxy.pac");
    CHECK(f.look_for_it().first == "pac");
    f.check_direct();
}

TEST_CASE("a server is reached while its script is still on the way", "[signin][sequence][pac]") {
    by_script f("pac+http://pac.contoso.example/proxy.pac");
    f.dialer->silent = {"192.0.2.81:80"};
    f.pc.proxy.start(f.c);
    f.check_direct();
}
