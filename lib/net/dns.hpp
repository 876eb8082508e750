#pragma once
// DNS messages (RFC 1035, RFC 2782 for SRV) as values, read from and written to the wire. No I/O.

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ucsignin::net::dns {

enum class type : std::uint16_t { a = 1, ns = 2, cname = 5, soa = 6, txt = 16, aaaa = 28, srv = 33, opt = 41 };
[[nodiscard]] std::string_view to_string(type);  // "A", "SRV", ...

// RFC 1035 4.1.1 and RFC 6895; names as IANA spells them.
enum class rcode : std::uint16_t { noerror = 0, formerr = 1, servfail = 2, nxdomain = 3, notimp = 4, refused = 5 };
[[nodiscard]] std::string rcode_name(std::uint16_t rcode);  // "NXDOMAIN", "RCODE17"

struct question {
    std::string name;  // lower case, without the final dot
    dns::type type = type::a;
};

struct srv {
    std::uint16_t priority = 0, weight = 0, port = 0;
    std::string target;  // "" for the root, which means: no such service (RFC 2782)
};

// RFC 8914: why a resolver answers as it does, in its own words.
struct extended_error {
    std::uint16_t code = 0;  // 6 DNSSEC Bogus, 7 Signature Expired, 22 No Reachable Authority, ...
    std::string text;        // may be empty; printable, 200 characters at most
};

struct resource {
    std::string name;
    dns::type type = type::a;
    std::uint32_t ttl = 0;  // seconds
    std::string text;       // address, target name, "priority weight port target", ...
    dns::srv service;       // when type is srv
};

struct message {
    std::uint16_t id = 0;
    bool response = false, authoritative = false, truncated = false, recursion_desired = false,
         recursion_available = false;
    bool checking_disabled = false, authentic_data = false;
    std::uint16_t rcode = 0;
    std::vector<question> questions;
    std::vector<resource> answers, authority, additional;
    std::vector<extended_error> extended_errors;  // options of the OPT record in `additional`
};

struct parse_error {
    std::size_t offset = 0;
    std::string what;
};

// Whether a text can be a name on the wire: labels of 1 to 63 bytes, 255 in all (RFC 1035 2.3.4).
[[nodiscard]] bool is_name(std::string_view text);

// Compression pointers are followed with a bound; types that are not named above are kept as "\# length hex" (RFC
// 3597). An OPT record's text is its payload size, and its part of the rcode is added to the header's (RFC 6891). Of
// its options only extended errors are kept; an option that runs past the record ends them.
[[nodiscard]] std::expected<message, parse_error> parse(std::span<const unsigned char> wire);
// Without compression. Names longer than RFC 1035 allows are a broken invariant (std::invalid_argument).
[[nodiscard]] std::vector<unsigned char> serialize(const message&);

}  // namespace ucsignin::net::dns
