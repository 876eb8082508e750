// What somebody who attacked masked reports found in them, one case each; and what a masked report has to keep.

#include <catch2/catch.hpp>

#include "samples.hpp"
#include "trace/evidence_provisioning.hpp"

using namespace ucsignin;
namespace ev = trace::ev;

namespace {

report::report about_alice() {
    auto r = report::samples::stopped();
    r.verdict.findings.clear();
    return r;
}

void note(report::report& r, const trace::evidence_entry& name, std::string value) {
    r.trace.spans.front().evidence.push_back({std::string(name.name), std::move(value), name.kind, name.from});
}

std::string value_of(const report::report& r) {
    return std::get<std::string>(r.trace.spans.front().evidence.back().value);
}

std::string masked(const trace::evidence_entry& name, std::string value) {
    auto r = about_alice();
    note(r, name, std::move(value));
    return value_of(report::mask(r));
}

std::string masked_sentence(std::string sentence) {
    auto r = about_alice();
    r.trace.spans.front().summary = std::move(sentence);
    return report::mask(r).trace.spans.front().summary;
}

}  // namespace

TEST_CASE("a cache's path does not tell the hash of the address") {
    CHECK(
        masked(ev::cache_file, "/home/alice/.cache/ucsignin/9b74c9897bac770ffc029102a200c5de/server.json") ==
        "***/server.json");
    CHECK(
        masked_sentence("/root/.cache/ucsignin/9b74c9897bac770f/server.json was written") ==
        "***/server.json was written");
}

TEST_CASE("home folders go") {
    CHECK(masked(ev::trust_file, "/home/bob/corp-root.pem") == "***.pem");
    CHECK(masked(ev::trust_file, "C:\\Users\\Bob Brown\\corp.cer") == "***.cer");
    CHECK(masked_sentence("cannot read '/home/bob/x' and C:\\Users\\bob\\y.") == "cannot read '***' and ***.");
}

TEST_CASE("telephone numbers go, and the same number has the same stand-in however it is written") {
    CHECK(masked(ev::setting_value, "tel:+49305550100;ext=1001") == "tel:phone1");
    CHECK(
        masked_sentence("call +49 30 5550100, +49 (30) 555-0100 or +49 30 5550199") == "call phone1, phone1 or phone2");
}

TEST_CASE("people's display names go") {
    CHECK(masked(ev::diagnostics_reason, "User Bob Brown is disabled") == "User *** is disabled");
    CHECK(masked(ev::audio_device, "Bob's Headset") == "*** Headset");
    CHECK(
        masked_sentence("403 Forbidden (ms-diagnostics 4003: Bob Brown is not enabled)") ==
        "403 Forbidden (ms-diagnostics 4003: *** is not enabled)");
}

TEST_CASE("GUIDs go, and the same one has the same stand-in") {
    CHECK(
        masked(
            ev::diagnostics_reason,
            "object {7E1DA2B3-77AA-4BCD-9E0F-112233445566} of 7e1da2b3-77aa-4bcd-9e0f-112233445566") ==
        "object {guid1} of guid1");
}

TEST_CASE("foreign URLs lose their hosts, whatever the scheme, and what path and query say") {
    CHECK(
        masked_sentence("see ldap://dc1.fabrikam.test/x, https://idp.fabrikam.test/u/bob?sipuri=bob@fabrikam.test") ==
        "see ldap://host1.domain2.example/x, https://host2.domain2.example/u/user2?sipuri=user2@domain2.example");
    CHECK(masked(ev::http_location, "https://webmail/owa?user=bob") == "https://host1/owa?user=***");
}

TEST_CASE("server names inside texts go") {
    CHECK(masked(ev::http_via, "1.1 cache3.fabrikam.test (squid/5.7)") == "1.1 host1.domain2.example (squid/5.7)");
    CHECK(masked(ev::leased_sip_server, "sip3.fabrikam.test") == "sip3.domain2.example");
    CHECK(masked(ev::lease_file, "/var/lib/dhcp/dhclient.eth0.leases") == "***");
    CHECK(
        masked(ev::pac_answer, "PROXY gate:8080; PROXY gate.fabrikam.test:8080") ==
        "PROXY ***:8080; PROXY host1.domain2.example:8080");
    CHECK(masked(ev::http_server, "Microsoft-IIS/10.0 FABWEB7") == "Microsoft-IIS/10.0 ***");
    CHECK(
        masked_sentence("ms-diagnostics 1034, source=\"sip.fabrikam.test\"") ==
        "ms-diagnostics 1034, source=\"sip.domain2.example\"");
}

TEST_CASE("reasons that name users lose them") {
    CHECK(
        masked(ev::soap_text, "User Bob Brown (CONTOSO\\bob) is disabled") ==
        "User user2 *** (DOMAIN1\\user2) is disabled");
    CHECK(
        masked_sentence("User Bob Brown (CONTOSO\\bob) is disabled") == "User user2 *** (DOMAIN1\\user2) is disabled");
}

TEST_CASE("settings lose their values but for words of the protocols, yes and no, and small numbers") {
    CHECK(masked(ev::setting_group, "ServerConfiguration") == "ServerConfiguration");
    CHECK(masked(ev::setting_name, "ucMinMediaPort") == "ucMinMediaPort");
    CHECK(masked(ev::setting_value, "Users in Berlin") == "Users in ***");
    CHECK(masked(ev::setting_value, "7100") == "7100");
    CHECK(masked(ev::setting_value, "50123") == "***");
    CHECK(masked(ev::setting_value, "true") == "true");
}

TEST_CASE("identifiers go: fingerprints, calls, endpoints, requests") {
    for (const auto* id :
         {"8fea9367a22a562f7012643c4c4c97ce4266d083b209dc818b17c729b95f1e0d", "8F:EA:93:67:11:22:33:44",
          "ce418e99f35a2a80", "1234567890"}) {
        CHECK(masked(ev::x509_fingerprint, id) == "***");
        CHECK(masked_sentence(std::string("the answer to ") + id) == "the answer to ***");
    }
    CHECK(
        masked(ev::gruu, "sip:alice@contoso.example;opaque=user:epid:Xy7aV0;gruu") ==
        "sip:user1@domain1.example;opaque=user:epid:***;gruu");
}

TEST_CASE("what says nothing about anybody stays") {
    const struct {
        const trace::evidence_entry& name;
        const char* value;
    } kept[] = {
        {ev::tls_version, "TLSv1.3"},
        {ev::tls_cipher, "ECDHE-RSA-AES256-GCM-SHA384"},
        {ev::tls_cipher, "TLS_AES_128_GCM_SHA256"},
        {ev::tls_local_lowest, "TLSv1"},
        {ev::tls_local_highest, "TLSv1.3"},
        {ev::x509_not_after, "2027-11-24T20:48:16Z"},
        {ev::http_date, "Tue, 24 Nov 2026 20:48:17 GMT"},
        {ev::x509_signature, "sha256WithRSAEncryption"},
        {ev::x509_key_type, "RSA"},
        {ev::dns_answer_rcode, "NXDOMAIN"},
        {ev::dns_answer_state, "NODATA"},
        {ev::http_type, "application/vnd.microsoft.rtc.autodiscover+xml; v=1"},
        {ev::http_type, "text/xml; charset=utf-8"},
        {ev::http_server, "Microsoft-IIS/10.0"},
        {ev::sip_server, "RTC/6.0"},
        {ev::sip_reason, "Temporarily Unavailable"},
        {ev::sip_reason, "Server Time-out"},
        {ev::sip_user_agent, "UCCAPI/16.0.13328.20000 OC/16.0.4600.1000 (Skype for Business)"},
        {ev::auth_realm, "SIP Communications Service"},
        {ev::auth_scheme_offered, "TLS-DSK"},
        {ev::x509_error_text, "unable to get local issuer certificate"},
        {ev::connect_errno, "ECONNREFUSED"},
        {ev::ticket_refused_ways, "WebTicketServiceWinNegotiate"},
        {ev::dns_record_data, "0 0 5061 localhost"},
        {ev::soap_code, "wsse:FailedAuthentication"},
        {ev::provisioning_group, "endpointConfiguration"},
        {ev::vantage, "outside"}};
    for (const auto& k : kept) CHECK(masked(k.name, k.value) == k.value);
    for (const auto* sentence :
         {"this PC's clock is 57600 minutes behind every server", "HTTP 502 Bad Gateway",
          "403 Forbidden (ms-diagnostics-public 4003: From URI not enabled for remote access)",
          "not valid before 8 December 2026", "no name of the sign-in is in /etc/hosts",
          "give the UPN or DOMAIN\\user (--login)", "it stopped at registration.web_ticket: reg-wrong-password",
          "w32tm /resync, then w32tm /stripchart /samples:3", "127.0.0.1:53070 answers",
          "error 0x80090322 after 0.25 s"})
        CHECK(masked_sentence(sentence) == sentence);
}

TEST_CASE("a number of five digits stays where the trace holds it as a number") {
    auto r = about_alice();
    r.trace.spans.front().summary = "ms-diagnostics 51004, room 51005";
    r.trace.spans.back().evidence.push_back(
        {"ms_diagnostics.id", std::int64_t{51004}, trace::value_kind::number, trace::provenance::server});
    CHECK(report::mask(r).trace.spans.front().summary == "ms-diagnostics 51004, ***");
}

TEST_CASE("an adapter's name has a stand-in, in sentences too") {
    auto r = about_alice();
    note(r, ev::adapter_name, "wg-contoso");
    r.trace.spans.front().summary = "wg-contoso, 192.168.10.21, leads there";
    CHECK(report::mask(r).trace.spans.front().summary == "adapter1, 10.0.0.1, leads there");
}
