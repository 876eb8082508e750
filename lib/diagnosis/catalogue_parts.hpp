#pragma once
// What the parts of the catalogue have in common: the commands that many entries share.

#include "ucsignin/diagnosis.hpp"

namespace ucsignin::diagnosis::parts {

using entry = catalogue_entry;
using enum diagnosis::severity;

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
