#include <catch2/catch.hpp>

#include <stdlib.h>

#include <regex>

#include "host/host.hpp"

using namespace ucsignin::host;

TEST_CASE("the clock is written as RFC 3339 with milliseconds") {
    const auto now = read_clock();
    CHECK(std::regex_match(now.utc_rfc3339, std::regex{R"(20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d\.\d{3}Z)"}));
    if (!now.synchronized_known) CHECK_FALSE(now.synchronized);
}

TEST_CASE("the environment is read with everything behind the first equals sign") {
    ::setenv("HOST_TEST_VARIABLE", "a=b", 1);
    CHECK(read_environment()["HOST_TEST_VARIABLE"] == "a=b");
    ::unsetenv("HOST_TEST_VARIABLE");
    CHECK_FALSE(read_environment().contains("HOST_TEST_VARIABLE"));
}

TEST_CASE("the machine's id is the same each time") {
    CHECK_FALSE(machine_id().empty());
    CHECK(machine_id() == machine_id());
}

TEST_CASE("the machine has a name") { CHECK_FALSE(hostname().empty()); }
