#pragma once
// Stage 5: Exchange.

#include "diagnosis/catalogue_parts.hpp"
#include "trace/evidence_exchange.hpp"

namespace ucsignin::diagnosis::parts {

// clang-format off
inline constexpr grounds exchange_asked{"Each of its addresses was asked, and this is what came of it.", {&ev::exchange_state}};
inline constexpr grounds exchange_answer{"The status of the answer is the fault itself.", {&ev::exchange_status}};
inline constexpr grounds exchange_code{"Exchange names the reason by its code.", {&ev::exchange_code}};
inline constexpr grounds exchange_log_in{"A log-in was sent and refused, or the schemes that are offered leave none.", {&ev::exchange_offered, &ev::exchange_logged_in}};
inline constexpr grounds exchange_address{"The pool's contact card names the address.", {&ev::exchange_other_domain, &ev::credentials_withheld}};
inline constexpr grounds voicemail_counts{"The folder of the mailbox and the pool's count differ.", {&ev::voicemail_folder}};

inline constexpr entry exchange[] = {
    {"ex-autodiscover-none", 5, warning, never("Inside and outside of a company DNS gives different answers."), "Exchange autodiscover for {domain} is not found", "None of its addresses answers as Exchange does, so the client has no calendar in presence and no history. A PC of the domain may still be told by Active Directory, which is not asked here.", "DNS admin, Exchange admin", "Create autodiscover records inside and outside.", show_exchange, "ex-mailbox-none: Exchange answers and does not know the address.", {"ex-mailbox-none"}},
    {"ex-rootdomain-website", 5, warning, exchange_asked, "A web site answers at {host}, where clients look for Exchange first", "Its certificate or its page may cause a prompt; Exchange itself is not there.", "DNS admin", "Let it fail fast (404, with a valid certificate), or exclude it.", "Linux: curl -v https://{host}/autodiscover/autodiscover.xml", "ex-cert: the host of Exchange itself.", {"ex-cert"}},
    {"ex-cert", 5, failure, never("Whatever opens TLS between here and there looks the same."), "The certificate of Exchange at {host} is not accepted", "Another name, an unknown root, or TLS that does not come up: the client has no calendar, no history and no contacts from Exchange.", "Exchange admin", "Assign a proper certificate that holds this name.", "Linux: openssl s_client -connect {host}:443 -servername {host} </dev/null\nserver: Get-ExchangeCertificate | fl Services,CertificateDomains,NotAfter", "ex-401-loop: the connection comes up, and the log-in fails.", {"ex-401-loop"}},
    {"ex-domain-trust-prompt", 5, warning, exchange_address, "Mail domain and SIP domain differ", "The client asks its user whether to trust the mail host; if not, there is no calendar in presence.", "SfB admin", "Trust it by policy (TrustModelData), or let both domains be the same.", show_exchange, "ex-cert: the certificate itself is at fault.", {"ex-cert"}},
    {"ex-401-loop", 5, failure, exchange_log_in, "Exchange does not accept the log-in of {user}", "The client asks for credentials again and again, and has no calendar in presence, no history and no contacts from Exchange.", "Exchange admin, user", "Enter the account of the mailbox; enable NTLM or Negotiate on EWS and Autodiscover, and publish both without a log-in of their own.", "server: Get-WebServicesVirtualDirectory | fl *Authentication*; Get-AutodiscoverVirtualDirectory | fl *Authentication*", "wt-401-loop: the pool's own web services.", {"wt-401-loop"}},
    {"ex-mailbox-none", 5, info, exchange_code, "{user} has no mailbox in Exchange", "No calendar in presence, no history, no missed conversations. That is as it should be where none is intended.", "Exchange admin", "Provide a mailbox, correct the mail attribute, or hide the feature.", "server: Get-Mailbox {user}", "ex-autodiscover-none: Exchange itself is not found.", {"ex-autodiscover-none"}},
    {"ex-legacy-or-forms-publishing", 5, failure, exchange_asked, "Exchange is published with a log-in form at {host}", "Clients cannot fill it in: no calendar in presence, no history, outside of the company alone as a rule.", "Exchange admin", "Publish /EWS/* and /Autodiscover/* without forms.", "Linux: curl -v https://{host}/EWS/Exchange.asmx", "ex-401-loop: the log-in is one that clients know.", {"ex-401-loop"}},
    {"ex-oauth-tenant-unknown", 5, failure, exchange_code, "Exchange does not know the realm of the token", "Server-side archiving and contact store fail.", "Exchange admin, SfB admin", "List the accepted domains explicitly, not by a wildcard; set the realm (Set-CsOAuthConfiguration).", "server: Test-CsExStorageConnectivity -SipUri sip:{user}", "ex-401-loop: a log-in is refused, no token.", {"ex-401-loop"}},
    {"ex-ews-unavailable", 5, failure, exchange_asked, "Exchange Web Services do not answer as they should at {host}", "Autodiscover works and names them, and they do not: no calendar in presence, no history, no contacts from Exchange.", "Exchange admin", "Check the EWS application pools and the load balancer before them.", "server: Test-OutlookWebServices -Identity {user}", "ex-autodiscover-none: nothing names them.", {"ex-autodiscover-none"}},
    {"ex-freebusy-denied", 5, warning, exchange_code, "No permission to read the free/busy times of {user}", "Presence does not follow the calendar.", "Exchange admin", "Correct the default calendar permission; outlook /cleanfreebusy.", "server: Get-MailboxFolderPermission {user}:\\Calendar", "ex-ews-unavailable: nothing is answered at all.", {"ex-ews-unavailable"}},
    {"ex-um-mwi-missing", 5, warning, voicemail_counts, "The pool does not hear of the voice messages of {user}", "No light and no number for voicemail, though there are messages.", "Exchange admin, SfB admin", "Check the UM certificate (its subject is the server's FQDN), the UM dial plan and MWI in its policy; OcsUmUtil.", "server: Test-CsExUMConnectivity", "UM is not intended for this user."},
    {"ex-proxy-blocks", 5, failure, never("A proxy that refuses and one that is down end the connection alike."), "The proxy blocks Exchange", "SIP goes direct, Exchange by a proxy that refuses: the calendar in presence comes and goes.", "desktop support, network admin", "Put the mail hosts on the bypass list.", "Windows: netsh winhttp show proxy", "net-proxy-407: the sign-in itself is refused by the proxy.", {"net-proxy-407"}},
};
// clang-format on

}  // namespace ucsignin::diagnosis::parts
