// Pure: the header's parameters come in any order and may be missing.
#include "signin/base/keep_alive.hpp"

#include <charconv>
#include <string>

#include "sip/message.hpp"

namespace ucsignin::signin {
namespace {

constexpr std::int64_t longest_s = 24 * 60 * 60;

}  // namespace

std::optional<std::int64_t> keep_alive_timeout(std::string_view header) {
    const auto read = sip::parse_name_addr("<sip:x>;" + std::string(header));
    if (read.parameter("hop-hop") != "yes") return std::nullopt;
    const auto text = read.parameter("timeout");
    std::int64_t seconds = 0;
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (bad != std::errc{} || end != text.data() + text.size() || seconds <= 0 || seconds > longest_s)
        return std::nullopt;
    return seconds;
}

}  // namespace ucsignin::signin
