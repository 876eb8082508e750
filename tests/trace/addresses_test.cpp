#include <catch2/catch.hpp>

#include "trace/addresses.hpp"

using namespace ucsignin::trace;

TEST_CASE("dotted quads are told by their use") {
    CHECK(sort_of_ipv4("127.0.0.1") == address_sort::loopback);
    CHECK(sort_of_ipv4("0.0.0.0") == address_sort::loopback);
    CHECK(sort_of_ipv4("169.254.3.4") == address_sort::link_local);
    CHECK(sort_of_ipv4("10.1.2.3") == address_sort::private_use);
    CHECK(sort_of_ipv4("172.31.0.1") == address_sort::private_use);
    CHECK(sort_of_ipv4("172.32.0.1") == address_sort::public_use);
    CHECK(sort_of_ipv4("192.168.0.1") == address_sort::private_use);
    CHECK(sort_of_ipv4("100.64.0.1") == address_sort::private_use);
    CHECK(sort_of_ipv4("8.8.8.8") == address_sort::public_use);
}

TEST_CASE("what only looks like a dotted quad is none") {
    for (const auto* text :
         {"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.4x", "1..2.3", ".1.2.3", "-1.2.3.4", "1.-2.3.4",
          "0001.2.3.4", "16.0.4266.1001"}) {
        INFO(text);
        CHECK_FALSE(sort_of_ipv4(text));
    }
}

TEST_CASE("IPv6 addresses are told by their use") {
    CHECK(sort_of_ipv6("::1") == address_sort::loopback);
    CHECK(sort_of_ipv6("::") == address_sort::loopback);
    CHECK(sort_of_ipv6("fe80::1") == address_sort::link_local);
    CHECK(sort_of_ipv6("fd12:3456::7") == address_sort::private_use);
    CHECK(sort_of_ipv6("2a01:4f8::2") == address_sort::public_use);
    CHECK(sort_of_ipv6("2001:db8:0:0:0:0:0:1") == address_sort::public_use);
    CHECK(sort_of_ipv6("::ffff:192.0.2.1") == address_sort::public_use);
}

TEST_CASE("times, ports and names are no IPv6 addresses") {
    for (const auto* text :
         {"", ":", ":::", "12:30:00", "host:443", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "std::expected",
          "12345::1", "1:2:3:4:5:6:7:"}) {
        INFO(text);
        CHECK_FALSE(sort_of_ipv6(text));
    }
}

TEST_CASE("private addresses are those of RFC 1918 and RFC 4193") {
    for (const auto* text : {"10.0.0.1", "172.16.0.1", "172.31.255.1", "192.168.1.1", "fd00::1", "fc00::1%eth0"}) {
        INFO(text);
        CHECK(is_private(text));
    }
    for (const auto* text :
         {"172.32.0.1", "127.0.0.1", "198.51.100.1", "100.64.0.1", "2001:db8::1", "fe80::1", "fd.example", "10.0.0",
          "172.", ""}) {
        INFO(text);
        CHECK_FALSE(is_private(text));
    }
}
