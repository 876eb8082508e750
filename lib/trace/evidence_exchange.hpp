#pragma once
// The part of the evidence registry that is about Exchange: what was asked of it, and what came of each request.

#include "trace/evidence.hpp"

namespace ucsignin::trace::ev {

inline constexpr std::string_view exchange_steps[] = {"autodiscover", "availability", "out_of_office", "contacts",
                                                      "voicemail",    "missed",       "photo"};
inline constexpr std::string_view exchange_states[] = {
    "ok",          "redirect",      "no_mailbox",    "denied",      "error",       "dns",
    "unreachable", "timed_out",     "tls",           "certificate", "proxy",       "wants_login",
    "forms",       "oauth_only",    "refused_login", "realm",       "withheld",    "page",
    "not_found",   "forbidden",     "server_error",  "unreadable",  "unsupported", "held_back",
    "unheard",     "unknown_scheme"};
inline constexpr std::string_view busy_words[] = {"free", "tentative", "busy", "out_of_office", "no_data"};
using exchange_step_word = code_word<exchange_steps>;
using exchange_state_word = code_word<exchange_states>;
using busy_word = code_word<busy_words>;

// clang-format off
inline constexpr text_name exchange_address{{"exchange.smtp_address", sip_uri, ours, "", "the mail address by which Exchange was looked for"}};
inline constexpr flag exchange_other_domain{{"exchange.smtp_address.other_domain", code, ours, "", "whether the pool's contact card names a mail address outside of the SIP domain"}};
inline constexpr flag exchange_scp_asked{{"exchange.service_connection_point.asked", code, ours, "", "false: Active Directory, which a domain-joined PC asks before DNS, is not asked"}};
inline constexpr flag exchange_cut_short{{"exchange.cut_short", code, ours, "", "the share of time that Exchange has was over before all was asked"}};
inline constexpr evidence_name<code_word<exchange_steps>> exchange_step{{"exchange.step", code, ours, "", "what was asked: autodiscover, availability, out_of_office, contacts, voicemail, missed, photo; in a group with what came of it"}};
inline constexpr text_name exchange_url{{"exchange.url", url, ours, "", "where"}};
inline constexpr evidence_name<code_word<exchange_states>> exchange_state{{"exchange.state", code, ours, "", "ok, redirect, no_mailbox, denied (no permission), error (the answer names one), dns, unreachable, timed_out, tls, certificate, proxy, wants_login (and there is none to give), held_back (the password is not sent once more), unheard (a log-in that is offered is not gone on with), unknown_scheme (no log-in that this program knows is offered), forms (a log-in page), oauth_only, refused_login, realm (the token's), withheld, page (a web site), not_found, forbidden, server_error, unreadable, unsupported (by this version)"}};
inline constexpr whole_number exchange_status{{"exchange.http.status", number, server, "", "status of the answer"}};
inline constexpr text_name exchange_retry_after{{"exchange.http.retry_after", text, server, "", "Retry-After of an answer that says no for now"}};
inline constexpr text_name exchange_code{{"exchange.error.code", code, server, "", "ErrorCode of Autodiscover, ResponseCode of EWS, or the number of x-ms-diagnostics"}};
inline constexpr text_name exchange_error{{"exchange.error.text", text, server, "", "what went wrong there, in words"}};
inline constexpr text_name exchange_led_to{{"exchange.redirect", url, server, "", "where the answer leads: an address of a server"}};
inline constexpr text_name exchange_led_to_address{{"exchange.redirect.address", sip_uri, server, "", "where the answer leads: another mail address"}};
inline constexpr text_name exchange_offered{{"exchange.auth.offered", code, server, "", "a scheme of WWW-Authenticate; in a group with the step"}};
inline constexpr text_name exchange_scheme{{"exchange.auth.scheme", code, ours, "", "the scheme by which this program logged in"}};
inline constexpr flag exchange_logged_in{{"exchange.auth.accepted", code, ours, "", "whether that log-in was taken"}};
inline constexpr text_name exchange_ews_url{{"exchange.ews.url", url, server, "", "EwsUrl or ASUrl of the Autodiscover answer"}};
inline constexpr text_name exchange_version{{"exchange.version", text, server, "", "ServerVersionInfo: 15.2.1258.12"}};
inline constexpr text_name exchange_release{{"exchange.release", text, ours, "", "the release of that version: Exchange 2019"}};
inline constexpr whole_number calendar_events{{"calendar.events", number, server, "", "events from yesterday until the day after tomorrow"}};
inline constexpr evidence_name<code_word<busy_words>> calendar_now{{"calendar.now", code, ours, "", "what the calendar says of this moment: free, tentative, busy, out_of_office, no_data"}};
inline constexpr text_name calendar_working_hours{{"calendar.working_hours", text, server, "", "days, and minutes from midnight"}};
inline constexpr text_name out_of_office{{"calendar.out_of_office", code, server, "", "OofState: Disabled, Enabled or Scheduled"}};
inline constexpr flag calendar_policy_off{{"calendar.policy_off", code, server, "", "DisableCalendarPresence: the calendar stays out of presence"}};
inline constexpr whole_number voicemail_folder{{"voicemail.folder.unread", number, server, "", "unread messages in the mailbox's voicemail folder"}};
inline constexpr whole_number missed_conversations{{"missed_conversations.count", number, server, "", "missed conversations and calls since the user last looked"}};
inline constexpr text_name missed_since{{"missed_conversations.since", time, server, "", "when the user last looked, as roaming self has it"}};
inline constexpr whole_number exchange_contacts{{"contacts.exchange.count", number, server, "", "contacts in the mailbox (Unified Contact Store)"}};
inline constexpr whole_number exchange_contact_groups{{"contacts.exchange.groups", number, server, "", "their groups"}};
inline constexpr text_name contact_card_name{{"contact_card.name", text, server, "", "the user's display name"}};
inline constexpr text_name contact_card_address{{"contact_card.email", sip_uri, server, "", "the user's mail address in the contact card"}};
inline constexpr text_name contact_card_part{{"contact_card.part", text, ours, "", "a part of the card that a client would publish anew, and why"}};
inline constexpr text_name card_photo_type{{"contact_card.photo.type", text, server, "", "default (a web address that the user gave), enterprise, other"}};
inline constexpr text_name card_photo_url{{"contact_card.photo.url", url, server, "", "where the contact card says that the user's photo is"}};
inline constexpr text_name card_photo_hash{{"contact_card.photo.hash", text, server, "", "by which a client knows whether the photo is another one"}};
inline constexpr text_name card_photo_ews_url{{"contact_card.photo.ews.url", url, server, "", "the web services of Exchange to which the card points for the photo"}};
inline constexpr text_name card_photo_address{{"contact_card.photo.ews.address", sip_uri, server, "", "and the mail address by which to ask for it there"}};
inline constexpr flag photo_switched_off{{"photo.switched_off", code, server, "", "PhotoUsage or MaxPhotoSizeKB: clients show no photos"}};
inline constexpr whole_number photo_bytes{{"photo.size", number, server, "byte", "of the photo of 48 by 48 points that Exchange gives; the picture itself is not kept"}};
inline constexpr text_name photo_type{{"photo.type", code, ours, "", "what its first bytes say that it is: image/jpeg"}};
// clang-format on

}  // namespace ucsignin::trace::ev
