#pragma once
// What rules about HTTP and about SIP share: conditions on the request, and bytes that stand in for an answer.

#include <optional>
#include <string>
#include <vector>

namespace ucsignin::net::http {
struct request;
}
namespace ucsignin::sip {
struct message;
}

namespace ucsignin::lab {

enum class carried {
    none,
    ntlm_negotiate,
    ntlm_authenticate,
    spnego,
    kerberos,
    basic,
    bearer,
    username_token,
    web_ticket,
    other
};

struct rule_condition {
    enum class subject { header, cookie, body, token } about = subject::token;
    std::string name;  // of the header or the cookie
    // One of these: of a header any line counts.
    std::optional<bool> present;
    std::optional<std::string> equals, contains;
    carried token = carried::none;  // which credential the request carries; several may be true of one request
};
// All of them.
[[nodiscard]] bool hold(const std::vector<rule_condition>&, const net::http::request&);
[[nodiscard]] bool hold(const std::vector<rule_condition>&, const sip::message&);

struct raw_answer {
    std::string bytes;
    bool is_text = false;  // it may hold placeholders
};

}  // namespace ucsignin::lab
