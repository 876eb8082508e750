// Stage 4: what the registrar says.
#include "catalogue_parts.hpp"

namespace ucsignin::diagnosis::parts {
namespace {

// clang-format off
constexpr entry entries[] = {
    {"credentials-withheld", 4, failure, "No log-in was sent to {host}",
     "A server wants a log-in and this program keeps it back: its name is not one that {user} has a reason to trust, and no other server or way was left. "
     "Nothing was refused. The desktop client would ask whether to trust it, or send the log-in.",
     "user, then SfB admin, DNS admin", "If {host} is your company's, say so: --trust-domain {allow}. If not, do not sign in there; have the servers published under {domain}.",
     "Linux: openssl s_client -connect {host}:443 -servername {host} </dev/null | openssl x509 -noout -subject -issuer",
     "wt-401-loop, wt-bad-credentials-fault, certprov-unreachable, reg-wrong-password: there a server said no; here it was not asked. "
     "dns-srv-target-outside-domain: the record that leads there, to be mended first."},
    {"reg-wrong-password", 4, failure, "User name or password of {login} is not accepted",
     "The server ran the exchange to its end and refused: the password is wrong, or the log-in name is not the one of this account.",
     "user", "Type the password again; when log-in name and SIP address differ, give the UPN or DOMAIN\\user (--login). Few attempts: the account may be locked.", show_account,
     "reg-account-locked, reg-password-expired: even the right password fails. reg-ntlm-session-security: refused for its form. wt-401-loop: SIP accepts it."},
    {"reg-account-locked", 4, failure, "The account {login} is locked", "Too many wrong passwords, often from another device; even the right one is refused for a while.",
     "AD admin", "Unlock the account and find the device that sends the old password (event 4740).", show_account, "reg-wrong-password; wt-account-disabled."},
    {"reg-password-expired", 4, failure, "The password of {login} has expired", "The directory demands a new password first.", "user, AD admin", "Change the password.", show_account, "reg-wrong-password."},
    {"reg-ntlm-session-security", 4, failure, "Client and server do not agree on NTLM security", "The server demands 128-bit session security or NTLMv2 and got less; it looks like a wrong password.",
     "AD admin, desktop support", "Set LmCompatibilityLevel to 3 or more on the client; update the client.", "Windows: reg query HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa /v LmCompatibilityLevel", "reg-wrong-password."},
    {"reg-no-common-scheme", 4, failure, "{host} offers no way to authenticate that works here",
     "None of the schemes that the server lists can be used by this client from this place.", "SfB admin", "Switch on a scheme that fits (certificate or NTLM outside); make sure that {host} is the right server.",
     "server: Get-CsProxyConfiguration; Get-CsAuthConfig", "certprov-disabled: only certificate log-on is missing."},
    {"reg-kerberos-skew", 4, failure, "Kerberos refuses because the clocks differ", "PC, domain controller and server must agree within 300 s.", "user, AD admin", "Synchronise the clocks.", show_time, "server-clock-skew."},
    {"reg-kerberos-spn", 4, failure, "Kerberos finds no account for the server {host}", "The service principal name is missing or exists twice.", "AD admin, SfB admin", "setspn -Q sip/{host}; remove duplicates; Enable-CsTopology.", "Windows: setspn -Q sip/{host}", "wt-401-loop: the same for the web services."},
    {"server-clock-skew", 4, failure, "The clock of the server {server} is wrong", "This server dates its answers otherwise than this PC and the other servers: tickets look expired or not yet valid to it.",
     "SfB admin", "Correct its time and time zone, restart its services, check the time hierarchy of the domain.", "Windows: w32tm /stripchart /computer:{server} /samples:3\nLinux: curl -sI https://{server}/ | grep -i ^date", "local-clock-skew: all servers agree against this PC."},
    {"reg-404-not-sip-enabled", 4, failure, "{user} is not a Skype for Business user at this pool",
     "The registrar does not know the address: never enabled, disabled, or mistyped.", "SfB admin", "Check the spelling of {user}; enable the user (Enable-CsUser).", show_user,
     "reg-404-not-replicated: enabled, but new. dns-user-domain-typo: the domain is wrong."},
    {"reg-404-not-replicated", 4, failure, "{user} is enabled but has not reached the pool yet", "Only new users are not found: the User Replicator has not finished or leaves out their domain.",
     "SfB admin", "Wait; Update-CsUserDatabase; Set-CsUserReplicatorConfiguration -ADDomainNamingContextList $null.", show_user, "reg-404-not-sip-enabled: not enabled at all."},
    {"reg-user-not-in-pool", 4, failure, "The pool {pool} holds no data of {user}", "The user should be here and is not: a move was not finished, or the backup pool lacks the data.",
     "SfB admin", "Get-CsUserPoolInfo; move again (Move-CsUser); Sync-CsUserData.", "server: Get-CsUserPoolInfo -Identity sip:{user}", "reg-301-loop."},
    {"reg-403-remote-access", 4, failure, "{user} may not sign in from outside", "The Edge lets the user through to the pool, which forbids access from outside for this user or for everybody.",
     "SfB admin", "Grant-CsExternalAccessPolicy with EnableOutsideAccess; Set-CsAccessEdgeConfiguration -AllowOutsideUsers $true; check replication to the Edge.",
     "server: Get-CsUser sip:{user} | fl ExternalAccessPolicy; Get-CsExternalAccessPolicy", "reg-403-uri-not-authorized; reg-403-no-reason."},
    {"reg-403-uri-not-authorized", 4, failure, "The account {login} may not sign in as {user}", "Authentication succeeded, but the SIP address belongs to another account.", "user", "Use the address of this account, or the account of this address; check a rename.", show_user, "wt-sip-uri-mismatch: the same at the web ticket."},
    {"reg-403-no-reason", 4, failure, "{host} refuses {user} and gives no reason", "The server hides its reasons from outsiders by default.", "SfB admin",
     "Try from inside, or switch diagnostics on for the test (Set-CsDiagnosticHeaderConfiguration); look the Call-ID up in the server's log.", "server: Get-CsDiagnosticHeaderConfiguration", "All refusals that carry a number."},
    {"reg-version-blocked", 4, failure, "The server does not let this client version in", "A client version policy refuses what the User-Agent header says.", "SfB admin, desktop support",
     "Add an allow rule, or update the client. To prove it, try once with --user-agent of an allowed client, with the administrator's consent.", "server: Get-CsClientVersionPolicyRule | ft", "reg-403-remote-access."},
    {"reg-server-overloaded", 4, failure, "{host} is overloaded", "It asks to come back later.", "SfB admin", "Wait as long as it asks; add capacity.", show_services, "reg-503-generic."},
    {"reg-503-generic", 4, failure, "The registrar at {host} is not able to serve", "The server answers but its service is not ready: starting, stopping, a critical application or the database missing.",
     "SfB admin", "Look at services and event log of {server}; check the database.", show_services, "reg-server-overloaded: asks to retry. reg-quorum-loss: only some users."},
    {"reg-quorum-loss", 4, failure, "The part of the pool that holds {user} has no primary", "Some users of the pool can sign in, others cannot: too few front ends run.", "SfB admin", "Start the front ends; Reset-CsPoolRegistrarState -ResetType QuorumLossRecovery.", show_fabric, "reg-503-generic: everybody."},
    {"reg-504-edge-next-hop", 4, failure, "The Edge {host} cannot reach the pool behind it", "The Edge answers by itself that its next hop failed: firewall, name resolution or certificate between Edge and pool.",
     "SfB admin, network admin", "From the Edge: resolve the next hop, open 5061 both ways, check the internal certificate and the DNS suffix.", show_replication, "reg-504-dns; reg-504-next-hop-cert; reg-503-generic: the pool itself answers."},
    {"reg-504-dns", 4, failure, "{server} cannot resolve the next server", "A server on the way lacks a DNS record for the next one.", "SfB admin, DNS admin", "Correct the records as {server} sees them.", "server: Resolve-DnsName {pool} (on {server})", "reg-504-edge-next-hop."},
    {"reg-504-next-hop-cert", 4, failure, "{server} does not trust the certificate of the next server", "TLS between the servers fails: expired, unknown root or wrong usage.", "PKI admin, SfB admin", "Renew the server's certificate, install the roots, check its usages.", "server: Get-CsCertificate | fl Use,NotAfter,Issuer", "tls-expired: what this client sees."},
    {"reg-sip-domain-unsupported", 4, failure, "The servers do not serve the domain {domain}", "The SIP domain is not in the topology, or this is somebody else's server.", "SfB admin, user", "New-CsSipDomain and publish, or correct the address.", "server: Get-CsSipDomain", "reg-404-not-sip-enabled."},
    {"reg-301-home-pool", 4, info, "{host} leads to the home pool of {user}", "Normal: the first server sends each user to the pool that holds them.", "nobody", "Nothing to do.", show_user, "reg-301-loop."},
    {"reg-301-target-unreachable", 4, failure, "The home server {host} of {user} cannot be reached", "The first server redirects to the home pool, and that cannot be reached from here.", "network admin, SfB admin",
     "Open the way to {host}:{port} and give it a DNS record here; when the pool is down, Invoke-CsPoolFailOver.", show_tcp, "dns-stale-a: no redirect was involved."},
    {"reg-301-loop", 4, failure, "The servers send {user} round in circles", "Each says that the other one is home: databases disagree, or a move failed.", "SfB admin", "Compare Get-CsUserPoolInfo on both; move the user again.", "server: Get-CsUserPoolInfo -Identity sip:{user}", "ad-redirect-loop."},
    {"reg-302-temporary", 4, info, "{host} leads elsewhere for the time being", "A server in maintenance passes its users on.", "nobody", "Nothing to do; it should not be remembered.", show_services, "reg-301-home-pool."},
    {"reg-backup-registrar-limited", 4, failure, "{user} is signed in at a backup registrar, with limited functionality", "The primary pool is down; calls work, contacts and presence do not.", "SfB admin", "Restore the primary pool, or Invoke-CsPoolFailOver.", "server: Get-CsPoolBackupRelationship -PoolFqdn {pool}", "reg-quorum-loss."},
    {"reg-dsk-cert-revoked", 4, failure, "{host} does not accept the user certificate of {user}", "The certificate is sound here, but the pool does not know it: revoked, or the user was moved.", "user, SfB admin", "Fetch a new certificate (sign in with the password); keep certificate provisioning reachable.", "server: Get-CsClientCertificate -Identity sip:{user}", "local-user-cert-expired."},
    {"reg-dsk-inner-tls-fail", 4, failure, "The TLS handshake inside SIP fails at {host}", "The outer connection is fine; the certificate log-on runs a second handshake, which finds no common version or cipher or no trust.", "desktop support, SfB admin",
     "Align the TLS settings of the front end; trust the internal issuer.", show_tls, "tls-cipher-mismatch: the outer handshake."},
    {"reg-signature-mismatch", 4, failure, "Answers of {host} carry wrong signatures and had to be discarded", "Something between client and server changes the messages, or several servers answer with different keys. It looks like silence.", "network admin",
     "Let TLS run from end to end; set affinity on the load balancer.", show_tls, "reg-timeout: not one byte came."},
    {"reg-unsigned-200", 4, failure, "{host} says yes but does not sign", "A server that has just agreed on keys must sign; this one did not, so somebody else may be answering.", "network admin", "Find out who answers at {host} (certificate, Via and Server headers).", show_tls, "reg-signature-mismatch: signed, but wrongly."},
    {"reg-unchallenged", 4, failure, "{host} does not authenticate", "The first REGISTER was decided without any challenge: not the right server, or blocked before authentication.", "SfB admin", "Verify that {host} is a registrar of this deployment.", show_tls, "reg-unsigned-200."},
    {"reg-timeout", 4, failure, "{host} takes the REGISTER and does not answer", "TLS is up, SIP stays silent: the front end hangs, or directory or database behind it are slow.", "SfB admin", "Check domain controllers, SQL and queues of {server}.", show_services, "net-mtu-blackhole: not even TCP acknowledges. reg-signature-mismatch: answers came and were discarded."},
    {"reg-endpoint-limit", 4, failure, "{user} is signed in at too many places", "The server dropped this endpoint since there are more than MaxEndpointsPerUser (8).", "user, SfB admin", "Close other clients.", "server: Get-CsRegistrarConfiguration | fl MaxEndpointsPerUser", "reg-deregistered-disabled."},
    {"reg-deregistered-disabled", 4, failure, "{user} was disabled while signed in", "The server ended the registration and says that the user is disabled.", "SfB admin", "Enable the user again if that was not intended.", show_user, "reg-endpoint-limit."},
    {"reg-user-moved", 4, info, "{user} is being moved to another pool", "The server ended the registration so that the client signs in at the new pool.", "nobody", "Sign in again; if it persists see reg-user-not-in-pool.", show_user, "reg-301-loop."},
    {"reg-duplicate-sip-address", 4, failure, "The address {user} exists twice in the directory", "Two accounts hold it, so the server refuses or takes the wrong one.", "AD admin", "Find both and correct one.", "server: Get-ADObject -LDAPFilter '(msRTCSIP-PrimaryUserAddress=sip:{user})'", "reg-404-not-sip-enabled."},
    {"reg-400-malformed", 4, failure, "{host} finds the request malformed", "The client is at fault, or something on the way changed the message.", "developer, network admin", "Compare what was sent with what arrived; report it with the trace.", show_tls, "net-sip-alg."},
    {"reg-482-483-loop", 4, failure, "The request runs in circles between the servers", "Edge, Director and pool pass it on to one another.", "SfB admin", "Check next hops and static routes.", "server: Get-CsStaticRoutingConfiguration", "reg-301-loop."},
    {"reg-480", 4, failure, "The service for {user} is temporarily unavailable", "The server that should hold the user's data does not have them ready.", "SfB admin", "Treat as quorum loss or failover.", show_fabric, "reg-503-generic."},
    {"reg-423-interval", 4, failure, "{host} finds the registration too short", "The client asked for a shorter life than Min-Expires.", "developer", "Ask for Min-Expires.", "server: Get-CsRegistrarConfiguration", "reg-400-malformed."},
    {"reg-hybrid-wrong-side", 4, failure, "{user} is homed on the other side of the hybrid deployment", "On-premises and cloud each send the user to the other.", "SfB admin", "Check hosting provider, shared address space and synchronised attributes.", "server: Get-CsHostingProvider; Get-CsUser sip:{user} | fl HostingProvider", "reg-404-not-replicated."},
    {"reg-auth-config-split", 4, failure, "Registrar and web services want different log-ins", "What one offers the other does not: the configuration differs between pools.", "SfB admin", "Set authentication globally.", "server: Get-CsAuthConfig", "wt-auth-type-not-allowed."},
};
// clang-format on

}  // namespace

std::span<const entry> registration() { return entries; }

}  // namespace ucsignin::diagnosis::parts
