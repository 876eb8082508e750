#pragma once
// What the inner half of the pool is told: its users, its names, and the faults that it has to play. Plain values.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lab/rule.hpp"
#include "sip/bodies.hpp"

namespace ucsignin::lab {

// Another endpoint at which a user is signed in all the time, and the states that it has published: 0 for none.
struct endpoint_states {
    std::string epid;
    int machine_state = 3500, user_state = 0, phone_state = 0, calendar_state = 0;
    std::string activity;  // token of the phone or calendar state
};

struct account {
    std::string address;              // "alice@contoso.example", lower case
    std::vector<std::string> logins;  // "CONTOSO\\alice"; the address itself always counts
    std::string password;
    std::string display_name;
    std::string line_uri = "tel:+493055501001;ext=1001";
    std::string telephony_mode = "Uc";  // None, Uc, Rcc, Dual
    bool voice_mailbox = true;          // with two messages not yet heard, and eight heard
    bool mwi = true;                    // false: the pool never heard of them
    std::vector<std::string> delegates;
    std::string note;                       // personal
    std::string contact_card = "identity";  // what of it there is: none, identity, full
    std::string photo_uri, photo_hash;      // in the contact card, as a client published them; "" for no photo
    std::string missed_seen;                // when the missed conversations were last looked at; "" for never
    std::string email;                      // in the contact card, where it is not the address
    std::string home;         // "fe02.contoso.example:5061": REGISTER elsewhere gets 301 there; "" for here
    bool sip_enabled = true;  // false: 404 + 4005 to REGISTER
    int user_state = 0;       // availability that the user set by hand earlier, 0 for none
    std::vector<endpoint_states> endpoints;
    std::vector<std::string> blocked, workgroup, personal;  // addresses, or domains, in these containers
};

struct contact_entry {
    std::string address, name;    // name: the alias that the user gave, may be empty
    std::string groups = "1 2 ";  // as they stand in the list
    int availability = 3500;
    std::string activity;  // token, "" for none
    // active, pending, resubscribe, terminated (part 02 section 7.3); pool_fqdn goes with resubscribe, and reason with
    // terminated. Of one of `resubscribe` the presence comes when they are asked about alone, or at pool_fqdn.
    std::string state = "active", pool_fqdn, reason = "rejected";
};

// A deviation from what the pool would answer to a SIP request. Applies to the requests of `method` at `step`, from the
// `nth` such request (1: the first) for `times` of them (0: for ever).
//   REGISTER: first (no credentials), hello (the first token of a scheme), finish (a later one without a signature),
//   signed;
//   "" for any
//   SUBSCRIBE: the Event; SERVICE: publish, location-profile, conferencing, mras, set-container-members,
//   set-subscribers, soap
struct sip_rule {
    std::string method, step;
    int nth = 1, times = 0;
    int status = 0;  // 0: what the pool says, changed by the rest
    std::string reason;
    std::vector<std::pair<std::string, std::string>> headers;  // replace those of the same name; "" as value removes
    std::optional<std::string> body;
    bool drop = false, close = false, reset = false;  // close: instead of an answer, or after `raw`
    int delay_ms = 0;
    std::string signature;  // wrong, missing, replay; "" for right
    std::string contact;    // Contact of the answer (301)
    // registration-notify body sent after the answer: "deregistered;event=rejected"; with its diagnostics.
    std::string notify, notify_diagnostics;
    std::string at;      // a place, as of the other rules; "" for any
    std::string scheme;  // NTLM, Kerberos, TLS-DSK: that of the request's credentials; "" for any
    std::vector<rule_condition> conditions;
    std::optional<raw_answer> raw;  // instead of the answer, unsigned
};

// A deviation of a web service. service: web_ticket, cert_prov, user, root (autodiscover), address_book,
// group_expansion.
struct soap_rule {
    std::string service, operation;  // operation "" for any: mex, RST, GetAndPublishCert, GET, POST
    int nth = 1, times = 0;
    int status = 0;                      // HTTP; 0: 500 with a fault, else 200
    std::string fault_code, fault_text;  // "wsse:FailedAuthentication"
    int error_id = 0;
    std::string reason;
    std::string certificate;  // wrong_subject, expired, not_yet_valid, begins_now, wrong_key, garbage
    std::string ticket;       // expired, not_yet_valid
};

// Which form of a UsernameToken the web ticket service takes.
enum class username_form { both, clear, base64 };

// What a media relay's UDP port does: answer in both dialects of TURN, or in Microsoft's alone; swallow everything;
// refuse it (ICMP); answer with another transaction's id.
enum class relay_udp { answers, microsoft, silent, refused, strange };
// What it makes of an Allocate with credentials: grant it when they are right; hold them against keys of its own, so
// that none are; have no room; have another allocation of this address; swallow it; want another nonce once, or for
// ever; grant it without a MESSAGE-INTEGRITY that holds; want no credentials at all.
enum class relay_allocate { grants, other_keys, quota, mismatch, silent, stale, always_stale, forged, open };
struct relay_settings {
    std::string host = "av.contoso.example";
    std::string location;  // "" for that which was asked for
    int udp_port = 3478, tcp_port = 443;
    relay_udp udp = relay_udp::answers;
    relay_allocate allocate = relay_allocate::grants;
};

// What is in a mailbox, as the answers of Exchange tell it.
struct mailbox {
    std::string address;                     // SMTP; "" for the user's own
    std::string busy = "Free";               // of the calendar now: Free, Tentative, Busy, OOF, NoData
    std::string out_of_office = "Disabled";  // Disabled, Enabled, Scheduled
    int unread_voicemail = 2, missed = 1;
    bool has_history = true;  // the folder of conversations
    // A JPEG of one point, in Base64; "" for none.
    std::string photo =
        "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP////////////////////////////////////////////////////////////////////////////"
        "//////////"
        "wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=";
};
// An Exchange beside the pool, at mail.DOMAIN and autodiscover.DOMAIN (192.0.2.40).
struct exchange_settings {
    bool there = false;
    std::string host = "mail.contoso.example";
    int version = 2019;                                        // 2010, 2013, 2016, 2019
    std::vector<std::string> schemes = {"Negotiate", "NTLM"};  // also Basic, Bearer
    std::vector<mailbox> mailboxes = {{}};
};

// What in-band provisioning says otherwise than a plain deployment.
struct provisioning_changes {
    std::vector<std::string> remove;  // groups
    struct setting {
        std::string group, name, value;
    };
    std::vector<setting> set;
};

struct pool_settings {
    std::string sip_domain = "contoso.example";
    std::string pool = "pool01.contoso.example", edge_host = "sip.contoso.example";
    std::string web_external = "webext.contoso.example", web_internal = "webint.contoso.example";
    std::string server_header = "RTC/6.0";
    bool edge = true;       // users are remote: ms-user-logon-data, External, edge_host as SIP access
    bool old_pool = false;  // TLS 1.0 inside TLS-DSK
    std::vector<std::string> schemes = {"NTLM", "TLS-DSK"};
    std::string keytab;  // file with the key of sip/SERVER; without it no ticket is taken
    username_form username_token = username_form::both;
    // Ports in the web ticket service's metadata: WinNegotiate, WinNtlm, Auth, Anon, Cert, WsFedBearer, OAuth.
    std::vector<std::string> ticket_ways = {"WinNegotiate", "WinNtlm", "Auth", "Anon"};
    std::int64_t clock_offset_s = 0;  // the pool's clock minus the real one
    int internal_port = 5061, external_port = 443;
    int expires_s = 7200, keep_alive_s = 300;
    std::string ucs_mode = "notmigrated";
    std::string dial_plan = "XXXX_dial_plan";
    std::string dial_plan_named;             // by provisioning; "" for the same
    std::vector<sip::dial_rule> dial_rules;  // none: those of an ordinary plan
    provisioning_changes provisioning;
    std::vector<relay_settings> relays = {{}};
    std::string mras_reason = "OK";        // of the relay service; with any other word there are no credentials
    std::string mras_user, mras_password;  // what it gives out in place of its own, for a relay elsewhere
    exchange_settings exchange;
    std::vector<account> users;
    std::vector<contact_entry> contacts;
    std::vector<sip_rule> sip;
    std::vector<soap_rule> soap;
};

struct pool_credentials {
    std::string registrar_certificate_pem, registrar_key_pem;
    std::string user_ca_certificate_pem, user_ca_key_pem;
};

}  // namespace ucsignin::lab
