#include <catch2/catch.hpp>

#include "report/layout.hpp"

using namespace ucsignin::report;

TEST_CASE("lines break at spaces and carry on with the second indent") {
    CHECK(wrapped("one two three four", "- ", "  ", 20) == "- one two three four\n");
    CHECK(wrapped("one two three four five", "- ", "  ", 20) == "- one two three four\n  five\n");
}

TEST_CASE("a word that is longer than the line stays whole") {
    const std::string url = "https://lyncdiscover.contoso.example/root";
    CHECK(wrapped("see " + url, "", "", 20) == "see\n" + url + "\n");
}

TEST_CASE("no text gives no line") {
    CHECK(wrapped("", "- ", "  ", 80).empty());
    CHECK(wrapped("  \n ", "- ", "  ", 80).empty());
}

TEST_CASE("line breaks inside a text are spaces") { CHECK(wrapped("a\nb", "", "", 80) == "a b\n"); }

TEST_CASE("a cut text says that it was cut and never splits a character") {
    CHECK(cut("exactly ten", 11) == "exactly ten");
    CHECK(cut("exactly eleven", 11) == "exactly...");
    CHECK(cut("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa4\xc3\xb6", 5) == "\xc3\xa4\xc3\xb6...");
}

TEST_CASE("widths count characters, not bytes") {
    CHECK(
        width("\xc3\xa4"
              "b") == 2);
    CHECK(padded("\xc3\xa4", 3) == "\xc3\xa4  ");
}

TEST_CASE("durations are milliseconds until they are seconds") {
    CHECK(duration_text(0.4) == "0 ms");
    CHECK(duration_text(812.2) == "812 ms");
    CHECK(duration_text(1234) == "1.23 s");
    CHECK(clock_text(123.4) == "+0.123s");
}

TEST_CASE("colours appear only where the style wants them") {
    CHECK(coloured("x", ucsignin::trace::outcome::failed, {}) == "x");
    CHECK(coloured("x", ucsignin::trace::outcome::failed, {.colour = true}) == "\x1b[1;31mx\x1b[0m");
    CHECK(bold("x", {}) == "x");
}

TEST_CASE("an ideograph takes two columns, a combining mark none") {
    CHECK(width("\xe5\xb1\xb1\xe7\x94\xb0") == 4);
    CHECK(width("e\xcc\x81") == 1);
    CHECK(cut("\xe5\xb1\xb1\xe7\x94\xb0\xe5\xb1\xb1", 5) == "\xe5\xb1\xb1...");
}
