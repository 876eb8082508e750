// Stage 4: why a registration did not come about.
#include <algorithm>
#include <cmath>
#include <array>
#include <map>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

bool silent(const span& s) { return s.branch == "silent" || (!s.has(ev::sip_status) && s.has(ev::sip_error)); }

std::int64_t discarded(const span& s) { return s.number(ev::sip_discarded).value_or(0); }

std::vector<std::string> schemes_offered(const case_view& view, const span& s) {
    constexpr chart::node_ref answers[] = {"registration.challenge", "registration.first_register"};
    for (const auto node : answers)
        if (const auto* at = view.latest(s, node))
            if (auto schemes = at->texts(ev::auth_scheme_offered); !schemes.empty()) return schemes;
    return s.texts(ev::auth_scheme_offered);
}

// Whether the last step that says so holds a candidate for trusted.
std::map<std::string_view, bool> trust_said(const case_view& view) {
    std::map<std::string_view, bool> all;
    for (const auto& s : view.trace.spans)
        if (s.stage >= 3 && s.has(ev::candidate_trusted)) all[candidate_named_by(s)] = s.is(ev::candidate_trusted);
    return all;
}

// The same in a report from before the evidence of withheld credentials.
maybe not_trusted(const case_view& view, const span& s) {
    if (!s.is_at("registration.scheme") && !s.is_at("registration.challenge") && !s.is_at("registration.web_ticket"))
        return {};
    const auto host = host_of(candidate_of(s));
    const auto* trust = view.trace.latest("discovery.trust", host);
    bool refused = trust && trust->branch == "would_prompt";
    const auto& said = view.once(trust_said);
    if (const auto at = said.find(candidate_named_by(s)); at != said.end()) refused = !at->second;
    if (!refused) return {};
    const bool by_srv = view.origin_of(candidate_of(s)) != "autodiscover";
    auto found = about_candidate(
        view, s, by_srv ? "dns-srv-target-outside-domain"_finding : "ad-redirect-foreign-domain"_finding);
    if (trust) found.seen(*trust);
    found.about(host).title(fmt::format("{} lies outside {}, so no credentials were sent there", host, view.domain));
    return found.not_because("tls-name-mismatch", "the certificate was accepted for that name").done();
}

maybe no_scheme(const case_view& view, const span& s) {
    if (!s.is_at("registration.challenge") && !s.is_at("registration.scheme")) return {};
    const auto schemes = schemes_offered(view, s);
    const auto offered = schemes.empty() ? std::string("nothing") : fmt::format("{}", fmt::join(schemes, ", "));
    if (among(schemes, "NTLM") && !among(schemes, "TLS-DSK")) {
        auto found = about_candidate(view, s, "certprov-disabled");
        found.title(fmt::format("{} does not offer log-on by certificate, only {}", candidate_of(s), offered));
        return found.not_because("reg-no-common-scheme", "NTLM is offered").done();
    }
    auto found = about_candidate(view, s, "reg-no-common-scheme");
    const auto* challenge = view.latest(s, "registration.challenge");
    if (among(schemes, "TLS-DSK") && challenge && !challenge->has(ev::auth_sts)) {
        found.title(fmt::format("{} offers TLS-DSK but names no place to get a certificate from", candidate_of(s)));
        return found.done();
    }
    if (among(schemes, "TLS-DSK")) {
        found.title(
            fmt::format("There is nothing to authenticate with at {}, which offers {}", candidate_of(s), offered));
        found.known_by(fmt::format("{}.", s.summary.empty() ? "No password was given" : s.summary))
            .as(certainty::likely);
        found.remedy(
            "user",
            "Give the password (--password-file, --password-stdin or at the prompt), or choose a scheme that the "
            "server offers.");
        return found.done();
    }
    found.title(fmt::format("{} offers only {}, which cannot be used here", candidate_of(s), offered));
    return found.not_because("certprov-disabled", "NTLM is missing as well").done();
}

maybe answers_discarded(const case_view& view, const span& s) {
    if (discarded(s) == 0 || (!silent(s) && s.has(ev::sip_status))) return {};
    auto found = about_candidate(view, s, "reg-signature-mismatch");
    found.known_by(fmt::format(
        "{} answer{} came and {} discarded, because the signature was wrong or missing.", discarded(s),
        discarded(s) == 1 ? "" : "s", discarded(s) == 1 ? "was" : "were"));
    return found.not_because("reg-timeout", "answers did come").done();
}

bool hung_up(const span& s) {
    const auto error = s.word(ev::sip_error);
    return error == "closed" || error == "reset";
}

// TLS is fine and SIP is not understood: another service of the Edge, say its certificate or its hanging up.
maybe no_sip_there(const case_view& view, const span& s) {
    if (!s.is_at("registration.first_register") || !silent(s) || s.has(ev::sip_provisional)) return {};
    const auto* certificate = view.latest(s, "connection.certificate");
    const auto names = certificate ? certificate->texts(ev::x509_name) : std::vector<std::string>{};
    const bool other_role = names_other_edge_service(certificate);
    if (!other_role && !hung_up(s)) return {};
    // A server of another kind closes; a reset in the middle is somebody else's word, unless the certificate tells
    // which kind.
    if (!other_role && s.word(ev::sip_error) == "reset") {
        auto cut = about_candidate(view, s, "net-rst-mid-handshake");
        cut.as(certainty::likely).known_by("TLS came up; the connection was reset when the first message went out.");
        return cut
            .not_because(
                "tls-wrong-edge-service",
                "the connection was reset, not closed, and the certificate is that of the access service")
            .done();
    }
    auto found = about_candidate(view, s, "tls-wrong-edge-service");
    found.as(other_role ? certainty::certain : certainty::likely);
    if (hung_up(s)) found.known_by("It hung up when the REGISTER came.");
    if (other_role) found.known_by(fmt::format("Its certificate names {}.", fmt::join(names, ", ")));
    return found.not_because("tls-http-on-sip-port", "it did not answer in HTTP").done();
}

maybe unreadable_answer(const case_view& view, const span& s) {
    if (s.branch != "unreadable") return {};
    auto found = about_candidate(view, s, "reg-400-malformed");
    found.title(fmt::format("{} answers the REGISTER with unreadable SIP", candidate_of(s)))
        .as(certainty::likely)
        .known_by(fmt::format("{}.", s.summary));
    return found.not_because("tls-wrong-edge-service", "what came begins like a SIP answer")
        .not_because("reg-timeout", "an answer came")
        .done();
}

maybe no_answer(const case_view& view, const span& s) {
    if (!silent(s)) return {};
    auto found = about_candidate(view, s, "reg-timeout");
    if (hung_up(s))
        found.title(fmt::format("{} hangs up when it gets the REGISTER", candidate_of(s))).as(certainty::likely);
    found.known_by("TLS was up; no SIP answer came before the deadline.");
    return found.not_because("reg-signature-mismatch", "no answer had to be discarded").done();
}

maybe without_challenge(const case_view& view, const span& s) {
    if (!s.is_at("registration.first_register") || s.branch != "unchallenged") return {};
    return about_candidate(view, s, "reg-unchallenged")
        .known_by("The first REGISTER, without credentials, was answered 200.")
        .done();
}

maybe bad_server_signature(const case_view& view, const span& s) {
    if (!s.is_at("registration.server_signature")) return {};
    const bool missing = s.branch == "missing";
    const auto* first = view.latest(s, "registration.first_register");
    if (missing && first && first->branch == "unchallenged")
        return about_candidate(view, s, "reg-unchallenged").seen(*first).done();
    auto found = about_candidate(view, s, missing ? "reg-unsigned-200"_finding : "reg-signature-mismatch"_finding);
    found.not_because(
        missing ? "reg-signature-mismatch"_finding : "reg-unsigned-200"_finding,
        missing ? "there was no signature at all" : "there was a signature, a wrong one");
    if (!missing) found.title(fmt::format("{} answered 200 with a wrong signature", candidate_of(s)));
    return found.done();
}

// A redirect whose Contact holds no server that can be asked.
maybe names_no_home(const case_view& view, const span& s) {
    if (s.branch != "loop" || s.has(ev::home_server) || !s.has(ev::sip_status)) return {};
    auto found = about_candidate(view, s, "reg-301-target-unreachable");
    const auto contacts = s.texts(ev::sip_contact);
    found.about(view.user)
        .as(certainty::likely)
        .title(fmt::format("{} redirects {} and names no server to go to", candidate_of(s), view.user))
        .remedy(
            "SfB admin",
            fmt::format(
                "Compare the home pool of {} on the servers (Get-CsUserPoolInfo), and see whether something on the way "
                "changes the Contact header.",
                view.user));
    auto made = found.not_because("reg-301-loop", "no server is named, so there is no circle").done();
    made->explanation = contacts.empty() ? fmt::format("It answered {} without a Contact.", *s.number(ev::sip_status))
                                         : fmt::format(
                                               "It answered {} with the Contact '{}', which is no address of a server.",
                                               *s.number(ev::sip_status), contacts.front());
    return made;
}

maybe circles(const case_view& view, const span& s) {
    if (s.branch != "loop") return {};
    auto found = about_candidate(view, s, "reg-301-loop");
    const auto contacts = s.texts(ev::sip_contact);
    if (!contacts.empty()) found.known_by(fmt::format("The last redirect leads to {}.", contacts.front()));
    return found.about(view.user).done();
}

// Nothing came that is of TLS, so nothing tells that the handshake itself failed.
maybe handshake_cut_short(const case_view& view, const span& s) {
    const bool cut = !s.has(ev::sip_status) && hung_up(s);
    if (s.branch != "broken_off" || (!cut && s.number(ev::sip_status) != 401)) return {};
    auto found = about_candidate(view, s, "reg-dsk-inner-tls-fail");
    found.as(certainty::likely)
        .title(fmt::format(
            "{} {} the log-in by certificate", candidate_of(s), cut ? "hangs up during" : "does not go on with"))
        .remedy(
            "SfB admin",
            "Read the event log of the front end (Schannel, LS Protocol Stack) at the time of the sign-in. If it says "
            "nothing: see whether a load balancer before the pool moves or cuts connections, and whether other front "
            "ends take the log-in.");
    auto made = found.not_because("tls-cipher-mismatch", "the outer TLS connection is fine").done();
    made->explanation = fmt::format(
        "The certificate log-on runs a second handshake within SIP, and the registrar ended it without an alert of TLS "
        "({}). TLS settings without common ground look like this, and so do a front end that fails and a load balancer "
        "that moves the connection.",
        s.summary);
    return made;
}

maybe inner_handshake(const case_view& view, const span& s) {
    if (!s.is_at("registration.dsk_handshake")) return {};
    if (s.branch == "broken_off" && !s.has(ev::sip_status) && s.has(ev::sip_error) && !hung_up(s)) return {};
    const auto alert = s.text(ev::dsk_alert);
    const auto number = code_of(s, ev::dsk_alert);
    const bool about_certificate = (number && *number >= 42 && *number <= 46) || holds(alert, "certificate") ||
                                   holds(alert, "revoked");
    const bool asked_again = s.branch == "broken_off" && s.number(ev::sip_status) == 401 &&
                             s.word(ev::step) != "client_hello";
    if (asked_again || (s.branch == "alert" && about_certificate)) {
        auto found = about_candidate(view, s, "reg-dsk-cert-revoked");
        const auto ending = asked_again ? std::string("was answered by a new challenge")
                                        : fmt::format("ended in alert {}", number ? std::to_string(*number) : alert);
        found.about(view.user).known_by(fmt::format("The handshake inside SIP {}.", ending));
        return found.as(asked_again ? certainty::likely : certainty::certain)
            .not_because("reg-dsk-inner-tls-fail", "version and cipher were agreed")
            .done();
    }
    if (s.branch == "broken_off" && s.has(ev::sip_status) && s.number(ev::sip_status) != 401)
        return explain_refusal(view, s);
    if (auto cut = handshake_cut_short(view, s)) return cut;
    auto found = about_candidate(view, s, "reg-dsk-inner-tls-fail");
    if (s.branch == "alert" && (number || !alert.empty()))
        found.known_by(fmt::format("The server ended it with alert {}.", number ? std::to_string(*number) : alert));
    else if (s.branch == "verify_failure") found.known_by("Our side refused what came.");
    return found.not_because("tls-cipher-mismatch", "the outer TLS connection is fine").done();
}

bool cached_certificate_used(const case_view& view, const span& s) {
    const auto* cached = view.latest(s, "registration.cached_certificate");
    return cached && cached->branch == "yes";
}

// The KDC knows user and server, and gave a ticket; the server cannot read it. No password was judged here.
maybe ticket_not_taken(const case_view& view, const span& s) {
    const auto* scheme = view.latest(s, "registration.scheme");
    const bool refused = s.branch == "challenged_again" || s.number(ev::sip_status) == 401;
    const bool shown = s.is_at("registration.kerberos") || s.is_at("registration.signed_register");
    if (!shown || !refused || !scheme || scheme->branch != "kerberos") return {};
    if (find_number(server_numbers(s), {1013})) return explain_refusal(view, s);
    auto found = about_candidate(view, s, "reg-kerberos-spn");
    found.as(certainty::likely)
        .title(fmt::format("{} does not take the Kerberos ticket that was issued for it", host_of(candidate_of(s))))
        .known_by("The KDC issued a ticket for the server, and the server challenged again when it was shown.")
        .remedy(
            "AD admin, SfB admin",
            fmt::format(
                "The ticket is made for a key that the server does not have: its account's password was changed after "
                "the server learnt it, or the service principal name stands on another account. Compare with setspn -Q "
                "sip/{}; restart the server's services after a change of its key; on this PC discard old "
                "tickets (klist purge).",
                host_of(candidate_of(s))));
    return found.not_because("reg-wrong-password", "the KDC accepted the user before it gave out the ticket").done();
}

// The exchange was complete and the server challenges anew: what was shown is not accepted.
maybe challenged_again(const case_view& view, const span& s) {
    const bool exchange = s.is_at("registration.signed_register") ||
                          (s.is_at("registration.ntlm") && s.branch != "broken_off" && s.word(ev::step) != "challenge");
    if (!exchange || !(s.branch == "challenged_again" || s.number(ev::sip_status) == 401)) return {};
    const auto* scheme = view.latest(s, "registration.scheme");
    const auto numbers = server_numbers(s);
    const auto* final_number = find_number(numbers, {1000});
    const bool by_certificate = scheme && scheme->branch == "tls_dsk";
    if (find_number(numbers, {1013})) return explain_refusal(view, s);
    if (auto told = final_number ? explain_windows_code(view, s) : maybe{}) return told;
    finding_ref id = "reg-wrong-password";
    if (final_number && names_session_security(s)) id = "reg-ntlm-session-security";
    else if (by_certificate)
        id = final_number || cached_certificate_used(view, s) ? "reg-dsk-cert-revoked"_finding
                                                              : "reg-signature-mismatch"_finding;
    auto found = about_candidate(view, s, id);
    found.as(final_number ? certainty::certain : certainty::likely)
        .about(
            id == "reg-wrong-password" ? view.login
            : by_certificate           ? view.user
                                       : candidate_of(s));
    if (id == "reg-signature-mismatch")
        found.title(fmt::format("{} does not accept the signature of the REGISTER", candidate_of(s)));
    found.known_by(
        final_number ? "The exchange was complete; the server answered 1000, final handshake failed."
                     : "The exchange was complete; the server challenged again.");
    if (const auto beside = said_beside_number(s); !beside.empty()) found.known_by(beside);
    return found.not_because("reg-timeout", "the server answered").done();
}

// NTLM that ended before the password was due says nothing of the password.
maybe ntlm_broken_off(const case_view& view, const span& s) {
    const bool before = s.is_at("registration.ntlm") && (s.branch == "broken_off" || s.word(ev::step) == "challenge");
    const auto status = s.number(ev::sip_status);
    if (!before || silent(s) || (status && *status != 401 && *status != 407)) return {};
    auto found = about_candidate(view, s, "reg-no-common-scheme");
    found.title(fmt::format("{} offers NTLM but does not complete it", candidate_of(s)))
        .as(certainty::likely)
        .known_by(fmt::format("{}.", s.summary));
    return found.not_because("reg-wrong-password", "the password was never sent").done();
}

bool is_spared(const span& s) {
    return s.is_at("registration.ntlm") && s.branch == "refused" && !s.has(ev::sip_status) && !s.has(ev::sip_error);
}

maybe cause_of_first_refusal(const case_view& view) {
    for (const auto& s : view.trace.spans) {
        const bool used = s.is_at("registration.ntlm") || s.is_at("registration.signed_register") ||
                          s.is_at("registration.web_ticket");
        if (!used || is_spared(s) || !went_wrong(s) || s.word(ev::step) == "challenge") continue;
        if (!s.has(ev::sip_status) && !s.has(ev::sip_error) && !s.has(ev::http_status) && !s.has(ev::http_fault))
            continue;
        if (auto found = cause_of(view, s)) return found;
    }
    return {};
}

// The password was spared here, after it had gone out elsewhere in this run without being accepted: what happened there
// is the cause.
maybe spared(const case_view& view, const span& s) {
    if (!is_spared(s)) return {};
    auto found = view.once(cause_of_first_refusal);
    if (!found) return {};
    found->evidence.insert(found->evidence.begin(), s.span_id);
    found->stage = s.stage;
    return found;
}

// A router's SIP helper changes what it carries; the server then considers the request malformed.
maybe malformed_on_the_way(const case_view& view, const span& s) {
    return s.number(ev::sip_status) == 400 ? explain_altered_message(view, s) : maybe{};
}

maybe refusal(const case_view& view, const span& s) {
    return s.has(ev::sip_status) ? explain_refusal(view, s) : maybe{};
}

// No ticket for the server: what the KDC said, or that it said nothing.
maybe no_service_ticket(const case_view& view, const span& s) {
    const auto fault = s.word(ev::kerberos_fault);
    if (!s.is_at("registration.kerberos") || fault.empty()) return {};
    const auto said = fmt::format("{}.", s.summary);
    if (fault == "unknown_service") return about_candidate(view, s, "reg-kerberos-spn").known_by(said).done();
    if (fault == "clock_skew") return about_candidate(view, s, "reg-kerberos-skew").known_by(said).done();
    if (fault != "unreachable" && fault != "timed_out") return {};
    return about_candidate(view, s, "wt-smartcard-kdc-unreachable").about(view.domain).known_by(said).done();
}

constexpr auto registration_cause_table = std::to_array<span_rule>(
    {withheld, not_trusted, spared, no_service_ticket, ticket_not_taken, ntlm_broken_off, unreadable_answer,
     malformed_on_the_way, answers_discarded, no_sip_there, bad_server_signature, without_challenge, names_no_home,
     circles, inner_handshake, challenged_again, no_scheme, no_answer, refusal});

}  // namespace

maybe explain_altered_message(const case_view& view, const trace::span& s) {
    const auto echo = s.text(ev::sip_via_changed);
    if (echo.empty()) return {};
    auto found = about_candidate(view, s, "net-sip-alg");
    found.as(certainty::likely)
        .known_by(fmt::format("The Via header came back as '{}', which is not what was sent.", echo));
    return found.not_because("reg-400-malformed", "the message was changed after it left this PC").done();
}

std::span<const span_rule> registration_causes() { return registration_cause_table; }

}  // namespace ucsignin::diagnosis
