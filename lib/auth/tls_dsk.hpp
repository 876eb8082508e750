#pragma once
// The TLS handshake inside SIP headers (TLS-DSK, MS-SIPAE): OpenSSL between two memory BIOs, no I/O.
//
//   start() -> ClientHello .. step(ServerHello..Done) -> Certificate..Finished .. step(CCS, Finished) -> keys

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auth/certificate.hpp"
#include "auth/signature.hpp"
#include "net/tls.hpp"

namespace ucsignin::auth {

struct dsk_failure {
    std::string what;    // one line
    int alert = -1;      // alert received, -1 for none
    bool local = false;  // our side refused
    std::string token;   // the alert record for the peer, empty when there is none to send
};

struct dsk_step {
    std::string token;  // bytes for gssapi-data (not yet base64), empty when there is nothing to send
    bool complete = false;
};

// Keys and hash of a finished handshake: SSL_export_keying_material("client EAP encryption"), bytes 64..95 and 96..127;
// the hash is that of the cipher suite.
[[nodiscard]] std::expected<dsk_keys, dsk_failure> export_dsk_keys(struct ssl_st* finished);

class dsk_client {
public:
    // A certificate or key that can't be used is told by the first step.
    explicit dsk_client(const user_certificate& credential);
    ~dsk_client();
    dsk_client(dsk_client&&) noexcept;
    // Gives the next token. The first call takes an empty one.
    [[nodiscard]] std::expected<dsk_step, dsk_failure> step(const std::string& token);
    [[nodiscard]] std::expected<dsk_keys, dsk_failure> keys() const;
    [[nodiscard]] std::vector<net::certificate_facts> server_chain() const;

private:
    struct state;
    std::unique_ptr<state> state_;  // null when there is nothing to begin with
    std::string unusable_;
};

// The pool's side. `old_pool`: TLS 1.0 with AES128-SHA or AES256-SHA only, as clients of Lync's time speak it; else
// TLS 1.2. The first flight is merged into one TLS record.
struct dsk_server_options {
    std::string certificate_pem, key_pem;  // the registrar's own
    std::string client_ca_pem;             // who issued user certificates
    bool old_pool = false;
    std::int64_t now = 0;  // seconds since 1970, for the validity of user certificates; 0: the system's clock
};
class dsk_server {
public:
    explicit dsk_server(const dsk_server_options&);
    ~dsk_server();
    dsk_server(dsk_server&&) noexcept;
    [[nodiscard]] std::expected<dsk_step, dsk_failure> step(const std::string& token);
    [[nodiscard]] std::expected<dsk_keys, dsk_failure> keys() const;
    [[nodiscard]] std::optional<net::certificate_facts> client_certificate() const;  // verified against client_ca_pem

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace ucsignin::auth
