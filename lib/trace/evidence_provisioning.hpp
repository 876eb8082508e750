#pragma once
// The evidence registry's part of stage 5: what the account has, and what becomes of it from here.

#include "trace/evidence.hpp"

namespace ucsignin::trace::ev {

inline constexpr std::string_view media_kinds[] = {"audio", "video", "sharing", "files", "sip", "any"};
inline constexpr std::string_view contact_kinds[] = {"same", "federated", "public"};
inline constexpr std::string_view presence_states[] = {"active",  "pending",   "polled",    "terminated",
                                                       "refused", "no_answer", "not_asked", "not_told"};
inline constexpr std::string_view relay_locations[] = {"internet", "intranet"};
inline constexpr std::string_view relay_tcp_states[] = {"connects", "refused", "timed_out",  "unreachable",
                                                        "reset",    "proxy",   "no_address", "not_tried"};
inline constexpr std::string_view relay_udp_states[] = {"answers",     "silent",     "refused",
                                                        "unreachable", "no_address", "not_tried"};
inline constexpr std::string_view relay_allocations[] = {"granted",  "unproven", "open",   "refused",  "quota",
                                                         "mismatch", "error",    "silent", "not_tried"};
inline constexpr std::string_view firewall_states[] = {"unknown"};
inline constexpr std::string_view turn_dialects[] = {"standard", "microsoft"};
inline constexpr std::string_view web_url_states[] = {"answers", "dns",       "refused",     "timed_out", "unreachable",
                                                      "reset",   "tls",       "certificate", "proxy",     "protocol",
                                                      "closed",  "malformed", "not_tried"};
inline constexpr std::string_view web_log_ins[] = {
    "open",       "described",    "accepted",          "refused", "windows_only", "other_audience",
    "not_asked",  "withheld",     "no_ticket_service", "empty",   "not_found",    "forbidden",
    "login_page", "wants_log_in", "redirected",        "page",    "server_error", "no_answer",
    "unclear"};
inline constexpr std::string_view access_levels[] = {"external", "colleagues", "workgroup", "personal",
                                                     "blocked",  "default",    "other"};
inline constexpr std::string_view presence_kinds[] = {"user", "machine", "calendar", "phone", "other"};
inline constexpr std::string_view partner_states[] = {"found", "no_record", "no_service", "no_answer", "not_asked"};
using media_kind_word = code_word<media_kinds>;
using contact_kind_word = code_word<contact_kinds>;
using presence_state_word = code_word<presence_states>;
using relay_location_word = code_word<relay_locations>;
using relay_tcp_word = code_word<relay_tcp_states>;
using relay_udp_word = code_word<relay_udp_states>;
using relay_allocation_word = code_word<relay_allocations>;
using firewall_word = code_word<firewall_states>;
using turn_dialect_word = code_word<turn_dialects>;
using web_url_word = code_word<web_url_states>;
using web_log_in_word = code_word<web_log_ins>;
using access_level_word = code_word<access_levels>;
using presence_kind_word = code_word<presence_kinds>;
using partner_word = code_word<partner_states>;

// clang-format off
inline constexpr whole_number connections_lost{{"sip.connection.lost", number, ours, "", "connections of this sign-in that ended, after the registration, before all came that was asked for"}};
inline constexpr text_name provisioning_group{{"provisioning.group", code, server, "", "a group that came"}};
inline constexpr text_name provisioning_missing{{"provisioning.group_missing", code, ours, "", "a group that was asked for and did not come"}};
inline constexpr text_name setting_group{{"provisioning.setting.group", code, server, "", "the group that a setting belongs to; together with its name and value"}};
inline constexpr text_name setting_name{{"provisioning.setting.name", code, server, "", "its name"}};
inline constexpr text_name setting_value{{"provisioning.setting.value", text, server, "", "its value"}};
inline constexpr text_name contradiction{{"provisioning.contradiction", text, ours, "", "settings that exclude one another, and how"}};
inline constexpr evidence_name<code_word<media_kinds>> media_kind{{"media.kind", code, ours, "", "audio, video, sharing, files, sip, or any (one range for all); together with its ports"}};
inline constexpr whole_number media_port_from{{"media.port.from", number, server, "", "first port of its range"}};
inline constexpr whole_number media_port_to{{"media.port.to", number, server, "", "last port of its range"}};
inline constexpr whole_number media_ports_tried{{"media.ports.tried", number, ours, "", "how many ports of it this program bound to, and gave back at once; a port over UDP and over TCP counts twice"}};
inline constexpr whole_number media_ports_taken{{"media.ports.taken", number, ours, "", "of those, which another program has"}};
inline constexpr whole_number media_ports_denied{{"media.ports.denied", number, ours, "", "of those, which the system gives to no program of this account"}};
inline constexpr evidence_name<code_word<firewall_states>> media_firewall{{"media.firewall", code, ours, "", "whether a firewall of this PC lets these ports pass: unknown, since an ordinary user cannot read its rules"}};
inline constexpr evidence_name<code_word<relay_locations>> mras_asked_for{{"mras.location", code, ours, "", "internet or intranet: where the relay was asked for"}};
inline constexpr text_name mras_reason{{"mras.reason_phrase", text, server, "", "reasonPhrase of the relay service's answer: OK, Forbidden, Server Busy, ..."}};
inline constexpr whole_number mras_duration{{"mras.credentials.duration", number, server, "min", "life of the relay credentials"}};
inline constexpr whole_number relays{{"relay.count", number, server, "", "relays that the answer names"}};
inline constexpr text_name relay_host{{"relay.host", host, server, "", "a media relay; together with its ports and what came of them"}};
inline constexpr text_name relay_location{{"relay.location", text, server, "", "where it is for, as the server says: internet or intranet"}};
inline constexpr text_name relay_address{{"relay.address", address, server, "", "the address that was tried"}};
inline constexpr whole_number relay_tcp_port{{"relay.tcp.port", number, server, "", "its TCP port"}};
inline constexpr evidence_name<code_word<relay_tcp_states>> relay_tcp{{"relay.tcp.state", code, ours, "", "connects, refused, timed_out, unreachable, reset, proxy (the proxy does not let through), no_address, not_tried"}};
inline constexpr whole_number relay_udp_port{{"relay.udp.port", number, server, "", "its UDP port"}};
inline constexpr evidence_name<code_word<relay_udp_states>> relay_udp{{"relay.udp.state", code, ours, "", "answers, silent, refused, unreachable, no_address, not_tried"}};
inline constexpr evidence_name<code_word<turn_dialects>> relay_dialect{{"relay.udp.dialect", code, ours, "", "of TURN, in which it answered: standard (RFC 8656) or microsoft (MS-TURN)"}};
inline constexpr whole_number relay_udp_code{{"relay.udp.error_code", number, server, "", "of the answer to an Allocate without credentials; 401 is what it should be"}};
inline constexpr fraction relay_udp_ms{{"relay.udp.time", number, ours, "ms", "request to answer"}};
inline constexpr evidence_name<code_word<relay_allocations>> relay_allocation{{"relay.allocation.state", code, ours, "", "of an Allocate with the credentials, over UDP: granted (in the dialect of Microsoft likely, and no more); unproven (granted, but the answer does not show that the relay knows the password); open (granted without credentials); refused (the credentials); quota (none is left); mismatch (there is one of this address already); error (another code); silent; not_tried. That media passes is said by none of them"}};
inline constexpr whole_number relay_allocation_code{{"relay.allocation.error_code", number, server, "", "of the answer to the credentials: 401 refuses them, 486 is a quota, 437 an allocation that is there already, 438 a nonce that is never new enough"}};
inline constexpr flag relay_allocation_stale{{"relay.allocation.stale_nonce", code, server, "", "the relay wanted another nonce once (438), and got it"}};
inline constexpr flag relay_allocation_released{{"relay.allocation.released", code, ours, "", "whether the relay confirmed that the allocation was given back"}};
inline constexpr text_name relay_error{{"relay.error.text", text, system, "", "what went wrong there, in words"}};
inline constexpr text_name web_setting{{"provisioning.web.setting", code, server, "", "a setting that names a web address for this side of the Edge; together with what came of it"}};
inline constexpr text_name web_url{{"provisioning.web.url", url, server, "", "the address"}};
inline constexpr evidence_name<code_word<web_url_states>> web_state{{"provisioning.web.state", code, ours, "", "answers (whatever it says), dns, refused, timed_out, unreachable, reset, tls, certificate, proxy, protocol, closed, malformed, not_tried"}};
inline constexpr whole_number web_status{{"provisioning.web.status", number, server, "", "HTTP status of an answer to a GET without credentials; 401 is usual"}};
inline constexpr evidence_name<code_word<web_log_ins>> web_log_in{{"provisioning.web.log_in", code, ours, "", "what came of asking with a web ticket, where one was wanted: accepted, refused, windows_only (it offers Windows log-in and takes no ticket), other_audience (our ticket was made for another address of that server), not_asked (no ticket is at hand, and no password is used for one), withheld, no_ticket_service, empty (404 with the ticket), no_answer; or what there was without one: open, described (the service's description), not_found, forbidden, login_page, wants_log_in (before a description, which is for everybody), redirected, page, server_error; or unclear: a status that says neither yes nor no"}};
inline constexpr whole_number web_ticket_status{{"provisioning.web.ticket.status", number, server, "", "HTTP status of the answer to the GET with a web ticket"}};
inline constexpr text_name web_offered{{"provisioning.web.auth.offered", code, server, "", "a scheme of WWW-Authenticate"}};
inline constexpr text_name web_led_to{{"provisioning.web.led_to", url, server, "", "where it leads, or the ticket service that it names"}};
inline constexpr text_name web_error{{"provisioning.web.error", text, ours, "", "why there was none, or what is not as it should be"}};
inline constexpr text_name public_provider{{"federation.public_provider", text, server, "", "a public provider that the pool names"}};
inline constexpr flag partners_blocked{{"federation.partners_blocked", code, server, "", "policy: conversations that partners begin are blocked"}};
inline constexpr text_name delegate{{"delegates.uri", sip_uri, server, "", "who may act for the user"}};
inline constexpr whole_number notes{{"notes.count", number, server, "", "the personal note, if there is one, and those before it"}};
inline constexpr flag um_enabled{{"voicemail.enabled", code, server, "", "exumEnabled: the user has a voice mailbox"}};
inline constexpr whole_number voicemail_unread{{"voicemail.unread", number, server, "", "voice messages not yet heard"}};
inline constexpr whole_number voicemail_read{{"voicemail.read", number, server, "", "voice messages heard"}};
inline constexpr text_name um_address{{"voicemail.address", sip_uri, server, "", "exumURL: mailbox and dial plan at the voicemail service"}};
inline constexpr text_name telephony_mode{{"line.telephony_mode", code, server, "", "telephonyMode: None, Uc (Enterprise Voice), Rcc (remote call control) or Dual"}};
inline constexpr text_name line_uri{{"line.uri", sip_uri, server, "", "a line of the user as the server has it"}};
inline constexpr text_name line_number{{"line.number", text, ours, "", "its number (DDI)"}};
inline constexpr text_name line_extension{{"line.extension", text, ours, "", "its extension"}};
inline constexpr text_name line_fault{{"line.error", text, ours, "", "why a line URI can't be read"}};
inline constexpr evidence_name<code_word<access_levels>> access_level{{"access.level", code, ours, "", "what somebody may see of the user, by the container that names them: external, colleagues, workgroup, personal, blocked, default, other; together with whom it is about"}};
inline constexpr text_name access_user{{"access.user", sip_uri, server, "", "a person at that level"}};
inline constexpr text_name access_domain{{"access.domain", host, server, "", "a domain at that level"}};
inline constexpr text_name access_group{{"access.group", code, server, "", "everybody of a kind at that level: sameEnterprise, federated, publicCloud, everyone"}};
inline constexpr whole_number access_blocked{{"access.blocked", number, server, "", "persons, domains and groups that the user has blocked"}};
inline constexpr text_name contact_uri{{"contacts.uri", sip_uri, server, "", "a contact; together with what is said of it"}};
inline constexpr evidence_name<code_word<contact_kinds>> contact_kind{{"contacts.kind", code, ours, "", "same (enterprise), federated or public"}};
inline constexpr text_name contact_kind_why{{"contacts.kind.why", text, ours, "", "how one knows"}};
inline constexpr whole_number contact_unknown_group{{"contacts.unknown_group", number, server, "", "a group that it names and the list lacks"}};
inline constexpr evidence_name<code_word<presence_states>> contact_presence{{"contacts.presence", code, ours, "", "active, pending, polled (for now only), terminated, refused, no_answer, not_asked (we ask few partners), not_told"}};
inline constexpr text_name contact_presence_reason{{"contacts.presence.reason", text, server, "", "why a subscription to a contact ended"}};
inline constexpr whole_number contact_availability{{"contacts.presence.availability", number, server, "", "a contact's aggregate state"}};
inline constexpr text_name partner_domain{{"contacts.partner.domain", host, server, "", "a domain of partners among the contacts; together with what is said of it"}};
inline constexpr evidence_name<code_word<partner_states>> partner_found{{"contacts.partner.state", code, ours, "", "of its federation record: found, no_record, no_service (it says that there is none), no_answer, not_asked (we ask few)"}};
inline constexpr text_name partner_server{{"contacts.partner.server", host, server, "", "the server that the record names"}};
inline constexpr whole_number partner_port{{"contacts.partner.port", number, server, "", "its port; 5061 is usual"}};
inline constexpr evidence_name<code_word<dns_states>> partner_answer{{"contacts.partner.answer", code, ours, "", "how DNS answered: records, NXDOMAIN, NODATA, SERVFAIL, ..."}};
inline constexpr whole_number partners_not_asked{{"contacts.partners_not_asked", number, ours, "", "domains of partners that were not looked up"}};
inline constexpr flag contact_asked_for{{"contacts.asked_for", code, user, "", "asked about by --presence-of; in no list"}};
inline constexpr whole_number contacts_same{{"contacts.same", number, ours, "", "contacts of the same enterprise"}};
inline constexpr whole_number contacts_federated{{"contacts.federated", number, ours, "", "contacts of partners"}};
inline constexpr whole_number contacts_public{{"contacts.public", number, ours, "", "contacts of public providers"}};
inline constexpr whole_number contacts{{"contacts.count", number, server, "", "contacts in the list"}};
inline constexpr whole_number contact_groups{{"contacts.groups", number, server, "", "groups in the list"}};
inline constexpr text_name ucs_mode{{"contacts.ucs_mode", code, server, "", "ucsmode: migrated means the list is in Exchange"}};
inline constexpr text_name dial_plan_named{{"dial_plan.named", text, server, "", "the plan that provisioning names as the user's"}};
inline constexpr text_name dial_plan{{"dial_plan.name", text, server, "", "name of the location profile"}};
inline constexpr whole_number dial_rules{{"dial_plan.rules", number, server, "", "normalization rules"}};
inline constexpr whole_number dial_rule{{"dial_plan.rule", number, server, "", "a rule by its place in the plan, 1 is first; together with what is said of it"}};
inline constexpr text_name dial_pattern{{"dial_plan.rule.pattern", text, server, "", "its pattern, a regular expression of .NET"}};
inline constexpr text_name dial_rule_error{{"dial_plan.rule.error", text, ours, "", "why a rule can't be applied"}};
inline constexpr text_name dial_rule_foreign{{"dial_plan.rule.not_evaluated", text, ours, "", "why a rule that a client may well apply is not applied here"}};
inline constexpr text_name dialled{{"dial.number", text, ours, "", "a number as it was typed (--dial); together with what becomes of it"}};
inline constexpr text_name dial_result{{"dial.result", text, ours, "", "the number as a rule writes it; none when no rule matches"}};
inline constexpr whole_number dial_passed_over{{"dial.passed_over", number, ours, "", "rules before it that did not match"}};
inline constexpr whole_number dial_not_tried{{"dial.not_tried", number, ours, "", "rules before it that can't be applied here, of which one may match"}};
inline constexpr flag dial_external{{"dial.external", code, ours, "", "the external access prefix was dialled, and taken off"}};
inline constexpr whole_number presence_availability{{"presence.availability", number, server, "", "3000 to 4499 is available"}};
inline constexpr evidence_name<code_word<presence_kinds>> presence_state{{"presence.state.kind", code, server, "", "a state of the user that another endpoint, a calendar or the user's own hand published: user, machine, calendar, phone, other; together with what is said of it"}};
inline constexpr whole_number presence_state_availability{{"presence.state.availability", number, server, "", "its availability"}};
inline constexpr text_name presence_state_activity{{"presence.state.activity", code, server, "", "its activity: on-the-phone, in-a-meeting, ..."}};
inline constexpr text_name presence_state_endpoint{{"presence.state.endpoint", text, server, "", "the endpoint that published it, as the server names it"}};
inline constexpr text_name presence_state_since{{"presence.state.since", time, server, "", "when it was published"}};
inline constexpr flag presence_state_outweighs{{"presence.state.outweighs", code, ours, "", "whether it is the one that others see instead of this endpoint's"}};
inline constexpr text_name presence_category{{"presence.category", code, server, "", "a category of roaming self"}};
inline constexpr whole_number publish_attempts{{"presence.publish_attempts", number, ours, "", "how often the publication was sent"}};
// clang-format on

}  // namespace ucsignin::trace::ev
