// A TLS handshake whose records travel in SIP headers; each leg is one REGISTER and its 401.
#include "signin/registration/dsk_handshake.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "auth/tls_dsk.hpp"
#include "signin/base/notes.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::signin::registration {
namespace {

using trace::outcome;

std::string authorization(const session& s, const std::string& token) {
    const auto opaque = s.opaque.empty() ? "" : fmt::format("opaque=\"{}\", ", s.opaque);
    return fmt::format(
        "TLS-DSK qop=\"auth\", {}realm=\"{}\", targetname=\"{}\", gssapi-data=\"{}\", version=4", opaque, s.realm,
        s.targetname, sip::base64(token));
}

// The TLS-DSK header of a 401 that goes on with the handshake.
std::optional<sip::auth_header> continued(const sip::message& answer) {
    if (answer.status != 401) return std::nullopt;
    for (const auto& text : answer.all("WWW-Authenticate"))
        for (auto& h : sip::parse_challenges(text))
            if (sip::same_word(h.scheme, "TLS-DSK") && !h.parameter("gssapi-data").empty()) return std::move(h);
    return std::nullopt;
}

void finish_failed(trace::scope& span, const auth::dsk_failure& f) {
    if (f.alert >= 0) span.note(ev::dsk_alert, std::to_string(f.alert));
    if (f.local) span.finish("verify_failure", outcome::failed, f.what);
    else span.finish({f.alert >= 0, "alert", "broken_off"}, outcome::failed, f.what);
}

// One leg: our token out, the server's in. Nothing when the exchange ended; the span says how.
net::awaitable<std::optional<std::string>> run_leg(
    context& c, std::shared_ptr<session> s, trace::scope& span, ev::step_word step, std::string token) {
    auto request = s->make_register();
    request.add("Authorization", authorization(*s, token));
    auto reply = co_await s->sip->request(std::move(request), c.until.sip());
    if (!reply) {
        span.note(ev::step, step);
        note_sip_error(span, reply.error());
        span.finish("broken_off", outcome::failed, "in the TLS-DSK handshake: " + in_words(reply.error()));
        co_return std::nullopt;
    }
    const auto next = continued(reply->answer);
    const auto bytes = next ? sip::from_base64(next->parameter("gssapi-data")) : std::nullopt;
    if (bytes) {
        if (next->has("opaque")) s->opaque = next->parameter("opaque");
        co_return *bytes;
    }
    span.note(ev::step, step);
    note_sip(span, reply->answer);
    span.finish(
        "broken_off", outcome::failed,
        fmt::format("the registrar broke off the handshake: {}", in_words(reply->answer)));
    co_return std::nullopt;
}

}  // namespace

net::awaitable<bool> shake_hands(
    context& c, std::shared_ptr<session> s, credential_target to, offered_scheme scheme,
    auth::user_certificate credential) {
    require_meant(to, *s);
    auto span = c.trace.open<"registration.dsk_handshake">(s->candidate);
    span.wait_for_latest("registration.cached_certificate", s->candidate)
        .wait_for_latest("registration.user_certificate");
    span.note(ev::candidate, s->candidate).note(ev::auth_target, scheme.targetname);
    s->realm = scheme.realm;
    s->targetname = scheme.targetname;
    s->opaque.clear();
    auth::dsk_client client(credential);
    auto ours = client.step({});
    for (const ev::step_word step : {ev::step_word("client_hello"), ev::step_word("finish")}) {
        if (!ours) {
            finish_failed(span, ours.error());
            co_return false;
        }
        const auto theirs = co_await run_leg(c, s, span, step, ours->token);
        if (!theirs) co_return false;
        ours = client.step(*theirs);
    }
    const auto keys = ours ? client.keys() : std::unexpected(ours.error());
    if (!keys) {
        finish_failed(span, keys.error());
        co_return false;
    }
    const auto chain = client.server_chain();
    if (!chain.empty()) span.note(ev::dsk_server, chain.front().subject);
    span.note(ev::dsk_version, keys->tls_version).note(ev::dsk_cipher, keys->cipher);
    span.finish("complete", outcome::ok, fmt::format("{} with {} inside SIP", keys->tls_version, keys->cipher));
    s->sip->protect(auth::make_dsk_protector(*keys, s->realm, s->targetname, s->opaque, scheme.version));
    co_return true;
}

}  // namespace ucsignin::signin::registration
