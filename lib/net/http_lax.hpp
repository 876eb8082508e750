#pragma once
// HTTP as old gateways write it. Beast's parser refuses by design what WinHTTP reads; what stands here brings such an
// answer's head into the form of RFC 9112 first, and says what it found. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace ucsignin::net::http {

// What was wrong, in words of evidence http.lax: status_line (no blank behind the number), bare_lf, blank_before_colon,
// no_colon (the line is left out), field_name (no token; the line is left out), no_length (neither a length nor an
// end), encoded (compressed, though that was not asked for).
using lax_notes = std::vector<std::string>;

// Where the head of an answer ends, behind its empty line; npos when it isn't whole yet.
[[nodiscard]] std::size_t end_of_head(std::string_view bytes);

// The head as it should have been written.
[[nodiscard]] std::string tidy_head(std::string_view head, lax_notes& notes);

// Unpacks gzip and deflate (zlib's wrapper or none, as both are sent); at most `longest` bytes. Nothing when the bytes
// are not what they are said to be, or too many.
enum class packing { none, gzip, deflate, unknown };
[[nodiscard]] packing packing_of(std::string_view content_encoding);
[[nodiscard]] bool unpack(packing how, std::string& body, std::size_t longest);

}  // namespace ucsignin::net::http
