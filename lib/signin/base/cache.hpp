#pragma once
// What --cache keeps of a sign-in that worked, as the desktop client does: the server, and the user's certificate with
// its key. One folder for each user, $XDG_CACHE_HOME/ucsignin/<SHA-256 of the SIP address>, for this account's eyes
// only.

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "auth/certificate.hpp"
#include "net/address.hpp"
#include "signin/base/environment.hpp"
#include "trace/evidence.hpp"

namespace ucsignin::signin {

struct cache_fault {
    trace::ev::cache_fault_word word;
    std::string detail;  // for people
};

struct kept_server {
    net::host_port server;
    std::string written_at;  // RFC 3339
};
// {"format":"ucsignin-cache/1","server":"sip.contoso.example:443","written_at":"2026-01-05T08:00:00Z"}
[[nodiscard]] std::expected<kept_server, std::string> parse_kept_server(const std::string& text);
// A certificate and its private key (PKCS #8), both PEM, that are this user's and good for an hour at least.
[[nodiscard]] std::expected<auth::user_certificate, cache_fault> parse_kept_certificate(
    const std::string& pem, const std::string& user, std::int64_t now);

class profile_cache {
public:
    profile_cache() = default;  // switched off: keeps nothing and knows nothing
    profile_cache(std::string folder, std::shared_ptr<const private_files> files)
        : folder_(std::move(folder)), files_(std::move(files)) {}
    // Empty when the system has no place for it: neither XDG_CACHE_HOME nor HOME is set.
    [[nodiscard]] static std::string folder_for(const host::variables& environment, const std::string& sip_uri);

    [[nodiscard]] bool on() const { return !folder_.empty(); }
    [[nodiscard]] const std::string& folder() const { return folder_; }
    [[nodiscard]] std::string server_file() const { return folder_ + "/server.json"; }
    [[nodiscard]] std::string certificate_file() const { return folder_ + "/certificate.pem"; }

    // Nothing when none was kept.
    [[nodiscard]] std::optional<std::expected<kept_server, cache_fault>> server() const;
    [[nodiscard]] std::optional<std::expected<auth::user_certificate, cache_fault>> certificate(
        const std::string& user, std::int64_t now) const;

    // Makes the folder and writes a file there for a try.
    [[nodiscard]] std::expected<void, cache_fault> try_to_write() const;
    [[nodiscard]] std::expected<void, cache_fault> keep_server(const kept_server&) const;
    [[nodiscard]] std::expected<void, cache_fault> keep_certificate(const auth::user_certificate&) const;
    void forget_certificate() const;

private:
    [[nodiscard]] std::expected<void, cache_fault> write(const std::string& path, std::string_view text) const;
    std::string folder_;
    std::shared_ptr<const private_files> files_;
};

}  // namespace ucsignin::signin
