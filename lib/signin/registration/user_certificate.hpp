#pragma once
// The user certificate: metadata of the provisioning service, a web ticket for it, GetAndPublishCert
// (sections 7.1, 7.5).

#include <expected>
#include <memory>
#include <string>

#include "auth/certificate.hpp"
#include "net/deadline.hpp"
#include "signin/base/context.hpp"
#include "signin/base/session.hpp"
#include "signin/base/trust.hpp"

namespace ucsignin::signin::registration {

// RSA keys take 0.2 s to make: begun when the run begins, while DNS is waited for.
struct key_maker {
    explicit key_maker(net::asio::any_io_executor executor) : made(executor) {}
    std::expected<auth::key_ptr, std::string> key = std::unexpected("it was not made in time");
    net::signal made;
    std::optional<auth::user_certificate> issued;  // for it, in this run, and taken by a registrar
};
void start_key(context& c, std::shared_ptr<key_maker> into);
// The request for a certificate, DER; or why there is none (branch no_key of registration.user_certificate).
[[nodiscard]] std::expected<std::string, std::string> request_with(
    const std::expected<auth::key_ptr, std::string>& key, const std::string& user);

// The certificate of the last sign-in, when it can be used; says so at registration.cached_certificate.
[[nodiscard]] std::optional<auth::user_certificate> take_cached_certificate(context& c, const session& s);
// The one that this very sign-in was issued, used again: says so there, too.
void trace_issued_before(context& c, const session& s, const auth::user_certificate& issued);
// The server did not take it.
void note_refused_certificate(context& c, const session& s, const std::string& why);
void keep_certificate(context& c, const auth::user_certificate& certificate);

// A fresh one, from the service that the registrar `from` names. Nothing when it failed; every reason is in the trace.
[[nodiscard]] net::awaitable<std::optional<auth::user_certificate>> obtain_certificate(
    context& c, std::shared_ptr<session> s, credential_target from, std::string sts_uri,
    std::shared_ptr<key_maker> key);

}  // namespace ucsignin::signin::registration
