#include "sip/request_uri.hpp"

#include <algorithm>

#include "sip/message.hpp"

namespace ucsignin::sip {

bool is_request_uri(std::string_view text) {
    const bool plain = std::ranges::all_of(
        text, [](unsigned char c) { return c > ' ' && c < 0x7f && c != '<' && c != '>' && c != '"'; });
    const auto read = plain ? parse_uri(text) : std::nullopt;
    return read && read->scheme == "sip" && !read->user.empty();
}

}  // namespace ucsignin::sip
