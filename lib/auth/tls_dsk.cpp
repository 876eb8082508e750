// Both sides of the handshake. The engine drives OpenSSL over memory BIOs; client and server differ in their context.
//
//   token in -> read BIO -> SSL_do_handshake -> write BIO -> token out
//                                |
//                                +-- done: keys by the exporter     +-- failed: the alert record, and who refused

#include "auth/tls_dsk.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <stdexcept>

#include "auth/dsk_records.hpp"

namespace ucsignin::auth {
namespace {

using context_ptr = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using ssl_ptr = std::unique_ptr<SSL, decltype(&SSL_free)>;
using bio_ptr = std::unique_ptr<BIO, decltype(&BIO_free)>;

void require(bool done, const char* what) {
    if (!done) throw std::invalid_argument(what);
}

std::string first_error() {
    const char* reason = ERR_reason_error_string(ERR_get_error());  // the first one; those after it are consequences
    ERR_clear_error();
    return reason != nullptr ? reason : "the handshake failed";
}

context_ptr new_context(const SSL_METHOD* method) {
    context_ptr context(SSL_CTX_new(method), SSL_CTX_free);
    require(context != nullptr, "no TLS context");
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
    return context;
}

// Alerts seen by the engine's SSL, in either direction.
struct alerts {
    int received = -1, sent = -1;
};

void note_alert(const SSL* ssl, int where, int code) {
    auto* seen = static_cast<alerts*>(SSL_get_app_data(ssl));
    if (seen == nullptr || (where & SSL_CB_ALERT) == 0 || code >> 8 != SSL3_AL_FATAL) return;
    ((where & SSL_CB_READ) != 0 ? seen->received : seen->sent) = code & 0xff;
}

// One handshake. Lives on the heap: OpenSSL keeps a pointer to the alerts.
class engine {
public:
    engine(context_ptr context, bool client) : context_(std::move(context)), ssl_(SSL_new(context_.get()), SSL_free) {
        require(ssl_ != nullptr, "no TLS connection");
        in_ = BIO_new(BIO_s_mem());
        out_ = BIO_new(BIO_s_mem());
        SSL_set_bio(ssl_.get(), in_, out_);  // takes both
        SSL_set_app_data(ssl_.get(), &alerts_);
        SSL_set_info_callback(ssl_.get(), note_alert);
        client ? SSL_set_connect_state(ssl_.get()) : SSL_set_accept_state(ssl_.get());
    }
    engine(const engine&) = delete;
    engine& operator=(const engine&) = delete;

    std::expected<dsk_step, dsk_failure> step(const std::string& token) {
        if (done_) return fail("the handshake was finished already");
        if (!token.empty()) BIO_write(in_, token.data(), static_cast<int>(token.size()));
        ERR_clear_error();
        const int answer = SSL_do_handshake(ssl_.get());
        const int why = SSL_get_error(ssl_.get(), answer);
        auto output = drain();
        if (answer == 1) done_ = true;
        else if (why != SSL_ERROR_WANT_READ) return fail(first_error(), std::move(output));
        else if (output.empty())
            return fail(token.empty() ? "an empty token" : "the token ends in the middle of a message");
        return dsk_step{std::move(output), done_};
    }

    [[nodiscard]] std::expected<dsk_keys, dsk_failure> keys() const {
        if (!done_) return std::unexpected(dsk_failure{"the handshake is not finished", -1, true, {}});
        return export_dsk_keys(ssl_.get());
    }
    [[nodiscard]] SSL* native() const { return ssl_.get(); }

private:
    [[nodiscard]] std::string drain() const {
        char* bytes = nullptr;
        const long size = BIO_get_mem_data(out_, &bytes);
        std::string output(bytes, static_cast<std::size_t>(size));
        (void)BIO_reset(out_);
        return output;
    }
    [[nodiscard]] std::unexpected<dsk_failure> fail(std::string what, std::string token = {}) const {
        return std::unexpected(dsk_failure{std::move(what), alerts_.received, alerts_.received < 0, std::move(token)});
    }

    context_ptr context_;
    ssl_ptr ssl_;
    BIO *in_ = nullptr, *out_ = nullptr;
    alerts alerts_;
    bool done_ = false;
};

// Pools of Lync's time speak TLS 1.0 with SHA-1 and MD5 signatures: level 0 is what lets both ends meet. The
// certificate of the server is recorded, not judged: the outer connection has authenticated it (MS-SIPAE).
// None when the user's certificate or key is of a kind that TLS does not take.
context_ptr client_context(const user_certificate& credential) {
    auto context = new_context(TLS_client_method());
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);  // 1.3 has no such keys
    SSL_CTX_set_options(context.get(), SSL_OP_LEGACY_SERVER_CONNECT);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
    require(
        SSL_CTX_set_cipher_list(
            context.get(), "kECDHE+AESGCM:kECDHE+AES:kRSA+AESGCM:kRSA+AES:!AESCCM:!aNULL:!aPSK:@SECLEVEL=0") == 1,
        "no cipher suites");
    const bool usable = SSL_CTX_use_certificate(context.get(), credential.certificate.get()) == 1 &&
                        SSL_CTX_use_PrivateKey(context.get(), credential.key.get()) == 1;
    return usable ? std::move(context) : context_ptr(nullptr, SSL_CTX_free);
}

bio_ptr reading(const std::string& text) {
    return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

// All certificates of a PEM text, in order.
std::vector<std::shared_ptr<X509>> read_certificates(const std::string& pem) {
    std::vector<std::shared_ptr<X509>> out;
    const auto from = reading(pem);
    while (X509* one = PEM_read_bio_X509(from.get(), nullptr, nullptr, nullptr)) out.emplace_back(one, X509_free);
    ERR_clear_error();  // the end of the text counts as an error
    return out;
}

void use_own_certificate(SSL_CTX* context, const dsk_server_options& options) {
    const auto chain = read_certificates(options.certificate_pem);
    const auto from = reading(options.key_pem);
    const key_ptr key(PEM_read_bio_PrivateKey(from.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
    require(!chain.empty() && key, "the registrar's certificate or key cannot be read");
    require(SSL_CTX_use_certificate(context, chain.front().get()) == 1, "the registrar's certificate is not usable");
    require(SSL_CTX_use_PrivateKey(context, key.get()) == 1, "the registrar's key does not belong to its certificate");
    for (std::size_t i = 1; i < chain.size(); ++i)
        require(SSL_CTX_add1_chain_cert(context, chain[i].get()) == 1, "the registrar's chain is not usable");
}

void demand_client_certificate(SSL_CTX* context, const dsk_server_options& options) {
    const auto issuers = read_certificates(options.client_ca_pem);
    require(!issuers.empty(), "the issuer of user certificates cannot be read");
    auto* store = SSL_CTX_get_cert_store(context);
    for (const auto& issuer : issuers) {
        require(X509_STORE_add_cert(store, issuer.get()) == 1, "the issuer of user certificates is not usable");
        SSL_CTX_add_client_CA(context, issuer.get());
    }
    if (options.now != 0) X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), options.now);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

context_ptr server_context(const dsk_server_options& options) {
    auto context = new_context(TLS_server_method());
    const int version = options.old_pool ? TLS1_VERSION : TLS1_2_VERSION;
    if (options.old_pool)  // before the certificates: the level judges them as well
        require(SSL_CTX_set_cipher_list(context.get(), "AES128-SHA:AES256-SHA:@SECLEVEL=0") == 1, "no cipher suites");
    SSL_CTX_set_min_proto_version(context.get(), version);
    SSL_CTX_set_max_proto_version(context.get(), version);
    use_own_certificate(context.get(), options);
    demand_client_certificate(context.get(), options);
    return context;
}

std::optional<net::certificate_facts> decode(X509* certificate) {
    unsigned char* der = nullptr;
    const int size = certificate == nullptr ? 0 : i2d_X509(certificate, &der);
    if (size <= 0) return std::nullopt;
    const std::string bytes(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    auto facts = net::decode_certificate(bytes);
    if (!facts) return std::nullopt;
    return std::move(*facts);
}

// The hash that the suite's name ends with; for AEAD suites that is the hash of its PRF.
hash suite_hash(std::string_view suite) {
    if (suite.ends_with("_MD5")) return hash::md5;
    if (suite.ends_with("_SHA")) return hash::sha1;
    return suite.ends_with("_SHA384") ? hash::sha384 : hash::sha256;
}

}  // namespace

std::expected<dsk_keys, dsk_failure> export_dsk_keys(SSL* finished) {
    static constexpr std::string_view label = "client EAP encryption";
    std::string block(128, '\0');
    const bool refused = SSL_version(finished) >= TLS1_3_VERSION ||
                         SSL_export_keying_material(
                             finished, reinterpret_cast<unsigned char*>(block.data()), block.size(), label.data(),
                             label.size(), nullptr, 0, 0) != 1;
    const secret whole(std::move(block));
    if (refused) return std::unexpected(dsk_failure{"no keys can be taken from this handshake", -1, true, {}});
    const auto* suite = SSL_get_current_cipher(finished);
    // The first 64 bytes are the EAP-TLS MSK, which nothing here uses.
    return dsk_keys{
        secret(whole.reveal().substr(64, 32)), secret(whole.reveal().substr(96, 32)),
        suite_hash(SSL_CIPHER_standard_name(suite)), SSL_get_version(finished), SSL_CIPHER_get_name(suite)};
}

struct dsk_client::state : engine {
    explicit state(context_ptr context) : engine(std::move(context), true) {}
};

dsk_client::dsk_client(const user_certificate& credential) {
    ERR_clear_error();
    auto context = client_context(credential);
    if (context) state_ = std::make_unique<state>(std::move(context));
    else unusable_ = "the user certificate can't be used: " + first_error();
}
dsk_client::~dsk_client() = default;
dsk_client::dsk_client(dsk_client&&) noexcept = default;

std::expected<dsk_step, dsk_failure> dsk_client::step(const std::string& token) {
    if (!state_) return std::unexpected(dsk_failure{unusable_, -1, true, {}});
    return state_->step(token);
}

std::expected<dsk_keys, dsk_failure> dsk_client::keys() const {
    if (!state_) return std::unexpected(dsk_failure{unusable_, -1, true, {}});
    return state_->keys();
}

std::vector<net::certificate_facts> dsk_client::server_chain() const {
    std::vector<net::certificate_facts> out;
    if (!state_) return out;
    const auto* chain = SSL_get_peer_cert_chain(state_->native());
    for (int i = 0; i < sk_X509_num(chain); ++i)
        if (auto facts = decode(sk_X509_value(chain, i))) out.push_back(std::move(*facts));
    return out;
}

struct dsk_server::state : engine {
    explicit state(const dsk_server_options& options) : engine(server_context(options), false) {}
    bool first = true;
};

dsk_server::dsk_server(const dsk_server_options& options) : state_(std::make_unique<state>(options)) {}
dsk_server::~dsk_server() = default;
dsk_server::dsk_server(dsk_server&&) noexcept = default;

std::expected<dsk_step, dsk_failure> dsk_server::step(const std::string& token) {
    auto taken = state_->step(token);
    if (taken && std::exchange(state_->first, false)) taken->token = merge_handshake_records(taken->token);
    return taken;
}

std::expected<dsk_keys, dsk_failure> dsk_server::keys() const { return state_->keys(); }

std::optional<net::certificate_facts> dsk_server::client_certificate() const {
    const std::shared_ptr<X509> peer(SSL_get1_peer_certificate(state_->native()), X509_free);
    if (!peer || SSL_get_verify_result(state_->native()) != X509_V_OK) return std::nullopt;
    return decode(peer.get());
}

}  // namespace ucsignin::auth
