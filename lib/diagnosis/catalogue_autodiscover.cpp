// Stage 2: autodiscover by web.
#include "catalogue_parts.hpp"

namespace ucsignin::diagnosis::parts {
namespace {

// clang-format off
constexpr entry entries[] = {
    {"ad-http-only", 2, warning, "Autodiscover for {domain} works by plain HTTP only",
     "Port 80 gives the document, port 443 of the same name does not (connection or certificate). A supported design, but strict clients refuse it.",
     "SfB admin, PKI admin", "Accept it, or add lyncdiscover.{domain} to the certificate of the reverse proxy.", show_root,
     "net-443-blocked: 443 fails for every host."},
    {"ad-https-cert-name", 2, warning, "The certificate of the autodiscover server does not cover its name in {domain}",
     "The server is the right one, but its certificate lacks lyncdiscover(internal).{domain}. Desktop clients ask, mobiles refuse.",
     "PKI admin, SfB admin", "Request the certificate anew with lyncdiscover.{domain} (Request-CsCertificate -AllSipDomain), or serve the first hop by port 80.",
     "Linux: openssl s_client -connect lyncdiscover.{domain}:443 -servername lyncdiscover.{domain} </dev/null",
     "dns-lyncdiscover-wrong-host, dns-wildcard-catch-all: the certificate belongs to somebody else."},
    {"ad-403", 2, failure, "Autodiscover for {domain} is forbidden (403)",
     "The web server refuses the first request, before any log-in: the path or name is not published, or the site is restricted.",
     "SfB admin, reverse-proxy admin", "Publish /autodiscover/*, /webticket/*, /certprov/* and /ucwa/* for the public names; check SSL offload.", show_root,
     "The normal demand for a ticket carries X-MS-WebTicketURL. net-proxy-connect-denied: the proxy's own page."},
    {"ad-404", 2, failure, "Autodiscover for {domain} is not found (404)",
     "The host is there, the autodiscover service is not: wrong site behind the proxy, or the directory is missing in IIS.",
     "SfB admin", "Let the rule lead to the external web site (4443) of the pool; run Enable-CsComputer; check IIS.", show_root,
     "ad-not-xml: 200 with a page."},
    {"ad-500", 2, failure, "Autodiscover for {domain} breaks down (500)",
     "The web application itself fails, or a bridging proxy does not accept the pool's certificate name.",
     "SfB admin, reverse-proxy admin", "Check the IIS application pools and the event log of the front end; let the proxy's target name match the pool certificate.",
     show_root, "ad-502-504: codes of a gateway."},
    {"ad-502-504", 2, failure, "The reverse proxy cannot reach the autodiscover service of {domain}",
     "The proxy answers, but what is behind it does not: port, name resolution or trust between proxy and pool.",
     "reverse-proxy admin, network admin", "From the proxy: resolve the pool, open 4443 and 8080, trust the internal root, keep the Host header.",
     show_root, "ad-500: the front end itself fails."},
    {"ad-503", 2, failure, "Autodiscover for {domain} is unavailable (503)",
     "The application pool is stopped, the server is in maintenance, or the load balancer has no healthy member.",
     "SfB admin", "Start the application pools of the front end; check the load balancer's monitor.", show_root, "ad-502-504: from a gateway."},
    {"ad-redirect-loop", 2, failure, "Autodiscover for {domain} goes round in circles",
     "A redirect leads back to an address that was asked already, or there are too many of them.",
     "SfB admin, reverse-proxy admin", "Remove one of the redirects (http to https and back; on-premises to cloud and back); check the hosting provider of the user.",
     "Linux: curl -sLv --max-redirs 12 https://lyncdiscover.{domain}/", "reg-301-loop: the same between registrars."},
    {"ad-redirect-foreign-domain", 2, failure, "Autodiscover for {domain} leads to a foreign domain",
     "The target lies outside {domain} and is not among the trusted names, so the client asks the user before it goes on.",
     "SfB admin, user", "Make sure that the domain is legitimate, then trust it by policy (TrustModelData; here: --trust-domain).", show_root,
     "ad-redirect-loop: it comes back."},
    {"ad-not-xml", 2, failure, "A web page answers in place of autodiscover for {domain}",
     "The answer is 200, but a page and no autodiscover document: wrong target, a log-in form, or a portal.",
     "reverse-proxy admin", "Pass /autodiscover/* through to the pool, without log-in form; correct the target.", show_root,
     "net-captive-portal: every host answers so. ad-preauth: the page is a log-in."},
    {"ad-preauth", 2, failure, "The reverse proxy wants its own log-in before autodiscover for {domain}",
     "The proxy asks for credentials (form or Basic) before the request reaches the pool. Clients cannot fill that in.",
     "reverse-proxy admin", "Publish the Skype for Business paths without pre-authentication.", show_root,
     "wt-401-loop: there IIS asks, with Negotiate and NTLM."},
    {"ad-internal-urls-outside", 2, failure, "Outside, autodiscover hands out internal names",
     "The document says that the caller is inside, or names only internal servers, which cannot be resolved or reached from here.",
     "reverse-proxy admin, SfB admin", "Bridge 443 to 4443 and 80 to 8080; define the external web address and the Edge in the topology and publish it.",
     show_root, "dns-split-brain-internal-leaked: DNS names private addresses."},
    {"ad-external-urls-inside", 2, warning, "Inside, autodiscover takes us to be outside",
     "The internal name leads to the external web site, so clients inside use the Edge.",
     "DNS admin, LB admin", "Point lyncdiscoverinternal.{domain} at the internal web services on 443.", show_lyncdiscover,
     "dns-split-brain-missing-internal: the internal name does not exist."},
    {"ad-host-header-rewritten", 2, failure, "The reverse proxy changes the Host header",
     "Answers name the internal server and depend on the name asked for; other domains than the first fail.",
     "reverse-proxy admin", "Forward the original Host header.", show_root, "ad-404: the path is missing for every name."},
    {"ad-user-unknown", 2, failure, "Autodiscover does not know {user}",
     "The service works, but has no document for this user: not enabled, not replicated, or homed elsewhere without a hosting provider.",
     "SfB admin", "Enable the user (Enable-CsUser), check RegistrarPool and HostingProvider, wait for replication.", show_user,
     "reg-404-not-sip-enabled: the same cause, said by the registrar."},
    {"ad-partial-no-sip-endpoint", 2, failure, "Autodiscover names no SIP server for {user}",
     "The user's document lacks the entry for clients on this side, so clients fall back to DNS.",
     "SfB admin", "Associate an Edge pool with the user's pool and publish the topology.", show_root,
     "ad-internal-urls-outside: there are names, but of the wrong side."},
};
// clang-format on

}  // namespace

std::span<const entry> autodiscover() { return entries; }

}  // namespace ucsignin::diagnosis::parts
