#pragma once
// What stands in place of a secret, and what looks like one wherever it stands. Pure.

#include <cstddef>
#include <string>
#include <string_view>

namespace ucsignin::trace {

// "<NTLM challenge, 312 bytes>"
[[nodiscard]] std::string withheld(std::string_view kind, std::size_t bytes);
// A token in Base64, as many bytes as it encodes; NTLM's and Kerberos's are told by how they begin.
[[nodiscard]] std::string withheld_token(std::string_view kind, std::string_view base64);

// Long runs of what may be Base64 or hexadecimal are no words: they are replaced, but for GUIDs.
[[nodiscard]] std::string without_encoded_runs(std::string_view text, std::size_t shortest);

// A URL, or the path and query of one, with its password and the values of its query replaced; those that sign-in URLs
// need stay (sipuri).
[[nodiscard]] std::string url_without_secrets(std::string_view url);
// The same of each URL within a text.
[[nodiscard]] std::string without_secrets_of_urls(std::string text);

}  // namespace ucsignin::trace
