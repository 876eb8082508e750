#pragma once
// What the parts of the catalogue have in common: what makes findings certain, and the commands that many entries
// share.

#include "trace/evidence_local.hpp"
#include "trace/evidence_provisioning.hpp"
#include "ucsignin/diagnosis.hpp"

namespace ucsignin::diagnosis::parts {

using entry = catalogue_entry;
using enum diagnosis::severity;
namespace ev = trace::ev;

// What decides: observations, and how they exclude what looks the same.
// clang-format off
inline constexpr grounds number{"The server names the reason by its number.", {&ev::diagnostics_id}};
inline constexpr grounds parameter{"A parameter beside the number names the reason.", {&ev::diagnostics_parameter}};
inline constexpr grounds http_answer{"The status of the answer is the fault itself.", {&ev::http_status}};
inline constexpr grounds sip_answer{"The status of the answer is the fault itself.", {&ev::sip_status}};
inline constexpr grounds fault_text{"The service names the reason in its fault.", {&ev::soap_text, &ev::soap_code, &ev::diagnostics_id}};
inline constexpr grounds proxy_answer{"The proxy refuses in its own words.", {&ev::proxy_status}};
inline constexpr grounds hops{"The addresses that were led to, one after another, show it.", {&ev::http_hop, &ev::http_location}};
inline constexpr grounds home{"The servers that the redirects name show it.", {&ev::home_server}};
inline constexpr grounds links{"The document itself holds the addresses.", {&ev::link_href, &ev::sip_access_server}};
inline constexpr grounds odd_http{"The answer that came shows it.", {&ev::http_lax}};
inline constexpr grounds log_in_page{"What it led to, or the page that came, is one to log in at.", {&ev::http_hop, &ev::http_location, &ev::http_body, &ev::http_type}};
inline constexpr grounds short_key{"The key that was shown is this short.", {&ev::x509_key_bits, &ev::tls_fault}};
inline constexpr grounds page{"The address or page that answered is one to log in at.", {&ev::http_location, &ev::http_body, &ev::http_type, &ev::http_gateway, &ev::probe_result}};
inline constexpr grounds plain_only{"The same name answers without TLS and not with it.", {&ev::http_fault}};
inline constexpr grounds second_look{"A second look in another way comes out differently, or the same where only this cause lets it.", {&ev::probe_result}};
inline constexpr grounds dns_answer{"The answer of DNS says it: its code, or that nothing came.", {&ev::dns_answer_rcode, &ev::dns_answer_state}};
inline constexpr grounds dns_zone{"The negative answer names the zone that it is of.", {&ev::dns_zone}};
inline constexpr grounds dns_record{"The record itself says it.", {&ev::dns_target, &ev::dns_server, &ev::dns_address}};
inline constexpr grounds dns_alias{"The answer holds the alias.", {&ev::dns_cname}};
inline constexpr grounds dns_truncated{"The answer was cut short, and no connection for the rest was had.", {&ev::dns_truncated}};
inline constexpr grounds cname_loop{"The aliases lead back to the first.", {&ev::dns_cname_loop, &ev::probe_result}};
inline constexpr grounds vantage{"Where this PC stands is known by its addresses and resolver.", {&ev::vantage}};
inline constexpr grounds filtered{"Whoever holds the zone gives another address, or the zone itself gives this one.", {&ev::probe_result}};
inline constexpr grounds adapters{"This PC tells the state of its adapters and routes.", {&ev::adapter_link, &ev::route_errno, &ev::route_error, &ev::adapter_default_route}};
inline constexpr grounds route{"The system says by which adapter it sends, or that it does not.", {&ev::route_errno, &ev::route_error, &ev::adapter_name, &ev::adapter_tunnel, &ev::source_address}};
inline constexpr grounds no_route{"The system's own error number says that it has no way there, or each adapter tells why it is of no use.", {&ev::route_errno, &ev::connect_errno, &ev::adapter_unusable}};
inline constexpr grounds local_error{"The system's own error number names the reason.", {&ev::connect_errno, &ev::route_errno}};
inline constexpr grounds clock{"Several dates, of answers that nobody kept, agree.", {&ev::clock_skew}};
inline constexpr grounds proxy_setting{"The setting of this PC and what came of it are seen.", {&ev::pac_url, &ev::proxy_source, &ev::proxy_fault, &ev::pac_fault}};
inline constexpr grounds hosts{"The hosts file and DNS differ.", {&ev::hosts_differs, &ev::hosts_line}};
inline constexpr grounds suffix{"The system's own answer comes with a search suffix.", {&ev::search_suffix, &ev::nss_answer}};
inline constexpr grounds resolvers{"This PC names no resolver that answers.", {&ev::resolver_state, &ev::resolver_answered}};
inline constexpr grounds profile{"The file of this PC says it.", {&ev::cache_fault, &ev::cache_file, &ev::user_cert_fault, &ev::user_cert_not_after, &ev::password_source}};
inline constexpr grounds trust_store{"This PC's own settings say it.", {&ev::tls_local_highest, &ev::trust_file, &ev::trust_error}};
inline constexpr grounds own_versions{"The server ends the handshake over the version, and this PC offers the versions that every supported server has.", {&ev::tls_local_highest}};
inline constexpr grounds mechanisms{"The GSSAPI library of this PC says that it has no such mechanism.", {&ev::missing_mechanism}};
inline constexpr grounds machine{"This PC's own registration says it.", {&ev::machine_guid}};
inline constexpr grounds way{"The kernel's figures of the connection show it.", {&ev::tcp_rtt, &ev::tcp_ms, &ev::connect_errno}};
inline constexpr grounds by_proxy{"The connection was asked of a proxy.", {&ev::proxy, &ev::proxy_status}};
inline constexpr grounds tls_answer{"What ended the handshake names it: an alert, a version, or bytes that are no TLS.", {&ev::tls_alert, &ev::tls_first_bytes, &ev::tls_fault, &ev::tls_tried_result}};
inline constexpr grounds certificate_wanted{"The server asked for a client certificate, and refused when none came.", {&ev::tls_client_auth}};
inline constexpr grounds issuers{"The list of issuers fills the message to its limit.", {&ev::tls_ca_bytes, &ev::tls_ca_names}};
inline constexpr grounds roots{"This PC's store of roots is empty, or has what this one lacks.", {&ev::trust_roots, &ev::probe_result}};
inline constexpr grounds verification{"The verification names what is wrong with the certificate that was shown.", {&ev::x509_error_code, &ev::x509_error_text}};
inline constexpr grounds certificate{"The certificate that was shown says it.", {&ev::x509_signature, &ev::x509_key_bits, &ev::x509_name, &ev::x509_subject, &ev::x509_eku}};
inline constexpr grounds names{"The names in the certificate that was shown do not cover what is asked for.", {&ev::x509_name, &ev::x509_name_matches, &ev::x509_covers_domain}};
inline constexpr grounds dates{"The certificate's own dates, against a clock that others confirm, say it.", {&ev::x509_not_after, &ev::x509_not_before}};
inline constexpr grounds revocation{"The issuer was asked, and this is what it said.", {&ev::x509_revocation_state}};
inline constexpr grounds service{"What answers at the port does not speak SIP.", {&ev::service}};
inline constexpr grounds schemes{"The server lists the schemes that it takes.", {&ev::auth_scheme_offered, &ev::probe_result, &ev::auth_scheme}};
inline constexpr grounds signature{"The signature of the answer was checked.", {&ev::signature}};
inline constexpr grounds dsk{"The handshake within the log-in says how it ended.", {&ev::dsk_alert, &ev::probe_result, &ev::auth_target}};
inline constexpr grounds kerberos{"The Kerberos library names the reason.", {&ev::kerberos_fault}};
inline constexpr grounds ending{"The server says that the registration has ended, and why.", {&ev::deregistered, &ev::diagnostics_id}};
inline constexpr grounds primary{"The answer names the primary registrar and what is limited.", {&ev::primary, &ev::register_action}};
inline constexpr grounds own_certificate{"The certificate that was issued shows it.", {&ev::user_cert_fault, &ev::user_cert_early}};
inline constexpr grounds withheld{"This program itself held the log-in back.", {&ev::credentials_withheld}};
inline constexpr grounds settings{"What the server sent, and did not send, shows it.", {&ev::provisioning_group, &ev::provisioning_missing, &ev::setting_name, &ev::body_error}};
inline constexpr grounds relay_service{"The relay service answered, and names the reason in its own words.", {&ev::mras_reason}};
inline constexpr grounds contact_list{"The list itself shows it.", {&ev::contact_unknown_group}};
inline constexpr grounds published{"The server's answers to what was published show it.", {&ev::publish_attempts, &ev::sip_status}};
inline constexpr grounds altered{"The header that came back is not the one that was sent.", {&ev::sip_via_changed}};
inline constexpr grounds lease{"The lease names the server.", {&ev::leased_sip_server}};
inline constexpr grounds no_rule{"No rule of this version names it.", {}};
// clang-format on

// Nothing that a client sees decides, since something else looks the same.
consteval grounds never(std::string_view looks_the_same) { return {looks_the_same, {}}; }

inline constexpr std::string_view show_srv =
    "Windows: Resolve-DnsName -Type SRV _sip._tls.{domain}\n"
    "Windows: Resolve-DnsName -Type SRV _sipinternaltls._tcp.{domain}\n"
    "Linux: dig SRV _sip._tls.{domain} SRV _sipinternaltls._tcp.{domain}";
inline constexpr std::string_view show_address = "Windows: Resolve-DnsName {host}\nLinux: dig A {host} AAAA {host}";
inline constexpr std::string_view show_lyncdiscover =
    "Windows: Resolve-DnsName lyncdiscover.{domain}\n"
    "Linux: dig A lyncdiscover.{domain} A lyncdiscoverinternal.{domain}";
inline constexpr std::string_view show_tcp =
    "Windows: Test-NetConnection {host} -Port {port}\nLinux: nc -vz -w 5 {host} {port}";
inline constexpr std::string_view show_tls =
    "Linux: openssl s_client -connect {host}:{port} -servername {host} -showcerts </dev/null\n"
    "server: Get-CsCertificate | fl Use,Subject,NotAfter,AlternativeNames,Issuer";
inline constexpr std::string_view show_root =
    "Windows: curl.exe -v https://lyncdiscover.{domain}/\nLinux: curl -v https://lyncdiscover.{domain}/";
inline constexpr std::string_view show_certprov =
    "Windows: curl.exe -v https://{sts}/CertProv/CertProvisioningService.svc/mex\n"
    "Linux: curl -v https://{sts}/CertProv/CertProvisioningService.svc/mex";
inline constexpr std::string_view show_ticket =
    "Linux: curl -v https://{sts}/WebTicket/WebTicketService.svc/mex\n"
    "server: Test-CsClientAuthentication -UserSipAddress sip:{user} -TargetFqdn {pool}";
inline constexpr std::string_view show_user =
    "server: Get-CsUser -Identity sip:{user} | fl Enabled,RegistrarPool,HostingProvider";
inline constexpr std::string_view show_services =
    "server: Get-CsWindowsService; Get-WinEvent -LogName 'Lync Server' -MaxEvents 50";
inline constexpr std::string_view show_fabric = "server: Get-CsPoolFabricState -PoolFqdn {pool} -Type Routing";
inline constexpr std::string_view show_replication = "server: Get-CsManagementStoreReplicationStatus";
inline constexpr std::string_view show_account =
    "server: Get-ADUser -Filter \"{account_attribute} -eq '{account}'\" -Properties LockedOut,Enabled,PasswordExpired";
inline constexpr std::string_view show_time =
    "Windows: w32tm /stripchart /computer:{host} /samples:3\nLinux: chronyc tracking";
inline constexpr std::string_view show_exchange =
    "Windows: curl.exe -v https://autodiscover.{domain}/autodiscover/autodiscover.xml";

}  // namespace ucsignin::diagnosis::parts
