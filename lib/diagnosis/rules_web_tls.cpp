// TLS trouble at a web host is worth as much as at the Edge: what the handshake ended in names the same causes. A web
// host gets no second look, so that what only a look could tell is likely at most.
#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

constexpr std::int64_t unrecognized_name = 112;

struct ending {
    finding_ref finding;
    diagnosis::certainty certainty;
};

std::optional<ending> ending_of(const span& s) {
    const auto word = s.word(ev::tls_fault);
    const bool began = s.number(ev::tls_bytes_in).value_or(0) > 0;
    if (word == "version") return ending{"tls-protocol-version", certainty::certain};
    if (word == "client_certificate") return ending{"tls-client-cert-demanded", certainty::certain};
    if (word == "weak_key") return ending{"tls-weak-key", certainty::certain};
    if (word == "weak_signature") return ending{"tls-weak-signature", certainty::certain};
    if (word == "not_tls") return ending{"tls-not-tls", certainty::certain};
    if (word == "alert" && code_of(s, ev::tls_alert) == unrecognized_name)
        return ending{"tls-sni-required", certainty::certain};
    if (word == "cipher" || word == "alert") return ending{"tls-cipher-mismatch", certainty::likely};
    if (word == "silent") return ending{"tls-handshake-timeout", certainty::likely};
    if (word == "reset" && began) return ending{"net-rst-mid-handshake", certainty::likely};
    if (word == "reset") return ending{"net-rst-after-clienthello", certainty::likely};
    if (word == "closed") return ending{"net-lb-no-member", certainty::possible};
    return std::nullopt;
}

// The candidate of a server whose handshake succeeds in small segments only; "" for none.
std::string loses_large_packets(const case_view& view) {
    for (const auto* look : view.trace.all("connection.cross_check"))
        if (look->text(ev::probe_result) == "agreed" && look->subject.ends_with(" small_segments"))
            return look->subject.substr(0, look->subject.find(' '));
    return "";
}

}  // namespace

bool tls_came_up(const trace::span& s) {
    const auto fault = s.word(ev::http_fault);
    const bool cut = fault == "timed_out" || fault == "closed" || fault == "reset";
    return cut && s.has(ev::x509_not_after) && s.word(ev::tls_fault).empty();
}

std::string unfinished_answer(std::string_view host, bool silent) {
    return fmt::format(
        "{} {}", host,
        silent ? "takes a request and does not answer it to the end" : "hangs up when it gets a request");
}

maybe explain_web_tls(const case_view& view, const span& s) {
    auto how = ending_of(s);
    const auto& alike = view.once(loses_large_packets);
    const bool loses = how && how->finding == "tls-handshake-timeout"_finding && !alike.empty();
    if (loses) how->finding = "net-mtu-blackhole"_finding;
    const auto url = url_of(s);
    if (!how) return {};
    draft found(view, how->finding);
    const auto host = host_of_url(url), port = port_of_url(url);
    found.seen(s).about(host + ":" + port).with("host", host).with("port", port).as(how->certainty);
    const auto alert = s.text(ev::tls_alert_text);
    if (!alert.empty())
        found.known_by(
            fmt::format("{} ended the TLS handshake with alert {} ({}).", host, s.text(ev::tls_alert), alert));
    else if (const auto why = s.text(ev::http_error); !why.empty()) found.known_by(fmt::format("{}.", why));
    if (loses) found.known_by(fmt::format("On the way to {}, too, only small packets arrive.", alike));
    if (how->finding == "tls-protocol-version"_finding) offered_modern_versions(found, view);
    return found.done();
}

}  // namespace ucsignin::diagnosis
