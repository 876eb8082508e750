#include <catch2/catch.hpp>

#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

// lyncdiscover resolves, nothing else does; then what the web server said.
trace_builder only_lyncdiscover() {
    trace_builder t;
    t.devices().ok(
        "discovery.autodiscover_external", "address", "lyncdiscover.contoso.example",
        {{ev::dns_name, "lyncdiscover.contoso.example"}, told("A", "records"), {ev::dns_address, "198.51.100.9"}});
    t.add(
        "discovery.srv_external", "not_there", trace::outcome::expected, "_sip._tls.contoso.example",
        {{ev::dns_name, "_sip._tls.contoso.example"}, told("SRV", "NXDOMAIN"), {ev::dns_zone, "contoso.example"}});
    return t;
}

verdict web_answer(
    std::string_view branch, std::initializer_list<noted> facts, const char* node = "discovery.autodiscover_root") {
    auto t = only_lyncdiscover();
    t.failed(node, branch, "https://lyncdiscover.contoso.example/", facts).failed("discovery.candidates", "empty");
    return t.judge();
}

}  // namespace

TEST_CASE("statuses of autodiscover are told apart") {
    CHECK(root_of(web_answer("error", {{ev::http_status, 403}})) == "ad-403");
    CHECK(root_of(web_answer("error", {{ev::http_status, 404}})) == "ad-404");
    CHECK(root_of(web_answer("error", {{ev::http_status, 500}})) == "ad-500");
    CHECK(root_of(web_answer("error", {{ev::http_status, 502}})) == "ad-502-504");
    CHECK(root_of(web_answer("error", {{ev::http_status, 504}})) == "ad-502-504");
    CHECK(root_of(web_answer("error", {{ev::http_status, 503}})) == "ad-503");
    CHECK(
        root_of(web_answer("not_autodiscover", {{ev::http_status, 200}, {ev::http_type, "text/html"}})) ==
        "ad-not-xml");
    CHECK(root_of(web_answer("error", {{ev::http_status, 401}})) == "ad-preauth");
    CHECK(
        root_of(
            web_answer("error", {{ev::http_status, 200}, {ev::http_hop, "https://portal.contoso.example/login"}})) ==
        "ad-preauth");
}

TEST_CASE("redirects that come back are a loop, redirects elsewhere a question of trust") {
    CHECK(
        root_of(web_answer(
            "error", {{ev::http_status, 302},
                      {ev::http_hop, "https://a.contoso.example/"},
                      {ev::http_hop, "https://lyncdiscover.contoso.example/"}})) == "ad-redirect-loop");
    CHECK(
        root_of(web_answer(
            "error", {{ev::http_fault, "dns"},
                      {ev::http_url, "https://autodiscover.evil.example/"},
                      {ev::http_hop, "https://lyncdiscover.contoso.example/"}})) == "ad-redirect-foreign-domain");
}

TEST_CASE("a foreign host that autodiscover led to successfully is a warning") {
    auto t = signed_in();
    t.ok(
        "discovery.autodiscover_root", "user_and_domain", "https://webdir.online.example/",
        {{ev::http_url, "https://webdir.online.example/"},
         {ev::http_hop, "https://lyncdiscover.contoso.example/"},
         {ev::http_status, 200}});
    const auto v = t.judge();
    CHECK(root_of(v) == "()");
    CHECK(find(v, "ad-redirect-foreign-domain")->severity == severity::warning);
}

TEST_CASE("a user document without servers is no web page") {
    CHECK(
        root_of(web_answer(
            "error", {{ev::http_status, 200}, {ev::http_type, "application/vnd.microsoft.rtc.autodiscover+xml; v=1"}},
            "discovery.autodiscover_user")) == "ad-partial-no-sip-endpoint");
    CHECK(
        root_of(web_answer(
            "error", {{ev::http_status, 200}, {ev::http_type, "text/html"}}, "discovery.autodiscover_user")) ==
        "ad-not-xml");
}

TEST_CASE("a password that autodiscover's ticket service refuses is the cause when nothing else leads to a server") {
    auto t = only_lyncdiscover();
    t.failed(
        "registration.web_ticket", "refused", "https://web.contoso.example/WebTicket/WebTicketService.svc",
        {{ev::http_status, 500},
         {ev::soap_code, "wsse:FailedAuthentication"},
         {ev::ticket_way, "username"},
         {ev::password_refused, 1}});
    t.add(
        "discovery.autodiscover_user", "ticket_wanted", trace::outcome::warning,
        "https://web.contoso.example/root/user", {{ev::http_status, 401}});
    const auto v = t.failed("discovery.candidates", "empty").judge();
    CHECK(root_of(v) == "wt-bad-credentials-fault");
    CHECK(v.exit_code == 20);
}

TEST_CASE("a certificate that lacks the autodiscover name is not a host of somebody else") {
    const auto lacks = web_answer(
        "error", {{ev::http_fault, "certificate"},
                  verify_error(62, 0, "hostname mismatch"),
                  {ev::x509_name_matches, false},
                  {ev::x509_name, "web.contoso.example"}});
    CHECK(root_of(lacks) == "ad-https-cert-name");
    const auto stranger = web_answer(
        "error", {{ev::http_fault, "certificate"},
                  verify_error(62, 0, "hostname mismatch"),
                  {ev::x509_name_matches, false},
                  {ev::x509_name, "www.hosting.example"}});
    CHECK(root_of(stranger) == "dns-lyncdiscover-wrong-host");
}

TEST_CASE("an unknown user in autodiscover is the cause only when nothing else leads to a server") {
    CHECK(
        root_of(web_answer("unknown_user", {{ev::http_status, 404}}, "discovery.autodiscover_user")) ==
        "ad-user-unknown");
    auto t = signed_in();
    t.failed(
        "discovery.autodiscover_user", "unknown_user", "https://web.contoso.example/root/user",
        {{ev::http_status, 404}});
    const auto v = t.judge();
    CHECK(root_of(v) == "()");
    CHECK(find(v, "ad-user-unknown")->severity == severity::warning);
}

TEST_CASE("a document without a SIP server, or for the wrong side, is a warning") {
    auto t = signed_in();
    t.ok(
        "discovery.autodiscover_user", "servers", "https://web.contoso.example/root/user",
        {{ev::http_status, 200}, {ev::access_location, "Internal"}});
    const auto v = t.judge();
    CHECK(find(v, "ad-partial-no-sip-endpoint")->severity == severity::warning);
    CHECK(find(v, "ad-internal-urls-outside")->severity == severity::warning);
}

TEST_CASE("plain HTTP that leads on to HTTPS at another host is plain HTTP still") {
    auto t = signed_in();
    t.failed(
        "discovery.autodiscover_root", "error", "https://lyncdiscover.contoso.example/", {{ev::http_fault, "refused"}});
    t.ok("discovery.autodiscover_root", "redirect", "http://lyncdiscover.contoso.example/", {{ev::http_status, 200}});
    t.ok(
        "discovery.autodiscover_root", "user_and_domain", "https://web.contoso.example/root",
        {{ev::http_hop, "http://lyncdiscover.contoso.example/"}, {ev::http_status, 200}});
    const auto v = t.judge();
    CHECK(find(v, "ad-http-only") != nullptr);
    CHECK(find(v, "net-tcp-refused") == nullptr);
}

TEST_CASE("a portal's redirect that leads to no document is no autodiscover by plain HTTP") {
    auto t = signed_in();
    t.failed(
        "discovery.autodiscover_root", "error", "https://lyncdiscover.contoso.example/", {{ev::http_fault, "refused"}});
    t.ok("discovery.autodiscover_root", "redirect", "http://lyncdiscover.contoso.example/", {{ev::http_status, 302}});
    CHECK(find(t.judge(), "ad-http-only") == nullptr);
}

TEST_CASE("autodiscover by plain HTTP only is a warning") {
    auto t = signed_in();
    t.ok(
        "discovery.autodiscover_root", "user_and_domain", "http://lyncdiscover.contoso.example/",
        {{ev::http_status, 200}});
    t.failed(
        "discovery.autodiscover_root", "error", "https://lyncdiscover.contoso.example/", {{ev::http_fault, "refused"}});
    const auto v = t.judge();
    CHECK(find(v, "ad-http-only") != nullptr);
    CHECK(find(v, "net-tcp-refused") == nullptr);
    CHECK(root_of(v) == "()");
}

TEST_CASE("a document that names a host of the inside is a matter of the Host header, unless it takes us for inside") {
    CHECK(
        root_of(web_answer(
            "error", {{ev::http_fault, "dns"},
                      {ev::http_url, "https://fe01.contoso.local/"},
                      {ev::http_hop, "https://lyncdiscover.contoso.example/"}})) == "ad-host-header-rewritten");
    auto t = only_lyncdiscover();
    t.ok(
        "discovery.autodiscover_root", "redirect", "http://lyncdiscover.contoso.example/",
        {{ev::http_status, 200}, {ev::access_location, "Internal"}});
    t.failed(
        "discovery.autodiscover_root", "error", "https://pool01.contoso.local/",
        {{ev::http_fault, "dns"},
         {ev::http_url, "https://pool01.contoso.local/"},
         {ev::http_hop, "http://lyncdiscover.contoso.example/"}});
    CHECK(root_of(t.failed("discovery.candidates", "empty").judge()) == "ad-internal-urls-outside");
}

TEST_CASE("a redirect to a domain that was trusted by hand is no foreign one") {
    auto t = signed_in();
    t.ok(
        "discovery.autodiscover_root", "user_and_domain", "https://webdir.online.example/",
        {{ev::http_url, "https://webdir.online.example/"},
         {ev::http_hop, "https://lyncdiscover.contoso.example/"},
         {ev::http_status, 200},
         {ev::candidate_trusted, true}});
    CHECK(find(t.judge(), "ad-redirect-foreign-domain") == nullptr);
}

TEST_CASE(
    "lyncdiscover at the Edge, or at a page without https, is the wrong host; the right proxy with a page is not") {
    auto t = signed_in();
    t.ok(
        "discovery.srv_external", "records", "_sip._tls.contoso.example",
        {{ev::dns_name, "_sip._tls.contoso.example"}, told("SRV", "records"), {ev::dns_address, "198.51.100.5"}});
    t.ok(
        "discovery.autodiscover_external", "address", "lyncdiscover.contoso.example",
        {{ev::dns_name, "lyncdiscover.contoso.example"}, told("A", "records"), {ev::dns_address, "198.51.100.5"}});
    t.failed(
        "discovery.autodiscover_root", "error", "https://lyncdiscover.contoso.example/", {{ev::http_fault, "closed"}});
    CHECK(find(t.judge(), "dns-lyncdiscover-wrong-host") != nullptr);

    auto u = only_lyncdiscover();
    u.failed(
        "discovery.autodiscover_root", "not_autodiscover", "http://lyncdiscover.contoso.example/",
        {{ev::http_status, 200}, {ev::http_type, "text/html"}});
    u.failed(
        "discovery.autodiscover_root", "error", "https://lyncdiscover.contoso.example/", {{ev::http_fault, "refused"}});
    CHECK(root_of(u.failed("discovery.candidates", "empty").judge()) == "dns-lyncdiscover-wrong-host");
    CHECK(
        root_of(web_answer("not_autodiscover", {{ev::http_status, 200}, {ev::http_type, "text/html"}})) ==
        "ad-not-xml");
}
