#include "lab/username_token.hpp"

#include <libxml/xmlstring.h>

#include <algorithm>

#include "lab/web_services_xml.hpp"
#include "sip/encoding.hpp"

namespace ucsignin::lab {
namespace {

// A clear name or password may happen to have Base64's letters; that it then also decodes to text is next to
// impossible.
std::optional<std::string> text_in_base64(const std::string& coded) {
    auto bytes = sip::from_base64(coded);
    if (!bytes || sip::base64(*bytes) != coded) return std::nullopt;
    const bool controls = std::any_of(
        bytes->begin(), bytes->end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    if (controls || xmlCheckUTF8(reinterpret_cast<const unsigned char*>(bytes->c_str())) != 1) return std::nullopt;
    return bytes;
}

}  // namespace

std::optional<username_token> username_token::decoded() const {
    auto clear_name = text_in_base64(name), clear_password = text_in_base64(password.reveal());
    if (!clear_name || clear_name->empty() || !clear_password) return std::nullopt;
    return username_token{std::move(*clear_name), auth::secret(std::move(*clear_password))};
}

username_token read_username_token(xmlNode* top) {
    xmlNode* const token = find_element(top, "UsernameToken");
    return {text_of(first_child(token, "Username")), auth::secret(text_of(first_child(token, "Password")))};
}

}  // namespace ucsignin::lab
