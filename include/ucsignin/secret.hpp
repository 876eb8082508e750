#pragma once
// A value that cannot be formatted, compared in variable time, or left behind in memory.

#include <openssl/crypto.h>

#include <ostream>
#include <string>
#include <utility>

namespace ucsignin::auth {

class secret {
public:
    secret() = default;
    explicit secret(std::string value) : value_(std::move(value)) {}
    secret(const secret&) = default;
    secret(secret&& other) noexcept : value_(std::exchange(other.value_, {})) {}
    secret& operator=(secret other) noexcept {
        value_.swap(other.value_);
        return *this;
    }
    ~secret() {
        if (!value_.empty()) OPENSSL_cleanse(value_.data(), value_.size());
    }

    // The one way in. Named so that a reader of the code sees each place where a secret leaves its wrapper.
    [[nodiscard]] const std::string& reveal() const { return value_; }
    [[nodiscard]] bool empty() const { return value_.empty(); }

    friend std::ostream& operator<<(std::ostream&, const secret&) = delete;
    friend bool operator==(const secret& a, const secret& b) {
        return a.value_.size() == b.value_.size() &&
               CRYPTO_memcmp(a.value_.data(), b.value_.data(), a.value_.size()) == 0;
    }

private:
    std::string value_;
};

}  // namespace ucsignin::auth
