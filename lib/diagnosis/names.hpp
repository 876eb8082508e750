#pragma once
// Small readings of host names, addresses, URLs and dates as evidence spells them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trace/addresses.hpp"
#include "trace/ascii.hpp"
#include "trace/dates.hpp"

namespace ucsignin::diagnosis {

using trace::day_of;
using trace::is_private;
using trace::is_under;
using trace::lower;

[[nodiscard]] std::string host_of(std::string_view host_port);  // "[::1]:443" gives "::1"
[[nodiscard]] std::string port_of(std::string_view host_port);  // "" when there is none
[[nodiscard]] std::string host_of_url(std::string_view url);
[[nodiscard]] std::string port_of_url(std::string_view url);      // the scheme's own when none is written
[[nodiscard]] std::string host_of_sip_uri(std::string_view uri);  // of a Contact: "<sip:fe01.x:5061;transport=tls>"
// A name that nobody outside is meant to resolve, by its form: below the domain, of one label, or in a zone that is
// never public.
[[nodiscard]] bool is_inside_name(std::string_view name, std::string_view domain);
// "Any" and loopback, the answers of DNS filters; and broadcast.
[[nodiscard]] bool no_server_has(std::string_view address);
[[nodiscard]] bool is_ipv6(std::string_view address);
[[nodiscard]] bool holds(std::string_view text, std::string_view part);  // case-insensitive
[[nodiscard]] std::string first_word(std::string_view text);
[[nodiscard]] std::string plain(std::string_view code_word);  // "timed_out" as a person says it
[[nodiscard]] std::string after_first_word(std::string_view text);

// Five of them, and whether there are more.
[[nodiscard]] std::string a_few(const std::vector<std::string>& all, std::string_view between);
[[nodiscard]] bool among(const std::vector<std::string>&, std::string_view wanted);  // in any case

}  // namespace ucsignin::diagnosis
