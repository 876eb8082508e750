#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/this_coro.hpp>

#include "net/certificate.hpp"
#include "net/tls_engine.hpp"

namespace ucsignin::net {
namespace {

bool is_address(const std::string& host) {
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(host, not_an_address);
    return !not_an_address;
}

SSL* connection_of(X509_STORE_CTX* verification) {
    return static_cast<SSL*>(X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()));
}

using found_errors = std::vector<verify_error>;

int place_of_errors() {
    static const int place = X509_STORE_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return place;
}

// Called for each error of a chain, and once more for each certificate that is in order. Going on shows the errors to
// come.
int note_error(int in_order, X509_STORE_CTX* verification) {
    if (in_order == 1) return 1;
    auto& errors = *static_cast<found_errors*>(X509_STORE_CTX_get_ex_data(verification, place_of_errors()));
    int const code = X509_STORE_CTX_get_error(verification), depth = X509_STORE_CTX_get_error_depth(verification);
    bool const known = std::ranges::any_of(
        errors, [&](auto const& each) { return each.code == code && each.depth == depth; });
    if (!known) errors.push_back({code, depth, X509_verify_cert_error_string(code)});
    return 1;
}

// In place of OpenSSL's own verification, so that the chain is seen as it was sent also when the handshake fails later.
int verify(X509_STORE_CTX* verification, void*) {
    auto& facts = tls_engine::of(connection_of(verification)).facts();
    facts.chain.clear();
    facts.chain_der.clear();
    auto* sent = X509_STORE_CTX_get0_untrusted(verification);
    for (int i = 0; i < sk_X509_num(sent); ++i) {
        facts.chain.push_back(read_certificate(sk_X509_value(sent, i)));
        facts.chain_der.push_back(to_der(sk_X509_value(sent, i)));
    }
    facts.errors = verify_all(verification);
    auto* built = X509_STORE_CTX_get0_chain(verification);
    if (sk_X509_num(built) > 1) facts.issuer_der = to_der(sk_X509_value(built, 1));
    return 1;
}

int note_client_certificate(SSL* ssl, X509**, EVP_PKEY**) {
    auto& facts = tls_engine::of(ssl).facts();
    facts.client_certificate_wanted = true;
    auto const* issuers = SSL_get0_peer_CA_list(ssl);
    facts.acceptable_issuers = std::max(sk_X509_NAME_num(issuers), 0);
    facts.acceptable_issuers_bytes = 0;
    for (int i = 0; i < facts.acceptable_issuers; ++i)  // each with its length before it (RFC 5246 7.4.4)
        facts.acceptable_issuers_bytes += 2 + i2d_X509_NAME(sk_X509_NAME_value(issuers, i), nullptr);
    return 0;  // none: the handshake goes on without
}

void pass_on_secret(const SSL* ssl, const char* line) { tls_engine::of(ssl).keylog(line); }

bool speaks_old_versions(const tls_options& options) {
    auto const old = [](int version) { return version != 0 && version < TLS1_2_VERSION; };
    return old(options.min_version) || old(options.max_version);
}

// Ours to compute, on the loop: 0.4 s with a group of 8192 bits, 1.5 s with one of 10000, OpenSSL's own limit.
constexpr int most_group_bits = 8192;

// OpenSSL's own judgement, but for a group that costs too much.
int judge_security(const SSL* ssl, const SSL_CTX* context, int operation, int bits, int nid, void* other, void* extra) {
    static const auto usual = [] {
        ssl_context_ptr const fresh(SSL_CTX_new(TLS_client_method()));
        return SSL_CTX_get_security_callback(fresh.get());
    }();
    if (operation == SSL_SECOP_TMP_DH && ssl != nullptr && other != nullptr) {
        auto const size = EVP_PKEY_get_bits(static_cast<const EVP_PKEY*>(other));
        if (size > most_group_bits)
            return tls_engine::of(ssl).refuse("a Diffie-Hellman group of " + std::to_string(size) + " bits"), 0;
    }
    return usual(ssl, context, operation, bits, nid, other, extra);
}

ssl_context_ptr make_context(const tls_options& options) {
    ssl_context_ptr context(SSL_CTX_new(TLS_client_method()));
    if (options.min_version != 0) SSL_CTX_set_min_proto_version(context.get(), options.min_version);
    if (options.max_version != 0) SSL_CTX_set_max_proto_version(context.get(), options.max_version);
    if (speaks_old_versions(options)) {
        if (options.min_version == 0) SSL_CTX_set_min_proto_version(context.get(), options.max_version);
        SSL_CTX_set_cipher_list(context.get(), "DEFAULT:@SECLEVEL=0");  // TLS 1.0 and 1.1 sign with SHA-1
    }
    if (options.trust) SSL_CTX_set1_cert_store(context.get(), options.trust->native());
    SSL_CTX_set_security_callback(context.get(), judge_security);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context.get(), verify, nullptr);
    SSL_CTX_set_client_cert_cb(context.get(), note_client_certificate);
    if (options.keylog) SSL_CTX_set_keylog_callback(context.get(), pass_on_secret);
    return context;
}

bool looks_like_tls(const std::string& bytes) {
    return bytes.empty() || (bytes[0] >= SSL3_RT_CHANGE_CIPHER_SPEC && bytes[0] <= SSL3_RT_APPLICATION_DATA &&
                             (bytes.size() < 2 || bytes[1] == 3));
}

void complete_facts(tls_engine& engine, const tls_options& options, bool connected) {
    auto& facts = engine.facts();
    facts.bytes_in = engine.bytes_in();
    facts.kernel = engine.under().kernel();
    if (!looks_like_tls(engine.first_bytes())) facts.first_bytes = engine.first_bytes();
    if (!connected) return;
    facts.version = SSL_get_version(engine.native());
    facts.cipher = SSL_get_cipher_name(engine.native());
    facts.resumed = SSL_session_reused(engine.native()) == 1;
    if (options.keep_session) facts.session = {SSL_get1_session(engine.native()), SSL_SESSION_free};
    if (auto* certificate = SSL_get0_peer_certificate(engine.native()))
        facts.name_matches = certificate_names(certificate, options.server_name);
}

}  // namespace

bool proves_identity(const tls_facts& facts) {
    return !facts.chain.empty() && facts.errors.empty() && facts.name_matches;
}

std::optional<verified_stream> verified_stream::of(unverified_stream handshaken) {
    if (!handshaken.proven_) return std::nullopt;
    return verified_stream(std::move(handshaken.over_));
}

int usual_security_level() {
    static const int level = [] {
        ssl_context_ptr const context(SSL_CTX_new(TLS_client_method()));
        return std::max(SSL_CTX_get_security_level(context.get()), 1);
    }();
    return level;
}

std::vector<verify_error> verify_all(X509_STORE_CTX* verification) {
    found_errors errors;
    // A lower level may have been set to speak old versions; certificates are judged by the usual one.
    X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(verification), usual_security_level());
    X509_STORE_CTX_set_ex_data(verification, place_of_errors(), &errors);
    X509_STORE_CTX_set_verify_cb(verification, note_error);
    if (X509_verify_cert(verification) <= 0 && errors.empty()) {
        int const code = X509_STORE_CTX_get_error(verification);
        errors.push_back({code, 0, X509_verify_cert_error_string(code)});
    }
    ERR_clear_error();
    return errors;
}

awaitable<tls_outcome> tls_connect(stream_ptr over, tls_options options, deadline until) {
    auto const executor = co_await asio::this_coro::executor;
    if (options.server_name.ends_with('.')) options.server_name.pop_back();
    auto const context = make_context(options);
    auto engine = std::make_shared<tls_engine>(ssl_ptr(SSL_new(context.get())), std::move(over), executor);
    engine->keylog = options.keylog;
    engine->tap = std::move(options.tap);
    auto const name = options.sni.empty() ? options.server_name : options.sni;
    engine->facts().server_name = options.server_name;
    if (options.send_sni && !name.empty() && !is_address(name))
        SSL_set_tlsext_host_name(engine->native(), name.c_str());  // RFC 6066 3
    if (options.resume) SSL_set_session(engine->native(), options.resume.get());
    SSL_set_connect_state(engine->native());

    auto const started = clock::now();
    auto const done = co_await engine->handshake(until);
    engine->facts().handshake_ms = std::chrono::duration<double, std::milli>(clock::now() - started).count();
    complete_facts(*engine, options, done.has_value());
    engine->tell_ending(done);
    if (!done) {
        engine->close(false);
        co_return tls_outcome{std::unexpected(done.error()), engine->facts()};
    }
    auto facts = engine->facts();
    unverified_stream handshaken(make_tls_stream(std::move(engine)), facts);
    co_return tls_outcome{std::move(handshaken), std::move(facts)};
}

}  // namespace ucsignin::net
