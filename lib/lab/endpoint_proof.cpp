#include "lab/endpoint_proof.hpp"

#include "lab/raw_signature.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::lab {
namespace {

class dsk_proof final : public endpoint_proof {
public:
    dsk_proof(
        const auth::dsk_server_options& options, std::function<std::optional<std::string>(const std::string&)> owner_of)
        : handshake_(options), owner_of_(std::move(owner_of)) {}

    std::string_view scheme() const override { return "TLS-DSK"; }

    std::expected<std::string, std::string> step(const std::string& token) override {
        if (token.empty()) return std::unexpected("no handshake token came");
        auto taken = handshake_.step(token);
        if (!taken) return std::unexpected(taken.error().what);
        if (!taken->complete) return taken->token;
        auto keys = handshake_.keys();
        if (!keys) return std::unexpected(keys.error().what);
        keys_ = std::move(*keys);
        return taken->token;
    }

    bool established() const override { return keys_.has_value(); }
    bool is_client_signature(std::string_view text, std::string_view hex) const override {
        return sip::same_word(hex, raw_mac(keys_->hash, keys_->client, text));
    }
    std::string server_signature(std::string_view text) const override {
        return raw_mac(keys_->hash, keys_->server, text);
    }

    std::optional<std::string> owner() const override {
        const auto certificate = handshake_.client_certificate();
        return certificate ? owner_of_(certificate->sha256) : std::nullopt;
    }

private:
    auth::dsk_server handshake_;
    std::function<std::optional<std::string>(const std::string&)> owner_of_;
    std::optional<auth::dsk_keys> keys_;
};

// An empty token, CHALLENGE, AUTHENTICATE: no NEGOTIATE message in datagram mode (protocol section 4.5).
class ntlm_proof final : public endpoint_proof {
public:
    ntlm_proof(const std::string& domain, const std::string& server, std::int64_t now, ntlm_accounts accounts)
        : acceptor_(domain, server), now_(now), accounts_(std::move(accounts)) {}

    std::string_view scheme() const override { return "NTLM"; }

    std::expected<std::string, std::string> step(const std::string& token) override {
        if (token.empty()) return acceptor_.datagram_challenge(now_);
        session_ = acceptor_.accept(token, accounts_.passwords);
        if (!session_) return std::unexpected("the NTLM log-in was refused");
        return std::string();
    }

    bool established() const override { return session_.has_value(); }
    bool is_client_signature(std::string_view text, std::string_view hex) const override {
        return sip::same_word(hex, sip::hex(session_->client_signature(text)));
    }
    std::string server_signature(std::string_view text) const override {
        return sip::hex(session_->server_signature(text));
    }
    std::optional<std::string> owner() const override {
        return session_ ? accounts_.address_of(session_->who()) : std::nullopt;
    }

private:
    ntlm_acceptor acceptor_;
    std::int64_t now_;
    ntlm_accounts accounts_;
    std::optional<ntlm_session> session_;
};

}  // namespace

std::unique_ptr<endpoint_proof> make_dsk_proof(
    const auth::dsk_server_options& options, std::function<std::optional<std::string>(const std::string&)> owner_of) {
    return std::make_unique<dsk_proof>(options, std::move(owner_of));
}

std::unique_ptr<endpoint_proof> make_ntlm_proof(
    const std::string& domain, const std::string& server, std::int64_t now, ntlm_accounts accounts) {
    return std::make_unique<ntlm_proof>(domain, server, now, std::move(accounts));
}

}  // namespace ucsignin::lab
