#include <catch2/catch.hpp>

#include <algorithm>

#include "lab/services.hpp"

using namespace ucsignin;
using namespace ucsignin::lab;

namespace {

struct made {
    std::shared_ptr<const scenario> what;
    zone names;
    std::vector<service> all;

    [[nodiscard]] const service& at(const std::string& where) const {
        for (const auto& one : all)
            if (net::to_string(one.meant) == where) return one;
        FAIL("nothing at " << where);
        return all.front();
    }
};

made make(const std::string& members) {
    const auto read = parse_scenario(
        R"({"format": "ucsignin-scenario/1")" + (members.empty() ? "" : ", " + members) + "}", "test.json");
    if (!read) FAIL(read.error().where << ": " << read.error().what);
    const zone names(**read, documentation_hosts(**read));
    return {*read, names, list_services(**read, names, documentation_hosts(**read))};
}

}  // namespace

TEST_CASE("each server of the pool stands at its address, and its other ports are closed") {
    const auto pool = make("");
    CHECK(pool.at("192.0.2.10:443").what == speaks::sip);
    CHECK(pool.at("192.0.2.10:443").server == "fe01.contoso.example");
    CHECK(pool.at("192.0.2.10:5061").what == speaks::closed);
    CHECK(pool.at("192.0.2.20:80").what == speaks::http);
    CHECK(pool.at("192.0.2.20:443").what == speaks::https);
    CHECK(pool.at("192.0.2.12:5061").server == "fe02.contoso.example");
}

TEST_CASE("an address that only a record names has closed ports, those of SRV records too") {
    const auto pool = make(
        R"("dns": {"add": [{"name": "ghost", "data": "192.0.2.200"}, {"name": "_sip._tls", "type": "SRV", "data": "0 0 5060 ghost"}]})");
    for (const auto* where : {"192.0.2.200:80", "192.0.2.200:443", "192.0.2.200:5060", "192.0.2.200:5061"})
        CHECK(pool.at(where).what == speaks::closed);
}

TEST_CASE("a certificate covers every name that leads to its server") {
    const auto pool = make(R"("dns": {"add": [{"name": "edge.fabrikam.example", "data": "192.0.2.10"}]})");
    const auto& names = pool.at("192.0.2.10:443").names;
    CHECK(names.front() == "sip.contoso.example");
    CHECK(std::count(names.begin(), names.end(), "edge.fabrikam.example") == 1);
    CHECK(std::count(names.begin(), names.end(), "sipexternal.contoso.example") == 1);
    CHECK(std::count(names.begin(), names.end(), "lyncdiscover.contoso.example") == 0);
}

TEST_CASE("a scenario may add servers and replace those that are there") {
    const auto pool = make(
        R"("pool": {"services": [{"at": "192.0.2.10:443", "speaks": "https"}, {"at": "198.51.100.7:5061", "speaks": "sip", "server": "fe09.contoso.example"}]})");
    CHECK(pool.at("192.0.2.10:443").what == speaks::https);
    CHECK(pool.at("192.0.2.10:443").role == "edge");
    CHECK(pool.at("198.51.100.7:5061").server == "fe09.contoso.example");
    CHECK(pool.at("198.51.100.7:443").what == speaks::closed);
}

TEST_CASE("a place is meant by its role, by what it speaks, by its address or by a name that leads there") {
    const auto pool = make("");
    const auto& edge = pool.at("192.0.2.10:443");
    for (const auto* at :
         {"", "*", "edge", "sip", "192.0.2.10", "192.0.2.10:443", "sip.contoso.example", "sip.contoso.example:443"}) {
        CAPTURE(at);
        CHECK(is_meant(at, edge, "", pool.names));
    }
    for (const auto* at :
         {"web", "fe", "https", "192.0.2.11", "192.0.2.10:5061", "lyncdiscover.contoso.example",
          "sip.contoso.example:5061"}) {
        CAPTURE(at);
        CHECK_FALSE(is_meant(at, edge, "", pool.names));
    }
}

TEST_CASE("names that share a server are told apart by the name that the client sends") {
    const auto pool = make("");
    const auto& web = pool.at("192.0.2.20:443");
    CHECK(is_meant("lyncdiscover.contoso.example", web, "lyncdiscover.contoso.example", pool.names));
    CHECK_FALSE(is_meant("lyncdiscover.contoso.example", web, "webext.contoso.example", pool.names));
    CHECK(is_meant("lyncdiscover*.contoso.example:443", web, "lyncdiscover.contoso.example", pool.names));
    CHECK(is_meant("web", web, "webext.contoso.example", pool.names));
}
