#pragma once
// Stage 5: Exchange.

#include "diagnosis/catalogue_parts.hpp"

namespace ucsignin::diagnosis::parts {

// clang-format off
inline constexpr entry exchange[] = {
    {"ex-autodiscover-none", 5, failure, no_rule, "Exchange autodiscover for {domain} is not found", "None of its addresses answers, so there is no calendar and no history.", "DNS admin, Exchange admin", "Create autodiscover records inside and outside.", show_exchange, "ex-mailbox-none.", {"ex-mailbox-none"}},
    {"ex-rootdomain-website", 5, warning, no_rule, "A web site answers at {domain}, where clients look for Exchange first", "Its certificate may cause a prompt.", "DNS admin", "Let it fail fast, or exclude it.", "Linux: curl -v https://{domain}/autodiscover/autodiscover.xml", "ex-cert.", {"ex-cert"}},
    {"ex-cert", 5, failure, no_rule, "The certificate of Exchange is not accepted", "Another name, an unknown root or an old signature.", "Exchange admin", "Assign a proper certificate.", show_exchange, "ex-401-loop.", {"ex-401-loop"}},
    {"ex-domain-trust-prompt", 5, warning, no_rule, "Mail domain and SIP domain differ", "The client asks whether to trust the mail host; if not, there is no calendar.", "SfB admin", "Trust it by policy (TrustModelData).", show_exchange, "ex-cert.", {"ex-cert"}},
    {"ex-401-loop", 5, failure, no_rule, "Exchange asks for credentials again and again", "Another account, publishing with a log-in form, or a user who has no password.", "Exchange admin, user", "Publish EWS without a log-in form; enable NTLM or OAuth.", show_exchange, "wt-401-loop.", {"wt-401-loop"}},
    {"ex-mailbox-none", 5, failure, no_rule, "{user} has no mailbox", "No history and no calendar.", "Exchange admin", "Provide a mailbox, or hide the feature.", "server: Get-Mailbox {user}", "ex-autodiscover-none.", {"ex-autodiscover-none"}},
    {"ex-legacy-or-forms-publishing", 5, failure, no_rule, "Exchange is published with a log-in form", "Outside, EWS answers with a page.", "Exchange admin", "Publish /EWS/* and /Autodiscover/* without forms.", show_exchange, "ex-401-loop.", {"ex-401-loop"}},
    {"ex-oauth-tenant-unknown", 5, failure, no_rule, "Exchange does not know the realm of the token", "Server-side archiving and contact store fail.", "Exchange admin, SfB admin", "List the accepted domains explicitly; set the realm.", "server: Test-CsExStorageConnectivity -SipUri sip:{user}", "ex-401-loop.", {"ex-401-loop"}},
    {"ex-ews-unavailable", 5, failure, no_rule, "Exchange Web Services are down", "Autodiscover works, EWS does not.", "Exchange admin", "Check the EWS application pools.", show_exchange, "ex-autodiscover-none.", {"ex-autodiscover-none"}},
    {"ex-freebusy-denied", 5, warning, no_rule, "No permission to read the free/busy times of {user}", "Presence does not follow the calendar.", "Exchange admin", "Correct the default calendar permission.", "server: Get-MailboxFolderPermission {user}:\\Calendar", "ex-ews-unavailable.", {"ex-ews-unavailable"}},
    {"ex-um-mwi-missing", 5, warning, no_rule, "There is no voicemail notification", "No light and no button for voicemail.", "Exchange admin, SfB admin", "Check the UM certificate and Test-CsExUMConnectivity.", "server: Test-CsExUMConnectivity", "UM is not intended for this user."},
    {"ex-proxy-blocks", 5, failure, no_rule, "The proxy blocks Exchange", "SIP goes direct, EWS through a proxy that refuses.", "desktop support, network admin", "Put the mail hosts on the bypass list.", "Windows: netsh winhttp show proxy", "net-proxy-407.", {"net-proxy-407"}},
};
// clang-format on

}  // namespace ucsignin::diagnosis::parts
