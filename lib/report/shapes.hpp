#pragma once
// What a piece of text looks like: each function tells how many characters from there on are such a thing, 0 if none.
// `at` is where a word or a punctuation mark begins.

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace ucsignin::report {

[[nodiscard]] bool is_word(char);  // letter, digit, underscore, part of UTF-8
[[nodiscard]] bool is_digit(char);

// How many characters from there on are of a sort.
template <class Is>
[[nodiscard]] std::size_t run_of(std::string_view text, std::size_t at, Is is) {
    const auto rest = text.substr(at);
    return static_cast<std::size_t>(std::ranges::find_if_not(rest, is) - rest.begin());
}

[[nodiscard]] std::size_t word_at(
    std::string_view text, std::size_t at);  // "Get-CsUser", "sip.contoso.example", "client's"
[[nodiscard]] std::size_t escape_at(
    std::string_view text, std::size_t at);  // "%61", "&#97;", "&#x61;": a character in disguise
[[nodiscard]] std::size_t escaped_at(std::string_view text, std::size_t at);  // a word with such in it
[[nodiscard]] std::size_t guid_at(std::string_view text, std::size_t at);     // without its braces
[[nodiscard]] std::size_t hex_groups_at(
    std::string_view text, std::size_t at);  // "00:1a:2b:3c": MAC address, fingerprint, dump
[[nodiscard]] std::size_t timestamp_at(std::string_view text, std::size_t at);  // RFC 3339's, HTTP's, "8 December 2026"
[[nodiscard]] std::size_t ipv4_at(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t ipv6_at(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t phone_at(std::string_view text, std::size_t at);  // groups of digits, as people write them
[[nodiscard]] std::size_t path_at(std::string_view text, std::size_t at);   // of a file, POSIX and Windows
[[nodiscard]] std::size_t port_at(std::string_view text, std::size_t at);   // ":443", where a host has just ended

// A number with a unit behind it, or a record's TTL.
[[nodiscard]] bool is_quantity_at(std::string_view text, std::size_t at);
[[nodiscard]] bool is_version(std::string_view word);    // "16.0.13328.20000", and decimals
[[nodiscard]] bool is_host_name(std::string_view word);  // labels with dots between them, the last without digits

}  // namespace ucsignin::report
