#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "ucsignin/files.hpp"
#include "net/openssl_ptr.hpp"
#include "net/tls.hpp"

namespace ucsignin::net {
namespace {

std::string environment_or(const char* variable, const char* otherwise) {
    auto const* value = std::getenv(variable);
    return value != nullptr ? value : otherwise;
}

std::size_t objects_in(X509_STORE* store) {
    return static_cast<std::size_t>(sk_X509_OBJECT_num(X509_STORE_get0_objects(store)));
}

// Certificates in a hashed directory are named "9d04f354.0", and loaded by OpenSSL when one is needed.
bool is_hashed_name(const std::string& name) {
    auto const hexadecimal = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return name.size() > 9 && name[8] == '.' && std::all_of(name.begin(), name.begin() + 8, hexadecimal) &&
           std::all_of(name.begin() + 9, name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::size_t hashed_files() {
    std::error_code ignored;  // no such folder: no roots there
    std::filesystem::directory_iterator const folder(
        environment_or(X509_get_default_cert_dir_env(), X509_get_default_cert_dir()), ignored);
    return static_cast<std::size_t>(std::count_if(begin(folder), end(folder), [](auto const& entry) {
        return is_hashed_name(entry.path().filename().string());
    }));
}

error rejected(const std::string& name, const std::string& what) {
    auto const* reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return {fault::protocol, name + ": " + what + (reason != nullptr ? std::string(" (") + reason + ")" : ""), 0};
}

constexpr host::input_limit roots_limit{.bytes = 8u << 20};  // all roots of a system are 250 kB

// A file from Windows is often one certificate in DER.
bool add_der(X509_STORE* store, const std::string& content) {
    auto const* at = reinterpret_cast<const unsigned char*>(content.data());
    x509_ptr const certificate(d2i_X509(nullptr, &at, static_cast<long>(content.size())));
    ERR_clear_error();
    return certificate && X509_STORE_add_cert(store, certificate.get()) == 1;
}

result<void> add_certificates(X509_STORE* store, const std::string& content, const std::string& name) {
    if (add_der(store, content)) return {};
    bio_ptr const in(BIO_new_mem_buf(content.data(), static_cast<int>(content.size())));
    int count = 0;
    for (;; ++count) {
        x509_ptr const certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
        if (!certificate) break;
        if (X509_STORE_add_cert(store, certificate.get()) != 1)
            return std::unexpected(rejected(name, "a certificate was not accepted"));
    }
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
        return std::unexpected(rejected(name, "certificate " + std::to_string(count + 1) + " cannot be read"));
    ERR_clear_error();
    if (count == 0) return std::unexpected(error{fault::protocol, name + ": no certificate in it", 0});
    return {};
}

}  // namespace

trust_store::~trust_store() { X509_STORE_free(store_); }

result<std::shared_ptr<trust_store>> trust_store::load(
    bool system, const std::vector<std::string>& ca_files, const std::string& extra_pem) {
    auto trust = std::make_shared<trust_store>();
    trust->store_ = X509_STORE_new();
    // An issuing CA that is trusted explicitly is enough, as it is on Windows.
    X509_STORE_set_flags(trust->store_, X509_V_FLAG_PARTIAL_CHAIN);
    std::size_t lazily_loaded = 0;
    if (system) {
        if (X509_STORE_set_default_paths(trust->store_) != 1)
            return std::unexpected(rejected("system trust store", "cannot be read"));
        ERR_clear_error();  // it leaves an entry when a default file doesn't exist
        lazily_loaded = hashed_files();
    }
    for (auto const& file : ca_files) {
        auto const content = host::read_file(file, roots_limit, clock::now() + host::longest_read);
        if (!content) return std::unexpected(error{fault::other, content.error().detail, content.error().code});
        if (auto const added = add_certificates(trust->store_, *content, file); !added)
            return std::unexpected(added.error());
    }
    if (!extra_pem.empty())
        if (auto const added = add_certificates(trust->store_, extra_pem, "extra certificates"); !added)
            return std::unexpected(added.error());
    trust->count_ = static_cast<int>(objects_in(trust->store_) + lazily_loaded);
    return trust;
}

}  // namespace ucsignin::net
