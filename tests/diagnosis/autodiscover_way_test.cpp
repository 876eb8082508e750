#include <catch2/catch.hpp>

#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

const char* const secure = "https://lyncdiscover.contoso.example/";
const char* const plain = "http://lyncdiscover.contoso.example/";

// lyncdiscover has an address, nothing else is in DNS.
trace_builder only_lyncdiscover() {
    trace_builder t;
    t.devices().ok(
        "discovery.autodiscover_external", "address", "lyncdiscover.contoso.example",
        {{ev::dns_name, "lyncdiscover.contoso.example"}, told("A", "records"), {ev::dns_address, "198.51.100.9"}});
    return t;
}

verdict ended(trace_builder& t) { return t.failed("discovery.candidates", "empty").judge(); }

// The root document over TLS ended in `fault`, once the server's certificate had been taken.
trace_builder& left(trace_builder& t, ev::http_fault_word fault, const char* node, const char* url) {
    return t.failed(
        node, "error", url,
        {{ev::http_url, url},
         {ev::http_fault, fault},
         {ev::http_error, "no answer within the time given"},
         {ev::x509_name_matches, true},
         {ev::x509_not_after, "2027-11-30T14:00:23Z"}});
}

}  // namespace

TEST_CASE("a request that a web server took and left is no silence of the network") {
    for (const ev::http_fault_word fault : {ev::http_fault_word("timed_out"), ev::http_fault_word("closed")}) {
        auto t = only_lyncdiscover();
        left(t, fault, "discovery.autodiscover_root", secure)
            .failed("discovery.autodiscover_root", "error", plain, {{ev::http_url, plain}, {ev::http_fault, fault}});
        const auto v = ended(t);
        CHECK(root_of(v) == "ad-502-504");
        CHECK(v.root_causes.front().certainty == certainty::likely);
        CHECK(find(v, "net-tcp-filtered") == nullptr);
        CHECK(find(v, "net-lb-no-member") == nullptr);
        CHECK(find(v, "ad-502-504")->explanation.find("The connection came up") != std::string::npos);
    }
    auto silent = only_lyncdiscover();
    silent.failed(
        "discovery.autodiscover_root", "error", secure, {{ev::http_url, secure}, {ev::http_fault, "timed_out"}});
    CHECK(root_of(ended(silent)) == "net-tcp-filtered");
}

TEST_CASE("a user's document that does not come is a cause, although the root document of the same host came") {
    const char* const user = "https://lyncdiscover.contoso.example/Autodiscover/AutodiscoverService.svc/root/user";
    auto t = only_lyncdiscover();
    t.ok(
        "discovery.autodiscover_root", "user_and_domain", secure,
        {{ev::http_url, secure},
         {ev::http_status, 200},
         {ev::http_type, "application/vnd.microsoft.rtc.autodiscover"}});
    left(t, "closed", "discovery.autodiscover_user", user);
    CHECK(root_of(ended(t)) == "ad-502-504");
}

TEST_CASE("a portal sends plain HTTP to itself; where nothing comes over TLS, it is no foreign domain to be trusted") {
    auto t = only_lyncdiscover();
    t.failed(
        "discovery.autodiscover_root", "error", "http://wifi.hotel.example/",
        {{ev::http_url, "http://wifi.hotel.example/"}, {ev::http_hop, plain}, {ev::http_fault, "dns"}});
    t.failed("discovery.autodiscover_root", "error", secure, {{ev::http_url, secure}, {ev::http_fault, "timed_out"}});
    const auto v = ended(t);
    CHECK(root_of(v) == "net-captive-portal");
    CHECK(find(v, "ad-redirect-foreign-domain") == nullptr);
    auto by_tls = only_lyncdiscover();
    by_tls.failed(
        "discovery.autodiscover_root", "error", "https://dir.fabrikam.example/",
        {{ev::http_url, "https://dir.fabrikam.example/"}, {ev::http_hop, secure}, {ev::http_fault, "dns"}});
    const auto foreign = ended(by_tls);
    CHECK(root_of(foreign) == "ad-redirect-foreign-domain");
    CHECK(foreign.root_causes.front().certainty == certainty::certain);
}

TEST_CASE("a proxy that refuses to connect answers plain HTTP with its own refusal") {
    auto t = only_lyncdiscover();
    t.failed("discovery.autodiscover_root", "error", plain, {{ev::http_url, plain}, {ev::http_status, 403}});
    t.failed(
        "discovery.autodiscover_root", "error", secure,
        {{ev::http_url, secure}, {ev::http_fault, "proxy"}, {ev::proxy_status, 403}});
    const auto v = ended(t);
    CHECK(root_of(v) == "net-proxy-connect-denied");
    CHECK(find(v, "ad-403") == nullptr);
}

TEST_CASE("over plain HTTP an answer may be anybody's") {
    auto t = only_lyncdiscover();
    t.failed("discovery.autodiscover_root", "error", plain, {{ev::http_url, plain}, {ev::http_status, 403}});
    CHECK(ended(t).root_causes.front().certainty == certainty::likely);
    auto both = only_lyncdiscover();
    both.failed("discovery.autodiscover_root", "error", plain, {{ev::http_url, plain}, {ev::http_status, 403}});
    both.failed("discovery.autodiscover_root", "error", secure, {{ev::http_url, secure}, {ev::http_status, 403}});
    CHECK(ended(both).root_causes.front().certainty == certainty::certain);
}

TEST_CASE("statuses that only gateways and networks send are not the application's") {
    const auto answered = [](int status) {
        auto t = only_lyncdiscover();
        t.failed("discovery.autodiscover_root", "error", secure, {{ev::http_url, secure}, {ev::http_status, status}});
        return ended(t);
    };
    CHECK(root_of(answered(511)) == "net-captive-portal");
    for (const int status : {520, 522, 525, 530, 599}) {
        CHECK(root_of(answered(status)) == "ad-502-504");
        CHECK(answered(status).root_causes.front().certainty == certainty::likely);
    }
    CHECK(root_of(answered(501)) == "ad-500");
}

TEST_CASE("a certificate for other names at a web host is told as such, wherever the host comes from") {
    const char* const service = "https://webext.contoso.example/CertProv/CertProvisioningService.svc";
    auto t = up_to_challenge();
    t.failed(
        "registration.web_ticket", "unreachable", service,
        {{ev::candidate, edge},
         {ev::http_url, service},
         {ev::step, "metadata"},
         {ev::http_fault, "certificate"},
         {ev::http_error, "it is not issued for webext.contoso.example"},
         {ev::x509_name_matches, false},
         {ev::x509_subject, "CN=other.fabrikam.example"},
         {ev::x509_name, "other.fabrikam.example"}});
    const auto v = t.judge();
    CHECK(root_of(v) == "tls-name-mismatch");
    CHECK(find(v, "certprov-unreachable") == nullptr);
}

TEST_CASE("the address of a proxy on this PC is no answer of DNS about the server") {
    for (const std::int64_t status : {403, 503, 407}) {
        auto t = only_lyncdiscover();
        t.failed(
            "discovery.autodiscover_root", "error", secure,
            {{ev::http_url, secure},
             {ev::http_fault, "proxy"},
             {ev::peer, std::string("127.0.0.1:3128")},
             {ev::proxy_status, status}});
        const auto v = ended(t);
        CHECK(find(v, "dns-name-filtered") == nullptr);
        CHECK(root_of(v) == (status == 407 ? "net-proxy-407" : "net-proxy-connect-denied"));
    }
    auto filtered = only_lyncdiscover();
    filtered.failed(
        "discovery.autodiscover_root", "error", secure,
        {{ev::http_url, secure}, {ev::http_fault, "refused"}, {ev::peer, std::string("127.0.0.1:443")}});
    CHECK(find(ended(filtered), "dns-name-filtered") != nullptr);
}
