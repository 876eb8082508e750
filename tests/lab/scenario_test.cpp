#include <catch2/catch.hpp>

#include <filesystem>

#include "lab/scenario.hpp"

using namespace ucsignin::lab;

namespace {

std::shared_ptr<const scenario> read(const std::string& members) {
    auto read = parse_scenario(
        R"({"format": "ucsignin-scenario/1")" + (members.empty() ? "" : ", " + members) + "}", "test.json");
    if (!read) FAIL(read.error().where << ": " << read.error().what);
    return *read;
}

load_error failure(const std::string& members) {
    const auto read = parse_scenario(R"({"format": "ucsignin-scenario/1", )" + members + "}", "test.json");
    REQUIRE_FALSE(read);
    CHECK(read.error().file == "test.json");
    return read.error();
}

}  // namespace

TEST_CASE("a scenario that says nothing is the healthy pool") {
    const auto made = read("");
    const auto healthy = healthy_scenario();
    CHECK(made->user().address == "alice@contoso.example");
    CHECK(made->client.password == healthy->client.password);
    CHECK(made->client.login == "CONTOSO\\alice");
    CHECK(made->pool.edge);
    CHECK(made->tcp.empty());
}

TEST_CASE("an unknown key is an error that points at it") {
    CHECK(failure(R"("dsn": {})").where == "/dsn");
    CHECK(failure(R"("dns": {"fault": []})").where == "/dns/fault");
    CHECK(failure(R"("tls": [{"at": "sip"}, {"certificat": "expired"}])").where == "/tls/1/certificat");
    CHECK(failure(R"("soap": [{"service": "web_ticket", "fault": {"eror_id": 1}}])").where == "/soap/0/fault/eror_id");
    CHECK(failure(R"("client": {"a/b~c": 1})").where == "/client/a~1b~0c");
}

TEST_CASE("a wrong type is an error that points at it") {
    CHECK(failure(R"("name": 7)").where == "/name");
    CHECK(failure(R"("user": [])").where == "/user");
    CHECK(failure(R"("tcp": {})").where == "/tcp");
    CHECK(failure(R"("tcp": [3])").where == "/tcp/0");
    CHECK(failure(R"("pool": {"schemes": ["NTLM", 5]})").where == "/pool/schemes/1");
    CHECK(failure(R"("http": [{"headers": {"X": 3}}])").where == "/http/0/headers/X");
    CHECK(failure(R"("pool": {"edge": "yes"})").where == "/pool/edge");
    CHECK(failure(R"("expect": {"exit_code": 3.5})").where == "/expect/exit_code");
    CHECK(failure(R"("http": [{"status": 99999}])").where == "/http/0/status");
    CHECK(failure(R"("http": [{"status": 18446744073709551615}])").where == "/http/0/status");
}

TEST_CASE("a wrong word is an error that lists the right ones") {
    const auto wrong = failure(R"("tcp": [{"do": "drpo"}])");
    CHECK(wrong.where == "/tcp/0/do");
    CHECK(wrong.what == "must be one of refuse, drop, reset, close, stall");
    CHECK(failure(R"("tls": [{"certificate": "expird"}])").where == "/tls/0/certificate");
    CHECK(failure(R"("tls": [{"certificate": {"profile": "expird"}}])").where == "/tls/0/certificate/profile");
    CHECK(failure(R"("tcp": [{"at": "egde"}])").where == "/tcp/0/at");
    CHECK(failure(R"("dns": {"faults": [{"rcode": "SERVFALI"}]})").where == "/dns/faults/0/rcode");
    CHECK(failure(R"("pool": {"services": [{"at": "nowhere"}]})").where == "/pool/services/0/at");
}

TEST_CASE("records that DNS cannot carry are refused when they are read") {
    CHECK(failure(R"("dns": {"add": [{"name": "sip", "data": "192.0.2"}]})").where == "/dns/add/0/data");
    CHECK(
        failure(R"("dns": {"add": [{"name": "sip", "type": "AAAA", "data": "192.0.2.1"}]})").where ==
        "/dns/add/0/data");
    CHECK(
        failure(R"("dns": {"add": [{"name": "_sip._tls", "type": "SRV", "data": "0 0 sip"}]})").where ==
        "/dns/add/0/data");
    CHECK(
        failure(R"("dns": {"add": [{"name": "_sip._tls", "type": "SRV", "data": "0 0 99999 sip"}]})").where ==
        "/dns/add/0/data");
    CHECK(failure(R"("dns": {"add": [{"name": "a", "type": "MX", "data": "x"}]})").where == "/dns/add/0/type");
    CHECK(failure(R"("dns": {"add": [{"name": "a..b", "data": "192.0.2.1"}]})").where == "/dns/add/0/data");
}

TEST_CASE("names that no certificate can hold are refused when they are read") {
    CHECK(failure(R"("tls": [{"certificate": {"names": ["a,URI:b"]}}])").where == "/tls/0/certificate/names");
    CHECK(
        failure(R"("pool": {"services": [{"at": "192.0.2.9:443", "names": ["a b"]}]})").where ==
        "/pool/services/0/names");
    CHECK(failure(R"("pool": {"edge_host": ""})").where == "/pool/edge_host");
    CHECK(failure(R"("pool": {"sip_domain": "a,b.example"})").where == "/pool/sip_domain");
    CHECK(
        failure(R"("tls": [{"certificate": {"common_name": ")" + std::string(65, 'x') + R"("}}])").where ==
        "/tls/0/certificate/common_name");
}

TEST_CASE("another format is refused, and so is what is not JSON") {
    const auto other = parse_scenario(R"({"format": "ucsignin-scenario/2"})", "x.json");
    REQUIRE_FALSE(other);
    CHECK(other.error().where == "/format");
    const auto broken = parse_scenario(R"({"format": )", "x.json");
    REQUIRE_FALSE(broken);
    CHECK(broken.error().what.starts_with("not JSON: byte "));
    CHECK_FALSE(parse_scenario("[]", "x.json"));
    CHECK_FALSE(load_scenario("/nowhere/at/all.json"));
    CHECK_FALSE(load_scenario("/dev/zero"));
}

TEST_CASE("names are relative to the SIP domain as in a zone file, without its traps") {
    const auto made = read(R"("dns": {"add": [
        {"name": "_sip._tls", "type": "SRV", "data": "0 0 443 edge"},
        {"name": "@", "type": "TXT", "data": "text"},
        {"name": "host.fabrikam.example", "data": "192.0.2.9"},
        {"name": "deep.down.", "data": "192.0.2.9"}]})");
    REQUIRE(made->dns.add.size() == 4);
    CHECK(made->dns.add[0].name == "_sip._tls.contoso.example");
    CHECK(made->dns.add[0].data == "0 0 443 edge.contoso.example");
    CHECK(made->dns.add[1].name == "contoso.example");
    CHECK(made->dns.add[2].name == "host.fabrikam.example");
    CHECK(made->dns.add[3].name == "deep.down");
}

TEST_CASE("another SIP domain moves the pool and its users there") {
    const auto made = read(R"("pool": {"sip_domain": "Litware.test"})");
    CHECK(made->pool.edge_host == "sip.litware.test");
    CHECK(made->pool.web_external == "webext.litware.test");
    CHECK(made->user().address == "alice@litware.test");
    CHECK(made->client.address == "alice@litware.test");
}

TEST_CASE("what the client types may differ from what the server knows") {
    CHECK(read(R"("user": {"password": "a", "typed_password": "b"})")->client.password == "b");
    CHECK(read(R"("user": {"password": "a"})")->client.password == "a");
    CHECK_FALSE(read(R"("client": {"password": null})")->client.password);
    const auto other = read(R"("client": {"address": "alice@contso.example", "login": "alice"})");
    CHECK(other->client.address == "alice@contso.example");
    CHECK(other->client.login == "alice");
    CHECK(other->user().address == "alice@contoso.example");
}

TEST_CASE("a user without remote access is refused at the Edge, and only there") {
    const auto outside = read(R"("user": {"remote_access": false})");
    REQUIRE(outside->pool.sip.size() == 1);
    CHECK(outside->pool.sip[0].status == 403);
    CHECK(read(R"("pool": {"edge": false}, "user": {"remote_access": false})")->pool.sip.empty());
}

TEST_CASE("faults are read with what they default to") {
    const auto made = read(R"(
        "tls": [{"at": "lyncdiscover.contoso.example:443", "certificate": {"names": ["a.example"], "not_after_days": 0.5}, "max_version": "1.1"}],
        "http": [{"path": "/CertProv/*", "status": 500, "headers": {"Set-Cookie": ["a", "b"], "Date": ""}, "nth": 2, "times": 1}],
        "sip": [{"method": "REGISTER", "step": "signed", "status": 404}],
        "soap": [{"service": "cert_prov", "certificate": "wrong_subject"}])");
    REQUIRE(made->tls.at(0).certificate);
    CHECK(made->tls[0].certificate->profile == "good");
    CHECK(made->tls[0].certificate->valid_to_days == 0.5);
    CHECK(made->http.at(0).headers.size() == 3);
    CHECK_FALSE(made->http[0].when.include(1));
    CHECK(made->http[0].when.include(2));
    CHECK_FALSE(made->http[0].when.include(3));
    CHECK(made->pool.sip.at(0).times == 0);
    CHECK(made->pool.soap.at(0).certificate == "wrong_subject");
}

TEST_CASE("a body may come from a file beside the scenario") {
    const auto missing = failure(R"("http": [{"body_file": "no-such-file.html"}])");
    CHECK(missing.where == "/http/0/body_file");
}

TEST_CASE("what is expected is kept for whoever runs the scenario") {
    const auto made = read(
        R"("expect": {"signed_in": false, "stopped_at": null, "exit_code": 20, "root_causes": ["dns-no-records"],
        "branches": {"discovery.candidates": "empty"}, "evidence": [{"node": "discovery.srv_external", "name": "dns_state", "contains": "SRV"}]})");
    CHECK(made->expect.signed_in == false);
    CHECK(made->expect.stopped_at == "");
    CHECK(made->expect.exit_code == 20);
    CHECK(made->expect.root_causes->front() == "dns-no-records");
    CHECK(made->expect.branches.at("discovery.candidates") == "empty");
    CHECK(made->expect.evidence.at(0).contains == "SRV");
    CHECK_FALSE(made->expect.evidence.at(0).equals);
}

TEST_CASE("every scenario of the collection can be read, is named as its file and expects something") {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(SCENARIO_FOLDER)) {
        if (entry.path().extension() != ".json") continue;
        CAPTURE(entry.path().string());
        const auto read = load_scenario(entry.path().string());
        if (!read) FAIL(read.error().where << ": " << read.error().what);
        CHECK((*read)->name == entry.path().stem());
        CHECK_FALSE((*read)->description.empty());
        CHECK((*read)->expect.signed_in);
        ++count;
    }
    CHECK(count >= 25);
}
