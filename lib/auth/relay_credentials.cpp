#include "auth/relay_credentials.hpp"

#include "sip/xml.hpp"

namespace ucsignin::auth {
namespace {

std::optional<relay_credentials> read_credentials(std::string_view text) {
    const auto body = sip::xml::document::read(text, sip::xml::limits::media_relay, "response");
    if (!body) return std::nullopt;
    for (const auto& one : body->root().children("credentialsResponse")) {
        const auto credentials = one.child("credentials");
        secret user(credentials.child("username").text()), password(credentials.child("password").text());
        if (!user.empty() && !password.empty()) return relay_credentials{std::move(user), std::move(password)};
    }
    return std::nullopt;
}

}  // namespace

std::expected<relay_grant, sip::parse_error> parse_relay_grant(std::string_view text) {
    auto answer = sip::parse_media_relay(text);
    if (!answer) return std::unexpected(std::move(answer.error()));
    return relay_grant{std::move(*answer), read_credentials(text)};
}

}  // namespace ucsignin::auth
