#pragma once
// How an endpoint proves who it is inside SIP headers, and the keys that come of it: TLS-DSK, NTLM or
// Kerberos (MS-SIPAE).

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "auth/tls_dsk.hpp"
#include "lab/ntlm_acceptor.hpp"

namespace ucsignin::lab {

class endpoint_proof {
public:
    virtual ~endpoint_proof() = default;
    [[nodiscard]] virtual std::string_view scheme() const = 0;  // as the messages spell it
    // The answer to a client token, raw bytes; an error ends the association.
    [[nodiscard]] virtual std::expected<std::string, std::string> step(const std::string& token) = 0;
    [[nodiscard]] virtual bool established() const = 0;
    // Signatures over a buffer, in hex of either case; established only.
    [[nodiscard]] virtual bool is_client_signature(std::string_view text, std::string_view hex) const = 0;
    [[nodiscard]] virtual std::string server_signature(std::string_view text) const = 0;
    // The address whose credentials were shown; nothing for credentials that belong to nobody (any more).
    [[nodiscard]] virtual std::optional<std::string> owner() const = 0;
};

// `owner_of`: fingerprint of a user certificate to the address that it was published for.
[[nodiscard]] std::unique_ptr<endpoint_proof> make_dsk_proof(
    const auth::dsk_server_options& options, std::function<std::optional<std::string>(const std::string&)> owner_of);

struct ntlm_accounts {
    password_lookup passwords;
    std::function<std::optional<std::string>(const ntlm_identity&)> address_of;
};
[[nodiscard]] std::unique_ptr<endpoint_proof> make_ntlm_proof(
    const std::string& domain, const std::string& server, std::int64_t now, ntlm_accounts accounts);

// `keytab`: a file with the key of sip/SERVER; `address_of`: of a principal, "alice@CONTOSO.EXAMPLE".
[[nodiscard]] std::unique_ptr<endpoint_proof> make_kerberos_proof(
    const std::string& keytab, std::function<std::optional<std::string>(const std::string&)> address_of);

}  // namespace ucsignin::lab
