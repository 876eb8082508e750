#include <catch2/catch.hpp>

#include "signin/base/proxy_chooser.hpp"

using ucsignin::signin::wpad_names;
using list = std::vector<std::string>;

TEST_CASE("WPAD is looked for in this PC's own domains, most particular first, each once") {
    CHECK(
        wpad_names({"berlin.corp.example", "corp.example"}, "pc1.berlin.corp.example", "contoso.example") ==
        list{"wpad.berlin.corp.example", "wpad.corp.example", "wpad.contoso.example"});
}

TEST_CASE("WPAD is never looked for in a top-level domain") {
    CHECK(wpad_names({"lan", "com"}, "pc1", "contoso.example") == list{"wpad.contoso.example"});
}
