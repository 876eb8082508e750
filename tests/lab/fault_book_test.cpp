#include <catch2/catch.hpp>

#include "lab/fault_book.hpp"

using namespace ucsignin;
using namespace ucsignin::lab;

namespace {

struct made {
    std::shared_ptr<const scenario> what;
    std::shared_ptr<const zone> names;
    std::vector<service> all;
    fault_book book;
    [[nodiscard]] const service& at(const std::string& where) const {
        for (const auto& one : all)
            if (net::to_string(one.meant) == where) return one;
        FAIL("nothing at " << where);
        return all.front();
    }
};

made make(const std::string& members) {
    const auto read = parse_scenario(R"({"format": "ucsignin-scenario/1", )" + members + "}", "test.json");
    if (!read) FAIL(read.error().where << ": " << read.error().what);
    const auto names = std::make_shared<const zone>(**read, documentation_hosts(**read));
    return {*read, names, list_services(**read, *names, documentation_hosts(**read)), fault_book(*read, names)};
}

net::http::request get(const std::string& target) { return {.target = target}; }

}  // namespace

TEST_CASE("refused and dropped connections are known before anybody connects") {
    const auto lab = make(
        R"("tcp": [{"at": "edge", "do": "refuse"}, {"at": "webext.contoso.example:80", "do": "drop"}])");
    CHECK(lab.book.standing(lab.at("192.0.2.10:443")) == tcp_act::refuse);
    CHECK(lab.book.standing(lab.at("192.0.2.20:80")) == tcp_act::drop);
    CHECK(lab.book.standing(lab.at("192.0.2.20:443")) == tcp_act::none);
}

TEST_CASE("a fault strikes on its occasions only") {
    auto lab = make(R"("tcp": [{"at": "edge", "do": "reset", "nth": 2, "times": 2}])");
    const auto& edge = lab.at("192.0.2.10:443");
    CHECK(lab.book.tcp(edge).act == tcp_act::none);
    CHECK(lab.book.tcp(lab.at("192.0.2.20:443")).act == tcp_act::none);  // doesn't count
    CHECK(lab.book.tcp(edge).act == tcp_act::reset);
    CHECK(lab.book.tcp(edge).act == tcp_act::reset);
    CHECK(lab.book.tcp(edge).act == tcp_act::none);
}

TEST_CASE("TLS faults that fit are combined, and name their context") {
    auto lab = make(
        R"("tls": [{"at": "web", "max_version": "1.0"}, {"at": "lyncdiscover.contoso.example", "certificate": "expired", "max_version": "1.2"},
        {"with_server_name": false, "do": "alert", "alert": 112}])");
    const auto& web = lab.at("192.0.2.20:443");
    const auto both = lab.book.tls(web, "lyncdiscover.contoso.example");
    CHECK(both.what.max_version == "1.0");
    CHECK(both.what.certificate->profile == "expired");
    CHECK(both.what.act == tls_act::none);
    const auto one = lab.book.tls(web, "webext.contoso.example");
    CHECK_FALSE(one.what.certificate);
    CHECK(one.key != both.key);
    CHECK(lab.book.tls(web, "").what.alert == 112);
}

TEST_CASE("HTTP faults are found by path, query, method, scheme and host") {
    auto lab = make(
        R"("http": [{"path": "/WebTicket/*", "method": "POST", "status": 401}, {"path": "/?sipuri=*", "scheme": "http", "status": 301},
        {"at": "lyncdiscover.contoso.example", "path": "/", "status": 404}])");
    const auto& web = lab.at("192.0.2.20:443");
    const std::string discover = "lyncdiscover.contoso.example", external = "webext.contoso.example";
    auto post = get("/webticket/WebTicketService.svc");
    CHECK(lab.book.http(web, external, post, true) == nullptr);
    post.method = "POST";
    REQUIRE(lab.book.http(web, external, post, true) != nullptr);
    CHECK(lab.book.http(web, discover, get("/?sipuri=alice@contoso.example"), false)->status == 301);
    CHECK(lab.book.http(web, discover, get("/?sipuri=alice@contoso.example"), true)->status == 404);
    CHECK(lab.book.http(web, external, get("/?sipuri=alice@contoso.example"), true) == nullptr);
}
