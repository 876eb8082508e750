// Kerberos inside SIP (protocol section 4.6): one token, no mutual authentication, then GSS signatures.

#include "auth/gss.hpp"
#include "lab/endpoint_proof.hpp"
#include "lab/kerberos_ticket.hpp"
#include "sip/encoding.hpp"

namespace ucsignin::lab {
namespace {

namespace gss = auth::gss;

class kerberos_proof final : public endpoint_proof {
public:
    kerberos_proof(std::string keytab, std::function<std::optional<std::string>(const std::string&)> address_of)
        : keytab_(std::move(keytab)), address_of_(std::move(address_of)) {}

    std::string_view scheme() const override { return "Kerberos"; }

    std::expected<std::string, std::string> step(const std::string& token) override {
        auto taken = take_ticket(keytab_, gss::kerberos(), token, context_);
        if (!taken) return std::unexpected(std::move(taken.error()));
        principal_ = std::move(taken->principal);
        return std::move(taken->answer);
    }

    bool established() const override { return !principal_.empty(); }

    // GSS tokens hold numbers and times: a signature is judged, never compared.
    bool is_client_signature(std::string_view text, std::string_view hex) const override {
        const auto bytes = sip::from_hex(hex);
        auto message = gss::view(text), mic = gss::view(bytes ? *bytes : std::string_view());
        OM_uint32 minor = 0;
        return bytes && gss_verify_mic(&minor, context_.raw(), &message, &mic, nullptr) == GSS_S_COMPLETE;
    }

    std::string server_signature(std::string_view text) const override {
        auto message = gss::view(text);
        gss::buffer mic;
        OM_uint32 minor = 0;
        const auto major = gss_get_mic(&minor, context_.raw(), GSS_C_QOP_DEFAULT, &message, mic.into());
        return GSS_ERROR(major) ? std::string("00") : sip::hex(mic.bytes());
    }

    std::optional<std::string> owner() const override { return address_of_(principal_); }

private:
    std::string keytab_;
    std::function<std::optional<std::string>(const std::string&)> address_of_;
    gss::context context_;
    std::string principal_;
};

}  // namespace

std::unique_ptr<endpoint_proof> make_kerberos_proof(
    const std::string& keytab, std::function<std::optional<std::string>(const std::string&)> address_of) {
    return std::make_unique<kerberos_proof>(keytab, std::move(address_of));
}

}  // namespace ucsignin::lab
