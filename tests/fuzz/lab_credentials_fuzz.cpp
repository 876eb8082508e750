// links: lab
// Which credentials a request carries, whatever a client sent: read as a SIP message, as an HTTP header and as a body.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lab/credential.hpp"
#include "lab/rule.hpp"
#include "net/http.hpp"
#include "sip/message.hpp"

using namespace ucsignin;

namespace {

void look(const std::vector<lab::credential>& shown) {
    for (const auto kind : shown)
        if (lab::to_string(kind).empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (const auto message = sip::parse(text)) look(lab::credentials_in(*message));
    const net::http::request asked{
        "POST", "/", {{"Authorization", text}, {"X-MS-WebTicket", text}, {"Cookie", text}}, text};
    look(lab::credentials_in(asked));
    const lab::rule_condition cookie{.about = lab::rule_condition::subject::cookie, .name = "a", .equals = "b"};
    std::ignore = lab::hold({cookie}, asked);
    return 0;
}
