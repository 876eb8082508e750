#pragma once
// Exchange Web Services (EWS), as far as a sign-in asks them: SOAP bodies and their answers (protocol 02, sections 8.4
// to 8.8).

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "sip/bodies.hpp"
#include "sip/message.hpp"

namespace ucsignin::sip::ews {

// What every answer says. A fault of SOAP is one that did not succeed.
struct head {
    bool succeeded = false;
    std::string code, text;  // "NoError", "ErrorNoFreeBusyAccess"; what it says in words
    std::string version;     // of the server: "15.2.1258.12", "" when it doesn't say
    int major = 0, minor = 0, build = 0;
    // "Exchange 2019"; "" for a version that nobody knows.
    [[nodiscard]] std::string_view release() const;
};

// Of `from` to `to`, times as "2026-03-01T00:00:00Z", in slots of a quarter of an hour.
[[nodiscard]] std::string availability_request(std::string_view address, std::string_view from, std::string_view to);
struct availability {
    ews::head head;
    std::string slots;  // a digit each: 0 free, 1 tentative, 2 busy, 3 out of office, 4 no data
    std::int64_t events = 0;
    std::string working_hours;  // "Monday Tuesday ..., 540 to 1020"
};
[[nodiscard]] std::expected<availability, parse_error> parse_availability(std::string_view xml);

[[nodiscard]] std::string out_of_office_request(std::string_view address);
struct out_of_office {
    ews::head head;
    std::string state;  // Disabled, Enabled, Scheduled
};
[[nodiscard]] std::expected<out_of_office, parse_error> parse_out_of_office(std::string_view xml);

// How many there are in a folder.
[[nodiscard]] std::string unread_voicemail_request();
// `since` as above, "" for all.
[[nodiscard]] std::string missed_request(std::string_view since);
struct item_count {
    ews::head head;
    std::int64_t count = 0;
};
[[nodiscard]] std::expected<item_count, parse_error> parse_item_count(std::string_view xml);

// The contacts of who has them in the mailbox (Unified Contact Store).
[[nodiscard]] std::string contacts_request();
struct contacts {
    ews::head head;
    contact_list list;  // as the pool would give it: groups numbered in their order, each contact with its groups
    std::size_t without_address = 0;
};
[[nodiscard]] std::expected<contacts, parse_error> parse_contacts(std::string_view xml);

// The user's photo, the smallest that there is: whether there is one, not what is in it.
[[nodiscard]] std::string photo_request(std::string_view address);
struct photo {
    ews::head head;
    std::int64_t bytes = 0;  // 0: there is none
    std::string type;        // "image/jpeg", "" for a picture of no kind that is known
};
[[nodiscard]] std::expected<photo, parse_error> parse_photo(std::string_view xml);

}  // namespace ucsignin::sip::ews
