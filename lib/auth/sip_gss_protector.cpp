#include <fmt/format.h>

#include "auth/signature.hpp"
#include "auth/sip_gss.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::auth {
namespace {

class gss_protector final : public sip::protector {
public:
    gss_protector(std::shared_ptr<sip_authenticator> by, gss_parameters with, std::string last_token)
        : by_(std::move(by)), with_(std::move(with)), token_(std::move(last_token)) {}

    std::expected<void, std::string> sign(sip::message& outgoing) override {
        auto value = with_.scheme + " qop=\"auth\"";
        if (!with_.opaque.empty()) value += fmt::format(", opaque=\"{}\"", with_.opaque);
        value += fmt::format(", realm=\"{}\", targetname=\"{}\"", with_.realm, with_.targetname);
        const auto token = std::exchange(token_, {});
        if (!token.empty()) value += fmt::format(", gssapi-data=\"{}\", version={}", sip::base64(token), with_.version);
        if (token.empty() || with_.version >= 4) {
            const signature_parameters by{with_.scheme, sip::random_hex(4), std::to_string(++number_),
                                          with_.realm,  with_.targetname,   with_.version};
            const auto mic = by_->mic(signature_buffer(outgoing, by));
            if (!mic) return std::unexpected(mic.error().detail);
            value += fmt::format(", crand=\"{}\", cnum=\"{}\", response=\"{}\"", by.random, by.number, sip::hex(*mic));
        }
        outgoing.add("Authorization", value);
        return {};
    }

    verdict check(const sip::message& incoming) override {
        bool found = false;
        for (const char* name : {"Authentication-Info", "Proxy-Authentication-Info"}) {
            for (const auto& value : incoming.all(name)) {
                const auto info = sip::parse_auth_header(value);
                if (is_valid(incoming, info)) {
                    if (with_.opaque.empty()) with_.opaque = info.parameter("opaque");
                    return verdict::valid;
                }
                found = true;
            }
        }
        return found ? verdict::invalid : verdict::missing;
    }

private:
    [[nodiscard]] bool is_valid(const sip::message& incoming, const sip::auth_header& info) const {
        if (!sip::same_word(info.scheme, with_.scheme) || info.parameter("realm") != with_.realm) return false;
        if (!sip::same_word(info.parameter("targetname"), with_.targetname)) return false;
        if (!with_.opaque.empty() && info.has("opaque") && !sip::same_word(info.parameter("opaque"), with_.opaque))
            return false;
        const auto mic = sip::from_hex(info.parameter("rspauth"));
        const signature_parameters by{info.scheme,
                                      info.parameter("srand"),
                                      info.parameter("snum"),
                                      info.parameter("realm"),
                                      info.parameter("targetname"),
                                      with_.version};
        return mic && !mic->empty() && by_->verify(signature_buffer(incoming, by), *mic);
    }

    std::shared_ptr<sip_authenticator> by_;
    gss_parameters with_;
    std::string token_;
    std::uint64_t number_ = 0;
};

}  // namespace

std::shared_ptr<sip::protector> make_gss_protector(
    std::shared_ptr<sip_authenticator> by, gss_parameters with, std::string last_token) {
    return std::make_shared<gss_protector>(std::move(by), std::move(with), std::move(last_token));
}

}  // namespace ucsignin::auth
