#include "sip/server_requests.hpp"

#include <algorithm>
#include <array>

#include "sip/encoding.hpp"

namespace ucsignin::sip {
namespace {

struct verdict {
    int status;
    const char* reason;
};

verdict judge(const std::string& method) {
    static constexpr std::array accepted = {"NOTIFY", "OPTIONS", "MESSAGE"};
    if (std::find(accepted.begin(), accepted.end(), method) != accepted.end()) return {200, "OK"};
    if (method == "INVITE") return {480, "Temporarily Unavailable"};
    if (method == "BYE" || method == "CANCEL") return {481, "Call/Transaction Does Not Exist"};
    return {501, "Not Implemented"};
}

}  // namespace

std::optional<message> answer_to(const message& request) {
    if (request.method == "ACK" || request.method == "BENOTIFY") return std::nullopt;
    const auto [status, reason] = judge(request.method);
    message answer;
    answer.status = status;
    answer.reason = reason;
    for (const char* name : {"Via", "From", "To", "Call-ID", "CSeq"})  // RFC 3261 8.2.6.2
        for (const auto& value : request.all(name)) answer.add(name, value);
    const auto to = answer.header("To").value_or("");
    if (parse_name_addr(to).parameter("tag").empty()) answer.set("To", to + ";tag=" + random_hex(5));
    return answer;
}

}  // namespace ucsignin::sip
