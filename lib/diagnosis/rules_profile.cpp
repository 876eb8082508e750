// Stage 1: what was kept from an earlier sign-in, the saved password, and this PC's own view of TLS.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"
#include "trace/evidence_local.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

maybe stale_server(const case_view& view) {
    const auto* s = view.trace.latest("discovery.cached_server");
    if (!s || s->branch != "stale") return {};
    draft found(view, "local-endpoint-cache-stale");
    const auto server = s->text(ev::candidate);
    found.seen(*s).about(server).with("host", host_of(server));
    found.known_by(fmt::format(
        "{} was kept at {}; neither DNS nor Autodiscover names it, and it cannot be used.", server,
        s->text(ev::cache_written_at)));
    if (view.signed_in) found.weigh(severity::warning).known_by("The sign-in continued with a newly found server.");
    return found.not_because("dns-stale-a", "DNS does not name it")
        .not_because("local-hosts-override", "the name came from the cache")
        .done();
}

// The kept certificate, when it could not be used and was replaced or missed.
maybe kept_certificate(const case_view& view) {
    const auto* s = view.trace.latest("registration.cached_certificate");
    if (!s || !ran(*s)) return {};
    const auto fault = s->word(ev::cache_fault);
    const bool renewed = std::ranges::any_of(view.trace.spans, [](const span& c) {
        return c.is_at("registration.user_certificate") && c.branch == "issued";
    });
    if (fault == "corrupt" || fault == "wrong_key" || fault == "unreadable") {
        draft found(view, "local-user-cert-corrupt");
        found.seen(*s).about(view.user).known_by(fmt::format("{}: {}.", s->text(ev::cache_file), s->summary));
        if (view.signed_in || renewed) found.weigh(severity::warning).known_by("A new one was fetched.");
        return found.not_because("reg-dsk-cert-revoked", "no server has seen it").done();
    }
    if (s->branch != "expired") return {};
    draft found(view, "local-user-cert-expired");
    found.seen(*s).about(view.user).known_by(s->summary + ".");
    if (renewed)
        found.title(fmt::format("The stored user certificate of {} had expired and was renewed", view.user))
            .weigh(severity::info);
    return found.done();
}

maybe refused_certificate(const case_view& view) {
    const auto* s = view.trace.latest("registration.cached_certificate");
    if (!s || s->branch != "refused") return {};
    draft found(view, "reg-dsk-cert-revoked");
    found.seen(*s)
        .about(candidate_of(*s))
        .known_by("The certificate that was kept is sound and in date; the server does not accept it.");
    if (view.signed_in) found.weigh(severity::warning).known_by("With a new one the sign-in went on.");
    return found.not_because("local-user-cert-corrupt", "it is sound and matches its key")
        .not_because("local-user-cert-expired", "it is in date")
        .done();
}

maybe not_writable(const case_view& view) {
    for (const auto& s : view.trace.spans) {
        if (s.word(ev::cache_fault) != "unwritable") continue;
        draft found(view, "local-profile-unwritable");
        found.seen(s).about(s.text(ev::cache_file)).weigh(severity::warning);
        return found.known_by(s.summary + ".")
            .not_because("local-user-cert-corrupt", "nothing could be written at all")
            .done();
    }
    return {};
}

// A password from a file is used without anybody being asked; whether it is old or was never right cannot be seen from
// here.
maybe saved_password(const case_view& view) {
    const auto* source = [&]() -> const span* {
        for (const auto& s : view.trace.spans)
            if (s.word(ev::password_source) == "file") return &s;
        return nullptr;
    }();
    const bool refused = std::ranges::any_of(view.trace.spans, [](const span& s) {
        return s.is_at("registration.web_ticket") && s.branch == "refused" &&
               (s.number(ev::http_status) == 401 || holds(s.text(ev::soap_code), "FailedAuthentication"));
    });
    if (!source || !refused || view.signed_in) return {};
    draft found(view, "local-credential-cache-old-password");
    found.seen(*source).about(view.user).weigh(severity::info).as(certainty::possible);
    return found.known_by("The password came from a file and was refused; nobody was asked for the current one.")
        .done();
}

// The same certificate was trusted and distrusted within one run: it is the store that changes.
maybe roots_come_and_go(const case_view& view) {
    const auto is_untrusted = [](const span& s) {
        return s.branch == "untrusted_root" || s.branch == "missing_intermediate";
    };
    std::map<std::vector<std::string>, const span*> trusted;  // by chain and fingerprint
    const auto what_it_shows = [](const span& s) {
        auto all = s.texts(ev::x509_chain_subject);
        std::ranges::move(s.texts(ev::x509_chain_issuer), std::back_inserter(all));
        all.push_back(s.text(ev::x509_fingerprint));
        return all;
    };
    for (const auto* s : view.trace.at("connection.certificate"))
        if (went_well(*s)) trusted.try_emplace(what_it_shows(*s), s);
    for (const auto* bad : view.trace.at("connection.certificate")) {
        if (bad->text(ev::x509_fingerprint).empty() || !is_untrusted(*bad)) continue;
        const auto good = trusted.find(what_it_shows(*bad));
        if (good == trusted.end()) continue;
        draft found(view, "local-root-store-gpo-flap");
        found.seen(*bad).seen(*good->second).as(certainty::likely).about("this PC");
        return found
            .known_by(fmt::format(
                "The certificate {} was trusted at {} and not at {}, with the same chain.", bad->text(ev::x509_subject),
                good->second->subject, bad->subject))
            .not_because("local-missing-root-ca", "the root was there a moment before or after")
            .done();
    }
    return {};
}

// Windows' crypto provider derives the place of its keys from the MachineGuid, and takes none in braces.
maybe machine_guid_in_braces(const case_view& view) {
    const auto no_key = [](const span& s) {
        return (s.is_at("registration.user_certificate") || s.is_at("registration.cached_certificate")) &&
               went_wrong(s);
    };
    const auto failed = std::ranges::find_if(view.trace.spans, no_key);
    const auto at = std::ranges::find_if(
        view.trace.spans, [](const span& s) { return s.word(ev::machine_guid) == "braces"; });
    if (at == view.trace.spans.end()) return {};
    draft found(view, "local-machineguid-braces");
    found.seen(*at).about("this PC").known_by("The MachineGuid in the registry has braces around it.");
    if (failed == view.trace.spans.end()) return found.weigh(severity::warning).done();
    return found.seen(*failed).not_because("local-user-cert-corrupt", "no certificate was there to be damaged").done();
}

constexpr auto profile_rule_table = std::to_array<case_rule>(
    {stale_server, kept_certificate, refused_certificate, not_writable, saved_password, roots_come_and_go,
     machine_guid_in_braces});

int rank_of(std::string_view version) {
    constexpr std::array<std::string_view, 4> versions{"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"};
    return static_cast<int>(std::ranges::find(versions, version) - versions.begin());
}

}  // namespace

std::span<const case_rule> profile_rules() { return profile_rule_table; }

maybe explain_local_tls(const case_view& view, const trace::span& s) {
    const auto alert = code_of(s, ev::tls_alert);
    if (s.branch != "version" && alert != 70) return {};
    const auto* store = view.trace.latest("devices.trust_store");
    if (!store || !store->has(ev::tls_local_lowest) || !store->has(ev::tls_local_highest)) return {};
    const auto lowest = store->text(ev::tls_local_lowest), highest = store->text(ev::tls_local_highest);
    if (rank_of(lowest) <= 2 && rank_of(highest) >= 2) return {};
    draft found(view, "local-tls-versions-disabled");
    found.seen(s).seen(*store).about(candidate_of(s));
    found.known_by(fmt::format("The TLS library of this PC is set to versions {} to {}.", lowest, highest));
    return found.not_because("tls-protocol-version", "this PC does not offer TLS 1.2, which every supported server has")
        .done();
}

// A log-in that this PC can't make says nothing of who asked for it.
maybe explain_missing_mechanism(const case_view& view, const trace::span& s) {
    if (s.text(ev::missing_mechanism) != "NTLM" || !went_wrong(s)) return {};
    draft found(view, "local-no-ntlm");
    found.seen(s).about("this PC").known_by(fmt::format("{}.", s.summary));
    return found.not_because("wt-401-loop", "no token was sent, so no server judged one")
        .not_because("reg-no-common-scheme", "what is offered can be used where NTLM is installed")
        .done();
}

void offered_modern_versions(draft& found, const case_view& view) {
    const auto* store = view.trace.latest("devices.trust_store");
    if (!store || !store->has(ev::tls_local_highest)) return;
    found.seen(*store).not_because("local-tls-versions-disabled", "this PC offers TLS 1.2");
}

}  // namespace ucsignin::diagnosis
