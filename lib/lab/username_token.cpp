#include "lab/username_token.hpp"

#include <algorithm>

#include "sip/encoding.hpp"
#include "sip/xml.hpp"

namespace ucsignin::lab {
namespace {

// A clear name or password may happen to have Base64's letters; that it then also decodes to text is next to
// impossible.
std::optional<std::string> text_in_base64(const std::string& coded) {
    auto bytes = sip::from_base64(coded);
    if (!bytes || sip::base64(*bytes) != coded) return std::nullopt;
    const bool controls = std::any_of(
        bytes->begin(), bytes->end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    if (controls || !sip::xml::is_utf8(*bytes)) return std::nullopt;
    return bytes;
}

}  // namespace

std::optional<username_token> username_token::decoded() const {
    auto clear_name = text_in_base64(name), clear_password = text_in_base64(password.reveal());
    if (!clear_name || clear_name->empty() || !clear_password) return std::nullopt;
    return username_token{std::move(*clear_name), auth::secret(std::move(*clear_password))};
}

username_token read_username_token(sip::xml::element top) {
    const auto token = top.find("UsernameToken");
    return {token.child("Username").text(), auth::secret(token.child("Password").text())};
}

}  // namespace ucsignin::lab
