#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "ucsignin/diagnosis.hpp"

using namespace ucsignin::diagnosis;

namespace {

constexpr std::string_view ids[] = {
    "local-no-network",
    "local-no-default-route",
    "local-vpn-adapter-preferred",
    "local-vpn-dns-only-leak",
    "local-clock-skew",
    "local-proxy-dead-leftover",
    "local-pac-file-scheme",
    "local-pac-wrong-proxy",
    "local-wpad-slow",
    "local-hosts-override",
    "local-stale-dns-cache",
    "local-dns-suffix-hijack",
    "local-resolver-none",
    "local-ipv6-broken",
    "local-ipv6-only",
    "local-firewall-blocks-process",
    "local-av-tls-scan",
    "local-missing-root-ca",
    "local-root-store-gpo-flap",
    "local-tls-versions-disabled",
    "local-endpoint-cache-stale",
    "local-user-cert-corrupt",
    "local-user-cert-expired",
    "local-machineguid-braces",
    "local-credential-cache-old-password",
    "local-client-out-of-date",
    "local-profile-unwritable",
    "dns-no-records",
    "dns-user-domain-typo",
    "dns-internal-srv-missing",
    "dns-srv-mistyped",
    "dns-srv-target-missing",
    "dns-srv-target-is-cname",
    "dns-srv-target-outside-domain",
    "dns-srv-wrong-port",
    "dns-srv-priority-misused",
    "dns-split-brain-internal-leaked",
    "dns-split-brain-missing-internal",
    "dns-lyncdiscoverinternal-visible-outside",
    "dns-lyncdiscover-wrong-host",
    "dns-stale-a",
    "dns-one-pool-member-dead",
    "dns-servfail",
    "dns-dnssec-bogus",
    "dns-timeout",
    "dns-refused",
    "dns-nxdomain-negative-cache",
    "dns-cname-loop",
    "dns-wildcard-catch-all",
    "dns-captive-hijack",
    "dns-truncated-no-tcp",
    "dns-dhcp-option-stale",
    "ad-http-only",
    "ad-https-cert-name",
    "ad-403",
    "ad-404",
    "ad-500",
    "ad-502-504",
    "ad-503",
    "ad-redirect-loop",
    "ad-redirect-foreign-domain",
    "ad-not-xml",
    "ad-preauth",
    "ad-internal-urls-outside",
    "ad-external-urls-inside",
    "ad-host-header-rewritten",
    "ad-user-unknown",
    "ad-partial-no-sip-endpoint",
    "net-tcp-refused",
    "net-tcp-filtered",
    "net-host-unreachable",
    "net-5061-blocked-443-open",
    "net-443-blocked",
    "net-rst-after-clienthello",
    "net-rst-mid-handshake",
    "net-tls-inspection",
    "net-tls-inspection-breaks-sip",
    "net-captive-portal",
    "net-proxy-407",
    "net-proxy-connect-denied",
    "net-mtu-blackhole",
    "net-asymmetric-stateful",
    "net-high-latency",
    "net-loss",
    "net-idle-timeout-drop",
    "net-sip-alg",
    "net-lb-no-member",
    "net-source-acl",
    "tls-expired",
    "tls-intermediate-expired",
    "tls-not-yet-valid",
    "tls-name-mismatch",
    "tls-missing-sip-domain-san",
    "tls-cn-only-no-san",
    "tls-wildcard-cert",
    "tls-untrusted-root",
    "tls-self-signed",
    "tls-missing-intermediate",
    "tls-wrong-eku",
    "tls-revoked",
    "tls-crl-unreachable",
    "tls-weak-signature",
    "tls-ca-alternate-signature",
    "tls-weak-key",
    "tls-protocol-version",
    "tls-cipher-mismatch",
    "tls-client-cert-demanded",
    "tls-issuer-list-truncated",
    "tls-sni-required",
    "tls-http-on-sip-port",
    "tls-wrong-edge-service",
    "tls-not-tls",
    "tls-handshake-timeout",
    "tls-session-ticket-server-bug",
    "tls-subordinate-in-root-store",
    "wt-401-loop",
    "wt-bad-credentials-fault",
    "wt-account-disabled",
    "wt-sip-uri-mismatch",
    "wt-auth-type-not-allowed",
    "wt-not-sip-enabled",
    "wt-ticket-invalid",
    "wt-ticket-expired",
    "wt-audience-invalid",
    "wt-oauth-token-invalid",
    "wt-upn-missing-in-token",
    "wt-adfs-down",
    "wt-adfs-cert",
    "wt-adfs-mfa",
    "wt-token-signing-rollover",
    "wt-federated-direct-login",
    "wt-wam-adal-default",
    "wt-smartcard-kdc-unreachable",
    "certprov-unreachable",
    "certprov-500",
    "certprov-wrong-subject",
    "certprov-not-yet-valid",
    "certprov-disabled",
    "credentials-withheld",
    "reg-wrong-password",
    "reg-account-locked",
    "reg-password-expired",
    "reg-ntlm-session-security",
    "reg-no-common-scheme",
    "reg-kerberos-skew",
    "reg-kerberos-spn",
    "server-clock-skew",
    "reg-404-not-sip-enabled",
    "reg-404-not-replicated",
    "reg-user-not-in-pool",
    "reg-403-remote-access",
    "reg-403-uri-not-authorized",
    "reg-403-no-reason",
    "reg-version-blocked",
    "reg-server-overloaded",
    "reg-503-generic",
    "reg-quorum-loss",
    "reg-504-edge-next-hop",
    "reg-504-dns",
    "reg-504-next-hop-cert",
    "reg-sip-domain-unsupported",
    "reg-301-home-pool",
    "reg-301-target-unreachable",
    "reg-301-loop",
    "reg-302-temporary",
    "reg-backup-registrar-limited",
    "reg-dsk-cert-revoked",
    "reg-dsk-inner-tls-fail",
    "reg-signature-mismatch",
    "reg-unsigned-200",
    "reg-unchallenged",
    "reg-timeout",
    "reg-endpoint-limit",
    "reg-deregistered-disabled",
    "reg-user-moved",
    "reg-duplicate-sip-address",
    "reg-400-malformed",
    "reg-482-483-loop",
    "reg-480",
    "reg-423-interval",
    "reg-hybrid-wrong-side",
    "reg-auth-config-split",
    "prov-no-answer",
    "prov-error",
    "prov-group-missing",
    "prov-no-dialplan",
    "prov-no-mras",
    "mras-failed",
    "prov-web-urls-unreachable",
    "address-book-401",
    "sub-event-unsupported",
    "sub-481-dialog-gone",
    "roaming-contacts-failed",
    "contacts-in-ucs-unreachable",
    "contacts-readonly-migration",
    "contacts-quota",
    "roaming-version-conflict",
    "roaming-data-corrupt",
    "message-too-large",
    "publish-conflict",
    "publish-refused",
    "category-subscription-limit",
    "presence-not-authorized",
    "presence-privacy-mode",
    "federation-disabled",
    "federation-no-route",
    "limited-functionality",
    "ex-autodiscover-none",
    "ex-rootdomain-website",
    "ex-cert",
    "ex-domain-trust-prompt",
    "ex-401-loop",
    "ex-mailbox-none",
    "ex-legacy-or-forms-publishing",
    "ex-oauth-tenant-unknown",
    "ex-ews-unavailable",
    "ex-freebusy-denied",
    "ex-um-mwi-missing",
    "ex-proxy-blocks"};

std::size_t longest_line(const std::string& text) {
    std::size_t longest = 0, start = 0;
    while (start < text.size()) {
        const auto end = std::min(text.find('\n', start), text.size());
        longest = std::max(longest, end - start);
        start = end + 1;
    }
    return longest;
}

}  // namespace

TEST_CASE("the catalogue holds each of the 219 ids exactly once, and no other") {
    CHECK(std::size(ids) == 219);
    std::set<std::string_view> seen;
    for (const auto& e : catalogue()) CHECK(seen.insert(e.id).second);
    CHECK(seen == std::set<std::string_view>(std::begin(ids), std::end(ids)));
}

TEST_CASE("every entry says what it means, who repairs it, how, and how to see it") {
    for (const auto& e : catalogue()) {
        INFO(e.id);
        CHECK(!e.title.empty());
        CHECK(e.meaning.size() > 15);
        CHECK(!e.who.empty());
        CHECK(!e.remedy.empty());
        CHECK(!e.check.empty());
        CHECK(!e.look_alikes.empty());
        CHECK(e.stage >= 1);
        CHECK(e.stage <= 5);
    }
}

TEST_CASE("entries hold only placeholders that a finding can fill") {
    const std::set<std::string> known{
        "user", "login",    "domain", "host",  "port",    "address",           "server",      "pool",
        "sts",  "resolver", "proxy",  "allow", "account", "account_attribute", "wanted_names"};
    for (const auto& e : catalogue())
        for (const auto text : {e.title, e.meaning, e.remedy, e.check}) {
            INFO(e.id);
            for (auto open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
                const auto close = text.find('}', open);
                REQUIRE(close != text.npos);
                const std::string name(text.substr(open + 1, close - open - 1));
                if (name.find(' ') == name.npos) CHECK(known.count(name) == 1);
            }
        }
}

TEST_CASE("an id that is not in the catalogue is not found") {
    CHECK(find_entry("tls-expired") != nullptr);
    CHECK(find_entry("tls-expire") == nullptr);
    CHECK(find_entry("") == nullptr);
}

TEST_CASE("every entry explains itself within 80 columns, without braces around names") {
    for (const auto& e : catalogue()) {
        INFO(e.id);
        const auto page = explain(e);
        CHECK(longest_line(page) <= 80);
        CHECK(page.find(std::string(e.id) + "\n") == 0);
        CHECK(page.find("{host}") == page.npos);
    }
}

TEST_CASE("a page names stage, severity, repairer and look-alikes") {
    const auto page = explain(*find_entry("net-tcp-refused"));
    CHECK(page.find("Nothing listens at <host>:<port>") != page.npos);
    CHECK(page.find("stage 3 (connection), failure") != page.npos);
    CHECK(page.find("SfB admin") != page.npos);
    CHECK(page.find("net-tcp-filtered") != page.npos);
}
