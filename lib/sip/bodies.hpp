#pragma once
// The XML bodies of stage 5, decoded into values and written (MS-SIPREGE, MS-PRES, MS-SIP, MS-SIPRE).
// libxml2 reads them: no network, no entities, local names only, a size limit. Errors carry the offset.

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sip/message.hpp"

namespace ucsignin::sip {

// provisionGroupList: groups in the order sent; names and values as sent, trimmed; all four shapes flattened.
struct provision_group {
    std::string name;
    std::vector<std::pair<std::string, std::string>> settings;
    [[nodiscard]] std::string setting(std::string_view name) const;  // compared without case, "" when absent
};
struct provisioning {
    std::vector<provision_group> groups;
    [[nodiscard]] const provision_group* group(std::string_view name) const;
};
[[nodiscard]] std::expected<provisioning, parse_error> parse_provisioning(std::string_view xml);
[[nodiscard]] std::string provisioning_request(std::string_view subnet);

struct category {
    std::string name;
    std::uint32_t instance = 0, container = 0, version = 0;
    std::string expire_type, publish_time;
    std::string endpoint;    // of who published it, "" when the server doesn't say
    std::string state_type;  // xsi:type of a state
    int availability = -1;   // of a state, -1 when none
    std::string activity;    // of a state: its token
    std::string xml;         // the value element as text
};
// A line of the user, and how it is used (part of userProperties).
struct user_line {
    std::string uri;   // "tel:+493055501001;ext=1001"
    std::string type;  // Uc, Rcc or Dual, "" when the server doesn't say
};
struct user_properties {
    std::vector<user_line> lines;
    std::string telephony_mode;  // None, Uc, Rcc, Dual; "" when the server doesn't say
    bool um_enabled = false;     // the first bit of exumEnabled
    std::string um_address;      // "EUM:alice@contoso.example;phone-context=..."
    [[nodiscard]] bool has_voice() const;
};
// Voice messages, as the server heard of Exchange.
struct message_waiting {
    bool waiting = false;
    int unread = 0, read = 0;
};
// Where a photo is: at a web address, or in Exchange, to which a pointer in its place leads (section 8.7).
struct card_photo {
    std::string type;  // default (the user's own web address), enterprise, other
    std::string url, hash;
    std::string ews_url, address;  // of the pointer: the web services, and for whom to ask there
};
// The card that others see: instance 0 comes from the directory, 4 to 6 a client publishes (contactCard).
struct contact_card {
    std::string name, email;                // instance 0
    std::string voicemail;                  // instance 4: address of the voice mailbox
    std::optional<bool> communications_on;  // instance 5: isUCEnabled
    std::optional<card_photo> photo;        // instance 6, or of the directory
};
// When the user last looked, and what the user chose (otherOptions).
struct other_options {
    std::string missed_seen, voicemail_seen;  // times as the client wrote them, "" for never
    bool calendar_off = false;                // publishCalendarPresence is false
};
// Who is in a container, and so how much of the user they see (3.3).
struct container_member {
    std::uint32_t container = 0;
    std::string type, value;  // user, domain, sameEnterprise, ...; the address or domain where it is one
};
struct roaming_self {
    std::vector<category> categories;
    int containers = 0, subscribers = 0;
    std::vector<container_member> members;
    std::vector<std::string> delegates;  // addresses
    std::optional<user_properties> properties;
    std::optional<message_waiting> messages;
    std::optional<contact_card> card;
    other_options options;
    int notes = 0, kept_notes = 0;  // the personal note now, those before it
    bool has_categories = false;
    // The aggregate state that others see: aggregateState in container 2, -1 when absent.
    [[nodiscard]] int aggregate_availability() const;
    [[nodiscard]] const category* find(std::string_view name, std::uint32_t instance, std::uint32_t container) const;
};
[[nodiscard]] std::expected<roaming_self, parse_error> parse_roaming_self(std::string_view xml);
[[nodiscard]] std::string roaming_self_request();

struct contact_group {
    int id = 0;
    std::string name;
};
struct contact {
    std::string uri, name;
    std::vector<int> groups;
    bool subscribed = false;
};
struct contact_list {
    int delta = 0;
    std::string ucs_mode;  // "" when the server doesn't say
    std::vector<contact_group> groups;
    std::vector<contact> contacts;
};
[[nodiscard]] std::expected<contact_list, parse_error> parse_contacts(std::string_view xml);

struct dial_rule {
    std::string pattern, translation;
    bool internal_extension = false;
};
struct location_profile {
    std::string name;
    std::vector<dial_rule> rules;
    std::string external_access_prefix;
    bool optimize_device_dialing = false;
};
[[nodiscard]] std::expected<location_profile, parse_error> parse_location_profile(std::string_view xml);

// machineState in containers 2 and 3, and nothing else: a diagnosing client leaves the user's own state alone.
struct publication {
    std::uint32_t instance = 0;
    std::uint32_t version_2 = 0, version_3 = 0;
    int availability = 3500;
};
[[nodiscard]] std::string publish_request(std::string_view sip_uri, const publication&);
[[nodiscard]] std::uint32_t machine_state_instance(std::string_view epid);  // 0x30000000 | 28 bits of the epid's hash

// 409: what the server has instead (application/msrtc-fault+xml). index counts publications from 1.
struct version_conflict {
    int index = 0;
    std::uint32_t current = 0;
};
[[nodiscard]] std::expected<std::vector<version_conflict>, parse_error> parse_publish_fault(std::string_view xml);

}  // namespace ucsignin::sip
