#pragma once
// TLS over an established stream, with everything the handshake showed. A failed check never ends the handshake and is
// never ignored: it is a fact in tls_facts, and the caller decides (contract: such a host gets no credentials).

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/stream.hpp"
#include "net/tls_words.hpp"
#include "net/wire_tap.hpp"

typedef struct ssl_ctx_st SSL_CTX;
typedef struct x509_store_st X509_STORE;
typedef struct ssl_session_st SSL_SESSION;

namespace ucsignin::net {

// One certificate, decoded (RFC 5280). Times are seconds since 1970, UTC.
struct certificate_facts {
    std::string subject, issuer;  // RFC 2253 form
    std::string common_name;
    std::vector<std::string> dns_names;  // SAN, lower case
    std::vector<std::string> ip_addresses;
    std::int64_t not_before = 0, not_after = 0;
    std::string key_type;  // "RSA", "EC", ...
    int key_bits = 0;
    std::string signature_algorithm;              // "sha256WithRSAEncryption"
    std::vector<std::string> extended_key_usage;  // OpenSSL short names: "serverAuth"
    std::vector<std::string> ca_issuers;          // AIA URLs
    std::vector<std::string> ocsp;                // responders (AIA)
    std::vector<std::string> crls;                // distribution points
    bool self_signed = false;
    bool is_ca = false;
    std::string sha256;  // fingerprint, lower-case hex
    std::string serial;
};

struct verify_error {
    int code = 0;      // net::chain
    int depth = 0;     // 0 is the server's own certificate
    std::string what;  // OpenSSL's text
};

// Why this side gave up a handshake that the peer did not end.
enum class handshake_refusal { none, version, cipher, weak_key, weak_signature, other };

struct tls_facts {
    std::string server_name;               // that was connected to, and that the certificate has to name
    std::string version;                   // "TLSv1.2", as OpenSSL spells it
    std::string cipher;                    // "ECDHE-RSA-AES256-GCM-SHA384"
    std::vector<certificate_facts> chain;  // as sent, the server's own first
    std::vector<std::string> chain_der;
    std::string issuer_der;            // of the server's own certificate, as far as the chain could be built
    std::vector<verify_error> errors;  // all of them; empty: the chain is trusted and in date
    bool name_matches = false;         // RFC 6125, against the name that was connected to
    bool client_certificate_wanted = false;
    int acceptable_issuers = 0;  // that the server named when it asked for one
    std::int64_t acceptable_issuers_bytes = 0;
    handshake_refusal refused_for = handshake_refusal::none;
    std::int64_t bytes_in = 0;  // during the handshake
    bool resumed = false;
    std::shared_ptr<SSL_SESSION> session;  // when tls_options asked for it
    std::optional<tcp_facts> kernel;       // at the end of the handshake, whether it came up or not
    int alert = -1;                        // fatal alert received (RFC 8446 6), -1 for none
    std::string alert_text;
    std::string first_bytes;  // what a peer that doesn't speak TLS sent, at most 64 bytes
    double handshake_ms = 0;
};

// Roots to trust: the system's (OpenSSL's default paths) and more, in PEM.
class trust_store {
public:
    // Errors name the file. `count` tells how many roots were loaded.
    [[nodiscard]] static result<std::shared_ptr<trust_store>> load(
        bool system, const std::vector<std::string>& ca_files, const std::string& extra_pem = {});
    ~trust_store();
    [[nodiscard]] int count() const { return count_; }
    [[nodiscard]] X509_STORE* native() const { return store_; }

private:
    X509_STORE* store_ = nullptr;
    int count_ = 0;
};

struct tls_options {
    std::string server_name;  // SNI and name to match
    std::shared_ptr<trust_store> trust;
    int min_version = 0, max_version = 0;  // tls_1_2, ...; 0: OpenSSL's default
    bool send_sni = true;
    std::string sni;                               // another name than server_name to send
    std::function<void(std::string_view)> keylog;  // gets each line of secrets in NSS key log format
    bool keep_session = false;
    std::shared_ptr<SSL_SESSION> resume;  // from an earlier connection to the same server
    // Hears the ClientHello, each alert either way for as long as the connection lives, and how the handshake ended.
    wire_tap tap;
};

// Whether the chain is trusted and in date, and made out to the name that was connected to (RFC 5280, RFC 6125).
[[nodiscard]] bool proves_identity(const tls_facts&);

// A TLS connection of which nothing is known but that the handshake came up: no credentials go over it.
class unverified_stream {
public:
    unverified_stream(stream_ptr over, const tls_facts& facts)
        : over_(std::move(over)), proven_(proves_identity(facts)) {}
    [[nodiscard]] const stream& look() const { return *over_; }
    // For questions that anybody may ask of anybody.
    [[nodiscard]] stream_ptr release() && { return std::move(over_); }

private:
    friend class verified_stream;
    stream_ptr over_;
    bool proven_;
};

// A TLS connection to a server that proved who it is. There is no other way to one than by the facts of the handshake.
class verified_stream {
public:
    // None when it did not prove it; the connection ends then.
    [[nodiscard]] static std::optional<verified_stream> of(unverified_stream handshaken);
    [[nodiscard]] const stream& look() const { return *over_; }
    [[nodiscard]] stream_ptr release() && { return std::move(over_); }

private:
    explicit verified_stream(stream_ptr over) : over_(std::move(over)) {}
    stream_ptr over_;
};

struct tls_outcome {
    result<unverified_stream> stream = std::unexpected(error{});  // an error when the handshake itself failed
    tls_facts facts;                                              // filled as far as it came, also on failure
};

[[nodiscard]] awaitable<tls_outcome> tls_connect(stream_ptr over, tls_options options, deadline until);

// Server side, for the lab. The context decides certificate, versions and ciphers; SNI is told through `server_name`.
struct tls_accepted {
    result<stream_ptr> stream;
    std::string server_name;
};
[[nodiscard]] awaitable<tls_accepted> tls_accept(stream_ptr over, SSL_CTX* context, deadline until);

// Decodes one DER certificate; the error names what could not be read.
[[nodiscard]] result<certificate_facts> decode_certificate(const std::string& der);
// The certificates in what was fetched by an AIA URL (DER, PEM, or PKCS #7 in DER), each as DER.
[[nodiscard]] result<std::vector<std::string>> certificates_in(const std::string& bytes);
// Verifies a chain anew, as tls_connect does: the server's own first, then whatever may help to reach a root.
[[nodiscard]] std::vector<verify_error> verify_chain(const std::vector<std::string>& der, const trust_store& trust);

}  // namespace ucsignin::net
