#include <catch2/catch.hpp>

#include "near.hpp"

using namespace ucsignin::cmd;

TEST_CASE("a distance counts letters that are missing, too many, wrong or swapped") {
    CHECK(edit_distance("", "") == 0);
    CHECK(edit_distance("render", "render") == 0);
    CHECK(edit_distance("rendr", "render") == 1);
    CHECK(edit_distance("renderr", "render") == 1);
    CHECK(edit_distance("sender", "render") == 1);
    CHECK(edit_distance("rednder", "render") == 1);
    CHECK(edit_distance("redner", "render") == 1);
    CHECK(edit_distance("", "abc") == 3);
}

TEST_CASE("the nearest come first, and only what a slip of the finger leads to") {
    const std::vector<std::string> known{
        "tls-expired", "tls-untrusted-root", "local-clock-skew", "server-clock-skew", "lab", "mask"};
    CHECK(nearest("tls-expird", known) == std::vector<std::string>{"tls-expired"});
    CHECK(nearest("clock-skew", known) == std::vector<std::string>{"local-clock-skew", "server-clock-skew"});
    CHECK(nearest("labb", known) == std::vector<std::string>{"lab"});
    CHECK(nearest("", known).empty());
    CHECK(nearest("xy", known).empty());
    CHECK(nearest("something else", known).empty());
    CHECK(nearest(std::string(100000, 'x'), known).empty());
}

TEST_CASE("the question names them all") {
    CHECK(
        did_you_mean("clock-skew", {"local-clock-skew", "server-clock-skew"}) ==
        "Did you mean local-clock-skew or server-clock-skew?\n");
    CHECK(did_you_mean("nothing", {"else"}).empty());
}
