// What makes each finding certain, in one table that verdicts are held to, whichever rule wrote them.
#include "diagnosis/certainty.hpp"

#include <array>
#include <vector>

namespace ucsignin::diagnosis {
namespace {

namespace ev = trace::ev;

struct row {
    finding_ref finding;
    diagnosis::grounds grounds;
};

// clang-format off
constexpr grounds number{"The server names the reason by its number.", {&ev::diagnostics_id}};
constexpr grounds parameter{"A parameter beside the number names the reason.", {&ev::diagnostics_parameter}};
constexpr grounds http_answer{"The status of the answer is the fault itself.", {&ev::http_status}};
constexpr grounds sip_answer{"The status of the answer is the fault itself.", {&ev::sip_status}};
constexpr grounds fault_text{"The service names the reason in its fault.", {&ev::soap_text, &ev::soap_code, &ev::diagnostics_id}};
constexpr grounds proxy_answer{"The proxy refuses in its own words.", {&ev::proxy_status}};
constexpr grounds hops{"The addresses that were led to, one after another, show it.", {&ev::http_hop, &ev::http_location}};
constexpr grounds home{"The servers that the redirects name show it.", {&ev::home_server}};
constexpr grounds links{"The document itself holds the addresses.", {&ev::link_href, &ev::sip_access_server}};
constexpr grounds odd_http{"The answer that came shows it.", {&ev::http_lax}};
constexpr grounds page{"The address or page that answered is one to log in at.", {&ev::http_location, &ev::http_body, &ev::http_type, &ev::http_gateway, &ev::probe_result}};
constexpr grounds names_shown{"The certificate that was shown names other hosts.", {&ev::x509_name, &ev::x509_subject}};
constexpr grounds plain_only{"The same name answers without TLS and not with it.", {&ev::http_fault}};
constexpr grounds second_look{"A second look in another way comes out differently, or the same where only this cause lets it.", {&ev::probe_result}};
constexpr grounds dns_answer{"The answer of DNS says it: its code, or that nothing came.", {&ev::dns_answer_rcode, &ev::dns_answer_state}};
constexpr grounds dns_zone{"The negative answer names the zone that it is of.", {&ev::dns_zone}};
constexpr grounds dns_record{"The record itself says it.", {&ev::dns_target, &ev::dns_server, &ev::dns_address}};
constexpr grounds dns_alias{"The answer holds the alias.", {&ev::dns_cname}};
constexpr grounds dns_truncated{"The answer was cut short, and no connection for the rest was had.", {&ev::dns_truncated}};
constexpr grounds cname_loop{"The aliases lead back to the first.", {&ev::dns_cname_loop, &ev::probe_result}};
constexpr grounds vantage{"Where this PC stands is known by its addresses and resolver.", {&ev::vantage}};
constexpr grounds filtered{"Whoever holds the zone gives another address, or the zone itself gives this one.", {&ev::probe_result}};
constexpr grounds adapters{"This PC tells the state of its adapters and routes.", {&ev::adapter_link, &ev::route_errno, &ev::route_error, &ev::adapter_default_route}};
constexpr grounds route{"The system says by which adapter it sends, or that it does not.", {&ev::route_errno, &ev::route_error, &ev::adapter_name, &ev::adapter_tunnel, &ev::source_address}};
constexpr grounds no_route{"The system's own error number says that it has no way there, or each adapter tells why it is of no use.", {&ev::route_errno, &ev::connect_errno, &ev::adapter_unusable}};
constexpr grounds local_error{"The system's own error number names the reason.", {&ev::connect_errno, &ev::route_errno}};
constexpr grounds clock{"Several dates, of answers that nobody kept, agree.", {&ev::clock_skew}};
constexpr grounds proxy_setting{"The setting of this PC and what came of it are seen.", {&ev::pac_url, &ev::proxy_source, &ev::proxy_fault, &ev::pac_fault}};
constexpr grounds hosts{"The hosts file and DNS differ.", {&ev::hosts_differs, &ev::hosts_line}};
constexpr grounds suffix{"The system's own answer comes with a search suffix.", {&ev::search_suffix, &ev::nss_answer}};
constexpr grounds resolvers{"This PC names no resolver that answers.", {&ev::resolver_state, &ev::resolver_answered}};
constexpr grounds profile{"The file of this PC says it.", {&ev::cache_fault, &ev::cache_file, &ev::user_cert_fault, &ev::user_cert_not_after, &ev::password_source}};
constexpr grounds trust_store{"This PC's own settings say it.", {&ev::tls_local_highest, &ev::trust_file, &ev::trust_error}};
constexpr grounds own_versions{"The server ends the handshake over the version, and this PC offers the versions that every supported server has.", {&ev::tls_local_highest}};
constexpr grounds machine{"This PC's own registration says it.", {&ev::machine_guid}};
constexpr grounds way{"The kernel's figures of the connection show it.", {&ev::tcp_rtt, &ev::tcp_ms, &ev::connect_errno}};
constexpr grounds unreachable{"The system's error number passes on that a router has no way there.", {&ev::connect_errno}};
constexpr grounds by_proxy{"The connection was asked of a proxy.", {&ev::proxy, &ev::proxy_status}};
constexpr grounds tls_answer{"What ended the handshake names it: an alert, a version, or bytes that are no TLS.", {&ev::tls_alert, &ev::tls_first_bytes, &ev::tls_fault, &ev::tls_tried_result}};
constexpr grounds certificate_wanted{"The server asked for a client certificate, and refused when none came.", {&ev::tls_client_auth}};
constexpr grounds issuers{"The list of issuers fills the message to its limit.", {&ev::tls_ca_bytes, &ev::tls_ca_names}};
constexpr grounds roots{"This PC's store of roots is empty, or has what this one lacks.", {&ev::trust_roots, &ev::probe_result}};
constexpr grounds verification{"The verification names what is wrong with the certificate that was shown.", {&ev::x509_error_code, &ev::x509_error_text}};
constexpr grounds certificate{"The certificate that was shown says it.", {&ev::x509_signature, &ev::x509_key_bits, &ev::x509_name, &ev::x509_subject, &ev::x509_eku}};
constexpr grounds names{"The names in the certificate that was shown do not cover what is asked for.", {&ev::x509_name, &ev::x509_name_matches, &ev::x509_covers_domain}};
constexpr grounds dates{"The certificate's own dates, against a clock that others confirm, say it.", {&ev::x509_not_after, &ev::x509_not_before}};
constexpr grounds revocation{"The issuer was asked, and this is what it said.", {&ev::x509_revocation_state}};
constexpr grounds service{"What answers at the port does not speak SIP.", {&ev::service}};
constexpr grounds schemes{"The server lists the schemes that it takes.", {&ev::auth_scheme_offered, &ev::probe_result, &ev::auth_scheme}};
constexpr grounds signature{"The signature of the answer was checked.", {&ev::signature}};
constexpr grounds dsk{"The handshake within the log-in says how it ended.", {&ev::dsk_alert, &ev::probe_result, &ev::auth_target}};
constexpr grounds kerberos{"The Kerberos library names the reason.", {&ev::kerberos_fault}};
constexpr grounds ending{"The server says that the registration has ended, and why.", {&ev::deregistered, &ev::diagnostics_id}};
constexpr grounds primary{"The answer names the primary registrar and what is limited.", {&ev::primary, &ev::register_action}};
constexpr grounds own_certificate{"The certificate that was issued shows it.", {&ev::user_cert_fault, &ev::user_cert_early}};
constexpr grounds withheld{"This program itself held the log-in back.", {&ev::credentials_withheld}};
constexpr grounds settings{"What the server sent, and did not send, shows it.", {&ev::provisioning_group, &ev::provisioning_missing, &ev::setting_name, &ev::body_error}};
constexpr grounds published{"The server's answers to what was published show it.", {&ev::publish_attempts, &ev::sip_status}};
constexpr grounds altered{"The header that came back is not the one that was sent.", {&ev::sip_via_changed}};
constexpr grounds lease{"The lease names the server.", {&ev::leased_sip_server}};
constexpr grounds no_rule{"No rule of this version names it.", {}};

constexpr row local[] = {
    {"local-no-network", adapters},
    {"local-no-default-route", no_route},
    {"local-vpn-adapter-preferred", route},
    {"local-vpn-dns-only-leak", route},
    {"local-clock-skew", clock},
    {"local-proxy-dead-leftover", {"A proxy that was taken away and one that is down for an hour are silent alike.", {}}},
    {"local-pac-file-scheme", proxy_setting},
    {"local-pac-wrong-proxy", proxy_setting},
    {"local-wpad-slow", proxy_setting},
    {"local-hosts-override", hosts},
    {"local-stale-dns-cache", second_look},
    {"local-dns-suffix-hijack", suffix},
    {"local-resolver-none", resolvers},
    {"local-ipv6-broken", second_look},
    {"local-ipv6-only", route},
    {"local-firewall-blocks-process", local_error},
    {"local-av-tls-scan", second_look},
    {"local-missing-root-ca", roots},
    {"local-root-store-gpo-flap", second_look},
    {"local-tls-versions-disabled", trust_store},
    {"local-endpoint-cache-stale", profile},
    {"local-user-cert-corrupt", profile},
    {"local-user-cert-expired", profile},
    {"local-machineguid-braces", machine},
    {"local-credential-cache-old-password", profile},
    {"local-client-out-of-date", number},
    {"local-profile-unwritable", profile},
    {"w-clock-drift", clock}};
constexpr row dns[] = {
    {"dns-no-records", second_look},
    {"dns-user-domain-typo", dns_zone},
    {"dns-internal-srv-missing", dns_zone},
    {"dns-srv-mistyped", second_look},
    {"dns-srv-target-missing", dns_record},
    {"dns-srv-target-is-cname", dns_alias},
    {"dns-srv-target-outside-domain", dns_record},
    {"dns-name-filtered", filtered},
    {"dns-srv-wrong-port", dns_record},
    {"dns-srv-priority-misused", dns_record},
    {"dns-split-brain-internal-leaked", dns_record},
    {"dns-split-brain-missing-internal", dns_zone},
    {"dns-lyncdiscoverinternal-visible-outside", dns_record},
    {"dns-lyncdiscover-wrong-host", names_shown},
    {"dns-stale-a", second_look},
    {"dns-one-pool-member-dead", second_look},
    {"dns-servfail", second_look},
    {"dns-dnssec-bogus", second_look},
    {"dns-timeout", second_look},
    {"dns-refused", dns_answer},
    {"dns-nxdomain-negative-cache", second_look},
    {"dns-cname-loop", cname_loop},
    {"dns-wildcard-catch-all", second_look},
    {"dns-captive-hijack", second_look},
    {"dns-truncated-no-tcp", dns_truncated},
    {"dns-dhcp-option-stale", lease},
    {"w-discovery-by-fallback", dns_zone},
    {"w-inside-via-edge", vantage}};
constexpr row autodiscover[] = {
    {"ad-http-only", plain_only},
    {"ad-https-cert-name", names_shown},
    {"ad-403", http_answer},
    {"ad-404", {"Whether the service or what stands before it lacks the path, the answer does not tell.", {}}},
    {"ad-500", http_answer},
    {"ad-502-504", http_answer},
    {"ad-503", {"A stopped pool, and a balancer without a member, answer alike.", {}}},
    {"ad-redirect-loop", hops},
    {"ad-redirect-foreign-domain", hops},
    {"ad-not-xml", {"A log-in page, a portal and a wrong target all answer with a page.", {}}},
    {"ad-preauth", page},
    {"ad-internal-urls-outside", links},
    {"ad-external-urls-inside", links},
    {"ad-host-header-rewritten", links},
    {"ad-user-unknown", {"A reverse proxy that does not publish this path answers in the same way.", {}}},
    {"ad-partial-no-sip-endpoint", links},
    {"w-lax-http", odd_http}};
constexpr row network[] = {
    {"net-tcp-refused", {"A stopped service, a firewall that rejects, and an address that belongs to another host by now refuse alike.", {}}},
    {"net-tcp-filtered", {"A firewall that drops, a host that is down, and an address that nobody has are silent alike.", {}}},
    {"net-host-unreachable", unreachable},
    {"net-5061-blocked-443-open", second_look},
    {"net-443-blocked", {"A filter for this port and a service that is down there are silent alike.", {}}},
    {"net-rst-after-clienthello", {"A filter on the way and the server itself reset alike.", {}}},
    {"net-rst-mid-handshake", {"A filter on the way and the server itself reset alike.", {}}},
    {"net-tls-inspection", second_look},
    {"net-tls-inspection-breaks-sip", service},
    {"net-captive-portal", page},
    {"net-proxy-407", proxy_answer},
    {"net-proxy-connect-denied", proxy_answer},
    {"net-mtu-blackhole", second_look},
    {"net-asymmetric-stateful", second_look},
    {"net-high-latency", way},
    {"net-loss", {"A busy server sends late what a bad link sends again.", {}}},
    {"net-idle-timeout-drop", {"A restarted server ends a quiet connection as well.", {}}},
    {"net-sip-alg", altered},
    {"net-lb-no-member", {"A balancer without members, and a service that allows only some clients, close alike.", {}}},
    {"net-source-acl", second_look},
    {"w-proxy-for-sip", by_proxy}};
constexpr row tls[] = {
    {"tls-expired", dates},
    {"tls-intermediate-expired", dates},
    {"tls-not-yet-valid", dates},
    {"tls-name-mismatch", names},
    {"tls-missing-sip-domain-san", names},
    {"tls-cn-only-no-san", names},
    {"tls-wildcard-cert", names},
    {"tls-untrusted-root", verification},
    {"tls-self-signed", verification},
    {"tls-missing-intermediate", second_look},
    {"tls-wrong-eku", verification},
    {"tls-revoked", revocation},
    {"tls-crl-unreachable", revocation},
    {"tls-weak-signature", certificate},
    {"tls-ca-alternate-signature", certificate},
    {"tls-weak-key", tls_answer},
    {"tls-protocol-version", own_versions},
    {"tls-cipher-mismatch", tls_answer},
    {"tls-client-cert-demanded", certificate_wanted},
    {"tls-issuer-list-truncated", issuers},
    {"tls-sni-required", tls_answer},
    {"tls-http-on-sip-port", service},
    {"tls-wrong-edge-service", {"What answers other than SIP does not say what it is.", {}}},
    {"tls-not-tls", tls_answer},
    {"tls-handshake-timeout", second_look},
    {"tls-session-ticket-server-bug", tls_answer},
    {"tls-subordinate-in-root-store", verification},
    {"w-cert-expiring", dates}};
constexpr row web_services[] = {
    {"wt-401-loop", second_look},
    {"wt-bad-credentials-fault", {"The ticket service names a disabled or locked account and a wrong password by one number.", {}}},
    {"wt-account-disabled", fault_text},
    {"wt-sip-uri-mismatch", fault_text},
    {"wt-auth-type-not-allowed", second_look},
    {"wt-not-sip-enabled", number},
    {"wt-ticket-invalid", fault_text},
    {"wt-ticket-expired", fault_text},
    {"wt-audience-invalid", fault_text},
    {"wt-oauth-token-invalid", fault_text},
    {"wt-upn-missing-in-token", fault_text},
    {"wt-adfs-down", http_answer},
    {"wt-adfs-cert", verification},
    {"wt-adfs-mfa", fault_text},
    {"wt-token-signing-rollover", no_rule},
    {"wt-federated-direct-login", fault_text},
    {"wt-wam-adal-default", no_rule},
    {"wt-smartcard-kdc-unreachable", kerberos},
    {"certprov-unreachable", {"A reverse proxy that is dead and a rule for this one host look alike from here.", {}}},
    {"certprov-500", {"Database, replication and issuing certificate fail with the same answer.", {}}},
    {"certprov-wrong-subject", second_look},
    {"certprov-not-yet-valid", own_certificate},
    {"certprov-disabled", schemes}};
constexpr row registration[] = {
    {"credentials-withheld", withheld},
    {"reg-wrong-password", {"A server refuses a locked or expired account, a session that a gateway broke, and a password that is wrong in the same words.", {}}},
    {"reg-account-locked", number},
    {"reg-password-expired", number},
    {"reg-ntlm-session-security", parameter},
    {"reg-no-common-scheme", second_look},
    {"reg-kerberos-skew", kerberos},
    {"reg-kerberos-spn", kerberos},
    {"server-clock-skew", clock},
    {"reg-404-not-sip-enabled", {"A user who was enabled a moment ago, and is not replicated yet, is answered in the same way.", {}}},
    {"reg-404-not-replicated", {"A user who is not enabled at all is answered in the same way.", {}}},
    {"reg-user-not-in-pool", number},
    {"reg-403-remote-access", number},
    {"reg-403-uri-not-authorized", number},
    {"reg-403-no-reason", {"Without a number, an answer of this status stands for any of several reasons.", {}}},
    {"reg-version-blocked", number},
    {"reg-server-overloaded", number},
    {"reg-503-generic", {"The number of the reason is missing, or stands for several.", {}}},
    {"reg-quorum-loss", no_rule},
    {"reg-504-edge-next-hop", {"Only the Edge knows what its next hop answered.", {}}},
    {"reg-504-dns", number},
    {"reg-504-next-hop-cert", number},
    {"reg-sip-domain-unsupported", number},
    {"reg-301-home-pool", no_rule},
    {"reg-301-target-unreachable", {"A server that is down, a closed way and an address of before are the same from here.", {}}},
    {"reg-301-loop", home},
    {"reg-302-temporary", no_rule},
    {"reg-backup-registrar-limited", primary},
    {"reg-dsk-cert-revoked", number},
    {"reg-dsk-inner-tls-fail", dsk},
    {"reg-signature-mismatch", signature},
    {"reg-unsigned-200", signature},
    {"reg-unchallenged", signature},
    {"reg-timeout", {"A server that hangs and a device on the way that swallows the answer are silent alike.", {}}},
    {"reg-endpoint-limit", ending},
    {"reg-deregistered-disabled", ending},
    {"reg-user-moved", ending},
    {"reg-duplicate-sip-address", number},
    {"reg-400-malformed", number},
    {"reg-482-483-loop", sip_answer},
    {"reg-480", {"The number of the reason is missing, or stands for several.", {}}},
    {"reg-423-interval", sip_answer},
    {"reg-hybrid-wrong-side", number},
    {"reg-auth-config-split", no_rule}};
constexpr row provisioning[] = {
    {"prov-no-answer", {"An answer that was altered and dropped on the way is missing as well.", {}}},
    {"prov-error", number},
    {"prov-group-missing", settings},
    {"prov-no-dialplan", sip_answer},
    {"prov-no-mras", settings},
    {"mras-failed", no_rule},
    {"prov-web-urls-unreachable", no_rule},
    {"address-book-401", no_rule},
    {"sub-event-unsupported", sip_answer},
    {"sub-481-dialog-gone", sip_answer},
    {"roaming-contacts-failed", sip_answer},
    {"contacts-in-ucs-unreachable", settings},
    {"contacts-readonly-migration", no_rule},
    {"contacts-quota", no_rule},
    {"roaming-version-conflict", sip_answer},
    {"roaming-data-corrupt", settings},
    {"message-too-large", no_rule},
    {"publish-conflict", published},
    {"publish-refused", number},
    {"category-subscription-limit", no_rule},
    {"presence-not-authorized", no_rule},
    {"presence-privacy-mode", no_rule},
    {"federation-disabled", number},
    {"federation-no-route", no_rule},
    {"limited-functionality", sip_answer}};
constexpr row exchange[] = {
    {"ex-autodiscover-none", no_rule},
    {"ex-rootdomain-website", no_rule},
    {"ex-cert", no_rule},
    {"ex-domain-trust-prompt", no_rule},
    {"ex-401-loop", no_rule},
    {"ex-mailbox-none", no_rule},
    {"ex-legacy-or-forms-publishing", no_rule},
    {"ex-oauth-tenant-unknown", no_rule},
    {"ex-ews-unavailable", no_rule},
    {"ex-freebusy-denied", no_rule},
    {"ex-um-mwi-missing", no_rule},
    {"ex-proxy-blocks", no_rule}};
// clang-format on

// By place in the catalogue.
consteval auto joined() {
    std::array<const grounds*, all_entries.size()> all{};
    const auto add = [&](const auto& part) {
        for (const auto& one : part) {
            auto& place = all[one.finding.place()];
            if (place) throw std::logic_error("a finding stands here twice");
            place = &one.grounds;
        }
    };
    add(local), add(dns), add(autodiscover), add(network), add(tls), add(web_services), add(registration);
    add(provisioning), add(exchange);
    for (const auto* one : all)
        if (!one) throw std::logic_error("a finding of the catalogue is missing here");
    return all;
}

constexpr auto all_grounds = joined();

}  // namespace

const grounds& grounds_of(const catalogue_entry& entry) {
    return *all_grounds[static_cast<std::size_t>(place_of(entry.id))];
}

std::string_view certain_because(std::string_view id) {
    const auto* entry = find_entry(id);
    return entry && grounds_of(*entry).can_decide() ? grounds_of(*entry).because : std::string_view{};
}

void hold_to_grounds(const indexed_trace& record, finding& found) {
    found.decided_by = {};
    if (found.certainty != certainty::certain) return;
    for (const auto* observation : grounds_of(*find_entry(found.id)).any_of)
        for (const auto& id : found.evidence)
            if (const auto* span = record.by_id(id); observation && span && span->has(*observation)) {
                found.decided_by = {id, std::string(observation->name)};
                return;
            }
    found.certainty = certainty::likely;
}

}  // namespace ucsignin::diagnosis
