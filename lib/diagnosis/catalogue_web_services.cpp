// Stage 4: web tickets and user certificates.
#include "catalogue_parts.hpp"

namespace ucsignin::diagnosis::parts {
namespace {

// clang-format off
constexpr entry entries[] = {
    {"wt-401-loop", 4, failure, "The web ticket service at {sts} asks for the password again and again",
     "Each attempt ends in 401 although the exchange was complete, or the challenge never comes: Windows authentication of the web services is "
     "broken (SPN, load balancer without affinity).",
     "SfB admin, AD admin", "Run Test-CsKerberosAccountAssignment -Report, set affinity on the load balancer, compare with one front end directly.", show_ticket,
     "reg-wrong-password: SIP refuses the password too. ad-preauth: the proxy asks. net-proxy-407: 407, not 401."},
    {"wt-bad-credentials-fault", 4, failure, "The web ticket service refuses user name or password of {login}",
     "The service at {sts} answers that the credentials are not valid: wrong password, or the log-in name is not the right one for this address.",
     "user", "Type the password again; when log-in name and SIP address differ, give the UPN or DOMAIN\\user (--login). Few attempts: the account may be locked.",
     show_ticket, "wt-account-disabled: the text says so. wt-sip-uri-mismatch: the credentials are right, but another user's. reg-account-locked."},
    {"wt-account-disabled", 4, failure, "The account {login} is disabled",
     "The web ticket service says so; the password need not be wrong.", "AD admin", "Enable the account; for leavers also Disable-CsUser and Revoke-CsClientCertificate.",
     show_account, "wt-bad-credentials-fault: another text."},
    {"wt-sip-uri-mismatch", 4, failure, "The credentials of {login} do not belong to {user}",
     "The log-in works, but that account has another SIP address.", "user, SfB admin", "Use the address that Get-CsUser shows for this account; after a rename delete the sign-in info.",
     show_user, "reg-403-uri-not-authorized: the same, said by the registrar (4004)."},
    {"wt-auth-type-not-allowed", 4, failure, "The web ticket service at {sts} does not allow log-in by password",
     "Only modern authentication (OAuth) is offered, which this client does not speak.", "SfB admin, desktop support",
     "Use a client with modern authentication, or relax Set-CsAuthConfig; keep registrar and web services alike.", "server: Get-CsAuthConfig", "wt-401-loop: Negotiate and NTLM are offered."},
    {"wt-not-sip-enabled", 4, failure, "{user} is not enabled for Skype for Business",
     "The web ticket service knows the account, but it is not enabled or has no licence.", "SfB admin", "Enable-CsUser, or assign the licence; wait for replication.", show_user,
     "reg-404-not-sip-enabled: the same, said by the registrar."},
    {"wt-ticket-invalid", 4, failure, "{sts} does not accept the web ticket that it was given",
     "The ticket was issued a moment ago and is refused: another pool issued it, something changed it on the way, or front ends sign with different certificates.",
     "SfB admin", "Use the same OAuthTokenIssuer certificate everywhere; check replication; one ticket per pool.", "server: Get-CsCertificate -Type OAuthTokenIssuer", "wt-ticket-expired: refused for its age."},
    {"wt-ticket-expired", 4, failure, "{sts} says that the web ticket has expired",
     "A ticket lives hours; one that is new and expired points to a wrong clock.", "user, SfB admin", "Compare the clocks of this PC and of the front ends.", show_time,
     "local-clock-skew, server-clock-skew: compare the Date headers."},
    {"wt-audience-invalid", 4, failure, "The web ticket was made for another address than {sts}",
     "The service is asked under a name that the ticket does not cover (alias, port, path).", "SfB admin", "Use the addresses that the service itself announces; register all names.", show_ticket, "wt-ticket-invalid."},
    {"wt-oauth-token-invalid", 4, failure, "{sts} refuses the OAuth token",
     "The modern log-in succeeded, but the server does not trust its issuer or its data are old.", "SfB admin, identity admin", "Check Get-CsOAuthServer and the service principal names; refresh the metadata.",
     "server: Get-CsOAuthServer; Get-CsOAuthConfiguration", "wt-auth-type-not-allowed."},
    {"wt-upn-missing-in-token", 4, failure, "The OAuth token of {login} names no user",
     "The claim with the user principal name is missing.", "identity admin", "Issue the upn claim; use the right client id.", "server: Get-CsOAuthServer", "wt-oauth-token-invalid."},
    {"wt-adfs-down", 4, failure, "The federation server {sts} does not answer",
     "The log-in is passed on to AD FS, which is stopped or has the endpoint switched off.", "identity admin", "Start AD FS and its proxy; enable the WS-Trust endpoints usernamemixed and windowstransport.",
     "Linux: curl -v https://{sts}/adfs/services/trust/mex", "wt-adfs-cert: it answers, with a bad certificate."},
    {"wt-adfs-cert", 4, failure, "The certificate of the federation server {sts} is not accepted",
     "TLS to AD FS fails: expired, another name, or an unknown root.", "identity admin, PKI admin", "Replace the certificate of AD FS; publish its revocation list.",
     "Linux: openssl s_client -connect {sts}:443 -servername {sts} </dev/null", "tls-expired: a Skype for Business server's certificate."},
    {"wt-adfs-mfa", 4, failure, "The federation server wants more than a password",
     "Conditional access or a second factor is required, which the active endpoints cannot ask for.", "identity admin", "Use a client with modern authentication, or make an exemption.", show_account, "wt-bad-credentials-fault."},
    {"wt-token-signing-rollover", 4, failure, "The federation server's signing certificate has changed",
     "The federation server issues a token that the service does not accept any more.", "identity admin", "Update the federation metadata at the relying party.", "server: Get-AdfsCertificate -CertificateType Token-Signing", "wt-oauth-token-invalid."},
    {"wt-federated-direct-login", 4, failure, "The password for {domain} went to the wrong log-in service",
     "The domain is federated; its users must log in at their own identity provider.", "identity admin, desktop support", "Follow realm discovery to the provider of {domain}.", show_ticket, "wt-bad-credentials-fault."},
    {"wt-wam-adal-default", 4, failure, "The token broker of Windows fails for AD FS",
     "Newer Office uses it by default and fails before any request to Skype for Business.", "desktop support", "Set EnableWAM to 0, or move to hybrid modern authentication.",
     "Windows: reg query HKCU\\Software\\Policies\\Microsoft\\Office\\16.0\\Lync /v EnableWAM", "local-user-cert-corrupt."},
    {"wt-smartcard-kdc-unreachable", 4, failure, "Kerberos was chosen, but no domain controller answers",
     "Outside the company network Kerberos costs time and fails.", "desktop support", "Prefer certificate log-on outside.", "Windows: nltest /dsgetdc:{domain}\nLinux: dig SRV _kerberos._tcp.{domain}", "reg-kerberos-skew."},
    {"certprov-unreachable", 4, failure, "The web services at {sts} cannot be reached, so there is no user certificate",
     "The SIP server is fine and sends the client to {sts} for a certificate; that host does not answer, or not with this service.",
     "reverse-proxy admin, SfB admin", "Publish /CertProv and /WebTicket of the pool at {sts} (port 443); set the external web address in the topology.", show_certprov,
     "certprov-500: the service answers with an error. local-user-cert-corrupt: a certificate is there."},
    {"certprov-500", 4, failure, "Certificate provisioning at {sts} breaks down",
     "Log-in was fine; then the service that issues user certificates fails: database, replication, issuing certificate or application pool.",
     "SfB admin", "Read the front end's event log; run Test-CsClientAuthentication; try another user from this PC.", show_ticket, "certprov-unreachable: no answer of the service."},
    {"certprov-wrong-subject", 4, failure, "{sts} issued a certificate that is not for {user}",
     "Its name or key is another one, so the registrar would not accept it.", "SfB admin", "Sign in with the primary SIP address; look for duplicates.", show_user, "reg-dsk-cert-revoked: a right one that is refused."},
    {"certprov-not-yet-valid", 4, failure, "The new user certificate of {user} is not valid yet",
     "The front end that issued it has a clock that runs ahead, or this PC's is behind.", "SfB admin, user", "Synchronise the clocks.", show_time, "local-clock-skew."},
    {"certprov-disabled", 4, warning, "{host} does not offer log-on by certificate",
     "TLS-DSK is missing from the challenge although NTLM or Kerberos is there: certificate log-on is switched off, so each start asks for a password and phones cannot sign in.",
     "SfB admin", "Set UseCertificateForClientToProxyAuth (Set-CsProxyConfiguration) and UseCertificateAuth (Set-CsWebServiceConfiguration) to True.",
     "server: Get-CsProxyConfiguration | fl Identity,UseCertificateForClientToProxyAuth", "reg-no-common-scheme: nothing usable is offered at all."},
};
// clang-format on

}  // namespace

std::span<const entry> web_services() { return entries; }

}  // namespace ucsignin::diagnosis::parts
