#include <catch2/catch.hpp>

#include "signin/proxy_login.hpp"

using ucsignin::signin::choose_proxy_scheme;
using offers = std::vector<std::string>;

TEST_CASE("a proxy gets credentials only when some were given for it") {
    CHECK(choose_proxy_scheme(offers{"Basic realm=\"x\"", "NTLM", "Negotiate"}, false, false).empty());
    CHECK(choose_proxy_scheme(offers{"Basic realm=\"x\"", "NTLM"}, true, false).empty());
}

TEST_CASE("the strongest scheme that can be answered is taken") {
    CHECK(choose_proxy_scheme(offers{"Basic realm=\"x\"", "NTLM", "Negotiate"}, true, true) == "Negotiate");
    CHECK(choose_proxy_scheme(offers{"Negotiate", "NTLM"}, true, false) == "Negotiate");
    CHECK(choose_proxy_scheme(offers{"Basic realm=\"x\"", "ntlm"}, true, true) == "NTLM");
    CHECK(choose_proxy_scheme(offers{"basic realm=\"x\""}, true, true) == "Basic");
    CHECK(choose_proxy_scheme(offers{"Digest realm=\"x\""}, true, true).empty());
    CHECK(choose_proxy_scheme(offers{}, true, true).empty());
}
