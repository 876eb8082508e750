// Stage 5: provisioning, subscriptions, presence.
#include "catalogue_parts.hpp"

namespace ucsignin::diagnosis::parts {
namespace {

// clang-format off
constexpr entry entries[] = {
    {"prov-no-answer", 5, failure, "The front end does not answer the subscription", "Registered, but what the client asks for next gets no answer: user services or configuration replica are in trouble.", "SfB admin", "Check replication and user services of {pool}; restart the front-end service.", show_replication, "reg-signature-mismatch: answers came, but could not be trusted."},
    {"prov-error", 5, failure, "The front end refuses the provisioning request", "Policies cannot be read, so options, meetings and voice are missing.", "SfB admin", "Follow the number in the answer; check the configuration store.", show_replication, "prov-no-answer."},
    {"prov-group-missing", 5, failure, "Part of the provisioning did not come", "A policy group is missing, so a feature is missing: a policy that no longer exists, or an old replica.", "SfB admin", "Get-CsUser | fl *policy*; grant the policy again; Invoke-CsManagementStoreReplication.", "server: Get-CsUser sip:{user} | fl *Policy*", "prov-no-answer: nothing came."},
    {"prov-no-dialplan", 5, failure, "There is no dial plan for {user}", "Numbers are not normalised.", "SfB admin", "Grant-CsDialPlan; check that the user is enabled for Enterprise Voice.", "server: Get-CsUser sip:{user} | fl DialPlan,EnterpriseVoiceEnabled", "Voice is not meant for this user."},
    {"prov-no-mras", 5, warning, "No media relay is provisioned", "Calls from outside will be limited.", "SfB admin", "Associate an A/V Edge with the pool and publish.", "server: Get-CsService -EdgeServer", "mras-failed: one is provisioned and fails."},
    {"mras-failed", 5, failure, "The media relay gives no credentials", "Calls from outside fail.", "SfB admin, network admin", "Open 5062 to the Edge; check the A/V authentication certificate and the time.", "server: Test-CsAVEdgeConnectivity", "prov-no-mras; server-clock-skew."},
    {"prov-web-urls-unreachable", 5, failure, "Web addresses from the provisioning cannot be reached", "Address book, group expansion and meetings fail.", "SfB admin, DNS admin", "Correct the web names in topology, DNS and certificate.", show_certprov, "net-443-blocked."},
    {"address-book-401", 5, failure, "The address book refuses the log-in", "The address book web service does not accept ticket or password.", "SfB admin", "Update-CsAddressBook; check IIS authentication.", "server: Test-CsAddressBookService", "wt-401-loop."},
    {"sub-event-unsupported", 5, failure, "The server does not know the event subscribed to", "An extension header is missing, or the server is old.", "developer", "Send Supported: msrtc-event-categories; report it with the trace.", show_services, "sub-481-dialog-gone."},
    {"sub-481-dialog-gone", 5, failure, "The server has forgotten the subscription", "After failover or expiry the client has to subscribe anew.", "developer", "Subscribe again.", show_services, "net-idle-timeout-drop."},
    {"roaming-contacts-failed", 5, failure, "The contact list of {user} cannot be read", "The pool does not hand it out: back end or replica is read-only or away.", "SfB admin", "Treat as quorum loss: check fabric state and database.", show_fabric, "contacts-in-ucs-unreachable: the list is in Exchange."},
    {"contacts-in-ucs-unreachable", 5, warning, "The contacts of {user} are kept in Exchange", "The list lives in the Unified Contact Store; without Exchange it is empty or read-only.", "Exchange admin, then SfB admin", "Repair EWS; else Invoke-CsUcsRollback.", "server: Test-CsUnifiedContactStore -UserSipAddress sip:{user}", "roaming-contacts-failed."},
    {"contacts-readonly-migration", 5, warning, "The contacts of {user} are being moved", "They cannot be changed until that is done.", "nobody", "Wait.", "server: Debug-CsUnifiedContactStore", "contacts-quota."},
    {"contacts-quota", 5, failure, "The contact list of {user} is full", "The limit of contacts, groups or members is reached.", "user, SfB admin", "Remove contacts, or raise MaxContacts.", "server: Get-CsUserServicesConfiguration | fl MaxContacts", "contacts-readonly-migration."},
    {"roaming-version-conflict", 5, info, "Another endpoint changed the data first", "The change has to be made again with the current version.", "developer", "Read again and retry once.", show_user, "roaming-data-corrupt: persists."},
    {"roaming-data-corrupt", 5, failure, "The stored data of {user} cannot be used", "The same account fails on every PC while others are fine.", "SfB admin", "Export-CsUserData, repair or remove, import again.", "server: Export-CsUserData -PoolFqdn {pool} -UserFilter {user} -FileName user.zip", "roaming-version-conflict: passes on retry."},
    {"message-too-large", 5, failure, "A message is too large for the server", "The limit is 128 KB.", "developer, SfB admin", "Split it.", "server: Get-CsProxyConfiguration | fl MaxClientMessageBodySizeKb", "roaming-data-corrupt."},
    {"publish-conflict", 5, warning, "The presence of {user} was published with an old version", "Another endpoint published in between.", "developer", "Publish again with the current version.", show_user, "publish-refused."},
    {"publish-refused", 5, failure, "The server refuses the presence of {user}", "Policy, size, or a read-only pool.", "SfB admin", "Follow the number in the answer; check the fabric state.", show_fabric, "publish-conflict."},
    {"category-subscription-limit", 5, warning, "Some contacts have too many followers", "Their presence is not shown to more.", "SfB admin", "Raise MaxCategorySubscription.", "server: Get-CsPresencePolicy", "presence-privacy-mode."},
    {"presence-not-authorized", 5, warning, "A contact does not let {user} see their presence", "The contact blocks this user.", "user", "Ask the contact.", show_user, "presence-privacy-mode."},
    {"presence-privacy-mode", 5, info, "Privacy mode is on", "Only contacts on each other's list see presence.", "SfB admin", "A policy; tell the user, or switch it off.", "server: Get-CsPrivacyConfiguration", "presence-not-authorized."},
    {"federation-disabled", 5, failure, "{user} may not communicate with partners", "Policy of the user, of the Edge, or of the domain list.", "SfB admin", "EnableFederationAccess, AllowFederatedUsers, allow the domain.", "server: Get-CsExternalAccessPolicy; Get-CsAccessEdgeConfiguration", "federation-no-route."},
    {"federation-no-route", 5, failure, "A partner's servers cannot be reached", "DNS, certificate or allow list of the partner.", "SfB admin", "Check _sipfederationtls and certificates on both sides.", "Linux: dig SRV _sipfederationtls._tcp.{domain}", "federation-disabled."},
    {"limited-functionality", 5, failure, "{user} is registered, but the pool cannot serve presence and contacts", "REGISTER is accepted while subscriptions or publications fail with server errors: secondaries missing, back end down, or a failover running.", "SfB admin", "Check fabric state and SQL; wait for the failover to end.", show_fabric, "reg-backup-registrar-limited."},
};
// clang-format on

}  // namespace

std::span<const entry> provisioning() { return entries; }

}  // namespace ucsignin::diagnosis::parts
