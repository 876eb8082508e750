// Stage 3: why the TLS handshake did not complete, and what answers behind it.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "diagnosis/interception.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

std::string alert_words(const span& s) {
    const auto text = s.text(ev::tls_alert_text);
    const auto number = code_of(s, ev::tls_alert);
    if (!number) return text;
    return text.empty() ? fmt::format("alert {}", *number) : fmt::format("alert {} ({})", *number, text);
}

maybe redirected_in_tls(const case_view& view, const span& s) {
    if (!view.from_redirect(candidate_of(s))) return {};
    auto found = about_candidate(view, s, "reg-301-target-unreachable");
    found.title(fmt::format("The registrar sends {} to {}, where TLS fails", view.user, candidate_of(s)));
    return found.as(certainty::likely).known_by(fmt::format("The TLS handshake ended in: {}.", s.branch)).done();
}

constexpr trace::look_ref varied[] = {"no_sni", "neutral_sni", "tls_1_2", "tls_1_1", "small_segments"};
constexpr auto passed =
    "A moment later the same handshake succeeded: what kept it from that was passing, or not all "
    "servers behind this address are alike.";

// The look at the handshake as it was, beside one that was varied, that came up.
const span* comes_up_now(const case_view& view, const span& s) {
    for (const auto probe : varied)
        if (const auto* look = view.second_look(probe, candidate_of(s)))
            for (const auto& one : look->together(ev::tls_tried))
                if (one.text(ev::tls_tried_result) == "agreed") return look;
    return nullptr;
}

// A look of the second round that came further than the sign-in did, and for what it changed.
bool survives(const case_view& view, const span& s, trace::look_ref probe) {
    return view.result_of(probe, candidate_of(s)) == "agreed" && !comes_up_now(view, s);
}

draft& add_looks(draft& found, const case_view& view, const span& s, std::initializer_list<trace::look_ref> probes) {
    for (const auto probe : probes)
        if (const auto* look = view.second_look(probe, candidate_of(s))) found.seen(*look);
    return found;
}

// Nothing of TLS came from the other side.
bool nothing_came(const span& s) {
    return s.number(ev::tls_bytes_in).value_or(0) == 0 && !s.has(ev::tls_version) &&
           s.text(ev::tls_first_bytes).empty();
}

constexpr std::int64_t full_issuer_list = 15500;  // SCHANNEL cuts its list off at 16384 bytes, between two names

maybe client_certificate(const case_view& view, const span& s) {
    if (s.branch != "client_certificate") return {};
    const auto alert = code_of(s, ev::tls_alert);
    const auto bytes = s.number(ev::tls_ca_bytes).value_or(0);
    const bool full = bytes >= full_issuer_list;
    auto found = about_candidate(
        view, s, full ? "tls-issuer-list-truncated"_finding : "tls-client-cert-demanded"_finding);
    if (alert)
        found.known_by(
            fmt::format("It asked for a client certificate and, since none was shown, ended with {}.", alert_words(s)));
    if (full) {
        found.as(certainty::likely)
            .known_by(fmt::format(
                "It named {} issuers in {} bytes, which is as much as Windows sends.",
                s.number(ev::tls_ca_names).value_or(0), bytes));
        return found.not_because("tls-client-cert-demanded", "its list of issuers has reached the limit").done();
    }
    return found.not_because("tls-cipher-mismatch", "version and cipher had been agreed").done();
}

maybe version(const case_view& view, const span& s) {
    const auto alert = code_of(s, ev::tls_alert);
    if (s.branch != "version" && alert != 70 && alert != 86) return {};
    auto found = about_candidate(view, s, "tls-protocol-version");
    if (alert) found.known_by(fmt::format("It answered the ClientHello with {}.", alert_words(s)));
    if (const auto* scan = view.second_look("tls_scan", candidate_of(s))) {
        std::vector<std::string> results;
        for (const auto& one : scan->together(ev::tls_tried))
            results.push_back(one.text(ev::tls_tried) + " " + one.text(ev::tls_tried_result));
        found.seen(*scan).known_by(fmt::format("Tried one by one: {}.", fmt::join(results, ", ")));
    }
    offered_modern_versions(found, view);
    return found.done();
}

maybe server_name(const case_view& view, const span& s) {
    const auto alert = code_of(s, ev::tls_alert);
    const bool by_name = (alert == 40 || alert == 80) &&
                         (survives(view, s, "no_sni") || survives(view, s, "neutral_sni"));
    if (alert != 112 && !by_name) return {};
    auto found = about_candidate(view, s, "tls-sni-required");
    add_looks(found, view, s, {"no_sni", "neutral_sni"});
    found.known_by(fmt::format("It answered the name {} with {}.", host_of(candidate_of(s)), alert_words(s)));
    if (by_name)
        found.known_by("With another name, or none, the handshake succeeds.")
            .not_because("tls-cipher-mismatch", "changing only the name makes it succeed");
    return found.done();
}

// The handshake was ended on this side: what the server offers is below what is safe.
maybe too_weak(const case_view& view, const span& s) {
    const auto word = s.word(ev::tls_fault);
    if (word != "weak_key" && word != "weak_signature") return {};
    auto found = about_candidate(view, s, word == "weak_key" ? "tls-weak-key"_finding : "tls-weak-signature"_finding);
    found.known_by(
        word == "weak_key" ? "Its key or its Diffie-Hellman group is too short, so this side ended the handshake."
                           : "It signs the handshake with an algorithm that is no longer safe.");
    return found.not_because("tls-cipher-mismatch", "version and cipher had been agreed").done();
}

bool signed_unusually(const span& look) {
    return std::ranges::any_of(look.texts(ev::x509_signature), [](const std::string& name) {
        return holds(name, "pss") || holds(name, "md5") || holds(name, "sha512");
    });
}

// What was refused with TLS 1.2 comes up with 1.1, where signatures are not negotiated: the certificate's signature is
// of a kind that cannot be agreed on. With an ordinary certificate the server is too old instead.
maybe comes_up_with_1_1(const case_view& view, const span& s) {
    const auto alert = code_of(s, ev::tls_alert);
    const auto* look = view.second_look("tls_1_1", candidate_of(s));
    const bool refused = alert == 40 || s.branch == "cipher" || (s.branch == "reset" && nothing_came(s));
    if (!refused || !look || !survives(view, s, "tls_1_1") || survives(view, s, "tls_1_2")) return {};
    // That look goes by rules of its own: what a policy of this PC rules out beside versions it allows as well.
    const auto* store = view.trace.latest("devices.trust_store");
    if (store && store->text(ev::tls_local_lowest) == "TLSv1.3") return {};
    const bool alternate = alert == 40 && signed_unusually(*look);
    auto found = about_candidate(
        view, s, alternate ? "tls-ca-alternate-signature"_finding : "tls-protocol-version"_finding);
    found.seen(*look).known_by(
        fmt::format("With TLS 1.1 at most the handshake succeeds ({}).", look->text(ev::tls_version)));
    if (alternate) found.known_by(fmt::format("Its certificate is signed with {}.", look->text(ev::x509_signature)));
    if (!alternate) {
        offered_modern_versions(found, view);
        found.not_because("net-rst-after-clienthello", "an older version succeeds");
    }
    return found.not_because("tls-cipher-mismatch", "with an older version they agree").done();
}

maybe cipher(const case_view& view, const span& s) {
    const auto alert = code_of(s, ev::tls_alert);
    if (s.branch != "cipher" && alert != 40 && alert != 71) return {};
    if (comes_up_now(view, s)) return {};  // there are suites in common
    auto found = about_candidate(view, s, "tls-cipher-mismatch");
    found.as(s.branch == "cipher" || alert == 71 ? certainty::certain : certainty::likely);
    if (alert) found.known_by(fmt::format("It answered the ClientHello with {}.", alert_words(s)));
    if (view.second_look("tls_1_1", candidate_of(s)))
        found.not_because("tls-ca-alternate-signature", "with TLS 1.1 at most it fares no better");
    return found.not_because("tls-protocol-version", "no alert about the version came").done();
}

maybe not_tls(const case_view& view, const span& s) {
    if (s.branch != "not_tls") return {};
    const auto bytes = s.text(ev::tls_first_bytes);
    const auto other = view.other_port_with_tls(candidate_of(s)), port = port_of(candidate_of(s));
    const bool from_srv = view.origin_of(candidate_of(s)) == "srv";
    const bool unusual = from_srv && port != "443" && port != "5061";
    const bool srv_misleads = from_srv && (unusual || !other.empty());
    auto found = about_candidate(view, s, srv_misleads ? "dns-srv-wrong-port"_finding : "tls-not-tls"_finding);
    if (srv_misleads) found.as(other.empty() ? certainty::likely : certainty::certain);
    if (!bytes.empty()) found.known_by(fmt::format("It began with '{}'.", bytes));
    return found.not_because("tls-protocol-version", "what came is not a TLS record").done();
}

// The server hangs up on whoever connects: TCP's span says so, this one only shows how.
maybe hangs_up_on_all(const case_view& view, const span& s) {
    const auto* tcp = view.latest(s, "connection.tcp");
    if (s.branch != "reset" || !tcp || tcp->branch != "reset") return {};
    auto found = about_candidate(view, s, "net-lb-no-member");
    if (const auto* now = comes_up_now(view, s)) found.seen(*now).as(certainty::possible).known_by(passed);
    return found.seen(*tcp).not_because("net-rst-after-clienthello", "a silent connection was closed as well").done();
}

// Another name or a smaller offer gets through: something on the way reads the ClientHello.
maybe filtered_by_content(const case_view& view, const span& s) {
    if ((s.branch != "reset" && s.branch != "silent") || !nothing_came(s)) return {};
    const bool name = survives(view, s, "neutral_sni") || survives(view, s, "no_sni"),
               offer = survives(view, s, "tls_1_2");
    if (!name && !offer) return {};
    auto found = about_candidate(view, s, "net-rst-after-clienthello");
    add_looks(found, view, s, {"neutral_sni", "no_sni", "tls_1_2"});
    found.title(fmt::format("Something on the way to {} does not let this TLS message pass", candidate_of(s)));
    found.known_by(
        name ? fmt::format(
                   "With a server name other than {} the handshake succeeds: a filter inspects the name.",
                   host_of(candidate_of(s)))
             : "With TLS 1.2 at most the handshake succeeds: it is the newer offer that is not let through.");
    return found.not_because("net-lb-no-member", "it depends on what the ClientHello holds")
        .not_because("tls-handshake-timeout", "the server does answer")
        .done();
}

maybe cut_off(const case_view& view, const span& s) {
    if (s.branch != "reset") return {};
    if (s.word(ev::tls_fault) == "protocol") return {};  // ended on this side: no rule knows why
    if (!nothing_came(s))
        return about_candidate(view, s, "net-rst-mid-handshake")
            .not_because("net-rst-after-clienthello", "the server had begun to answer")
            .done();
    const bool orderly = s.word(ev::tls_fault) == "closed";
    auto found = about_candidate(view, s, orderly ? "net-lb-no-member"_finding : "net-rst-after-clienthello"_finding);
    add_looks(found, view, s, {"neutral_sni", "no_sni", "tls_1_2", "tls_1_1"});
    found.known_by(
        orderly ? "The connection was closed normally, without a single byte of TLS."
                : "A reset came, without a single byte of TLS.");
    if (comes_up_now(view, s)) return found.as(certainty::possible).known_by(passed).done();
    if (view.second_look("tls_1_2", candidate_of(s)))
        found.known_by("No other name and no older version fares better: it is the server that hangs up.");
    return found.as(certainty::likely).not_because("tls-protocol-version", "no alert came").done();
}

// Told by the kernel: what of ours arrived there, and what of theirs arrived here.
maybe large_packets_vanish(const case_view& view, const span& s) {
    if (s.branch != "silent") return {};
    const auto small = view.result_of("small_segments", candidate_of(s));
    const bool later_ones_came = s.number(ev::tcp_out_of_order).value_or(0) > 0;
    const bool began = !nothing_came(s);
    if (small == "both_agreed" || (!small.empty() && small != "agreed" && !later_ones_came)) return {};
    if (small != "agreed" && !later_ones_came && !began) return {};
    auto found = about_candidate(view, s, "net-mtu-blackhole");
    found.as(small == "agreed" ? certainty::certain : certainty::likely);
    if (small == "agreed")
        found.known_by("In segments of 536 bytes the handshake succeeds, in the usual ones it does not.")
            .not_because("net-loss", "the size decides");
    else if (later_ones_came)
        found.known_by("Later, smaller segments of the answer arrived; the large ones before them never did.");
    else found.known_by("The answer began, and its large part never came.");
    add_looks(found, view, s, {"small_segments"});
    return found.not_because("tls-handshake-timeout", "the server does answer")
        .not_because("net-tcp-filtered", "TCP came up")
        .done();
}

// TCP came up, and what was sent after it was never acknowledged: a server that is merely silent acknowledges.
maybe one_way_only(const case_view& view, const span& s) {
    if (s.branch != "silent" || !nothing_came(s) || s.number(ev::tcp_unacked).value_or(0) == 0) return {};
    const auto* look = view.second_look("other_source", candidate_of(s));
    const bool other_works = survives(view, s, "other_source");
    if (!other_works && s.number(ev::tcp_retransmits).value_or(0) == 0) return {};
    auto found = about_candidate(view, s, "net-asymmetric-stateful");
    found.as(other_works ? certainty::certain : certainty::likely);
    found.known_by(
        "The connection was established, but the ClientHello was never acknowledged, although it was sent several "
        "times.");
    if (other_works) found.seen(*look).known_by("From another address of this PC the handshake succeeds.");
    return found.not_because("tls-handshake-timeout", "a server that hangs still acknowledges what it is sent").done();
}

maybe silent(const case_view& view, const span& s) {
    if (s.branch != "silent") return {};
    auto found = about_candidate(view, s, "tls-handshake-timeout");
    found.as(certainty::likely).known_by("TCP came up; the ClientHello got no answer before the deadline.");
    add_looks(found, view, s, {"small_segments", "no_sni", "tls_1_2"});
    if (view.result_of("small_segments", candidate_of(s)) == "silent")
        found.as(certainty::certain).not_because("net-mtu-blackhole", "in small segments no answer came either");
    if (comes_up_now(view, s) || view.result_of("small_segments", candidate_of(s)) == "both_agreed")
        found.as(certainty::possible).known_by("A moment later it answered: it was busy, or packets were lost.");
    return found.not_because("net-tcp-filtered", "TCP came up").done();
}

constexpr auto tls_cause_table = std::to_array<span_rule>(
    {redirected_in_tls, explain_filtered_name, explain_captive_portal, client_certificate, explain_local_tls, version,
     server_name, too_weak, comes_up_with_1_1, cipher, not_tls, hangs_up_on_all, filtered_by_content, cut_off,
     large_packets_vanish, one_way_only, silent});

// -- connection.service --

const span* certificate_of(const case_view& view, const span& s) { return view.latest(s, "connection.certificate"); }

interception made_on_the_way(const case_view& view, const span* certificate) {
    return certificate ? interception_of(view, *certificate) : interception{};
}

finding_ref breaks_sip(const interception& by) {
    return by.finding == "local-av-tls-scan"_finding ? *by.finding : "net-tls-inspection-breaks-sip"_finding;
}

maybe web_server(const case_view& view, const span& s) {
    if (s.branch != "http") return {};
    const auto* certificate = certificate_of(view, s);
    const auto by = made_on_the_way(view, certificate);
    auto found = about_candidate(view, s, by ? breaks_sip(by) : "tls-http-on-sip-port"_finding);
    found.known_by("The SIP message was answered in HTTP.");
    if (by)
        found.known_by(fmt::format("Its certificate was issued by {}.", certificate->text(ev::x509_issuer)))
            .known_by(by.sign);
    else
        found.not_because(
            "net-tls-inspection-breaks-sip", "nothing shows that the certificate is an inspecting proxy's");
    if (by.look) found.seen(*by.look);
    return found.done();
}

maybe other_sip(const case_view& view, const span& s) {
    if (s.branch != "other_sip") return {};
    const auto server = s.text(ev::sip_server);
    const auto schemes = s.texts(ev::auth_scheme_offered);
    const auto status = s.number(ev::sip_status).value_or(0);
    auto found = about_candidate(
        view, s, schemes.empty() && status == 200 ? "reg-unchallenged"_finding : "reg-no-common-scheme"_finding);
    const auto kind = server.empty() ? std::string("a SIP server of another kind") : fmt::format("'{}'", server);
    found.title(
        schemes.empty()
            ? fmt::format(
                  "{} is {}, not Skype for Business: it answers REGISTER with {}", candidate_of(s), kind, status)
            : fmt::format(
                  "{} is {}, not Skype for Business: it offers only {}", candidate_of(s), kind,
                  fmt::join(schemes, ", ")));
    found.known_by("Skype for Business offers TLS-DSK, NTLM or Kerberos.")
        .not_because("tls-http-on-sip-port", "it answers in SIP");
    found.remedy(
        "DNS admin, SfB admin",
        fmt::format(
            "Find out what runs at {} and point the records of {} at the pool or the Access Edge.", candidate_of(s),
            view.domain));
    return found.done();
}

maybe no_sip(const case_view& view, const span& s) {
    if (s.branch != "something_else" && s.branch != "silent") return {};
    const auto error = s.word(ev::sip_error);
    const bool hung_up = error == "closed" || error == "reset";
    const bool mixed_up = names_other_edge_service(certificate_of(view, s));
    if (const auto by = made_on_the_way(view, certificate_of(view, s))) {
        auto found = about_candidate(view, s, breaks_sip(by));
        found.as(certainty::likely)
            .known_by(hung_up ? "It hung up when SIP came." : "SIP got no answer in SIP.")
            .known_by(by.sign);
        return found.not_because("tls-wrong-edge-service", "the certificate is not the server's own").done();
    }
    if (s.branch == "silent" && !hung_up && !mixed_up) {
        auto found = about_candidate(view, s, "reg-timeout");
        return found.as(certainty::likely)
            .known_by("The REGISTER was sent over a sound TLS connection; no answer came before the deadline.")
            .done();
    }
    auto found = about_candidate(view, s, "tls-wrong-edge-service");
    found.as(mixed_up ? certainty::certain : certainty::likely);
    if (hung_up) found.known_by("It hung up when SIP came.");
    if (mixed_up)
        found.known_by(
            fmt::format("Its certificate names {}.", fmt::join(certificate_of(view, s)->texts(ev::x509_name), ", ")));
    return found.not_because("tls-http-on-sip-port", "it did not answer in HTTP").done();
}

constexpr auto service_rules = std::to_array<span_rule>({web_server, other_sip, no_sip});

}  // namespace

bool names_other_edge_service(const span* certificate) {
    const auto first = certificate ? certificate->text(ev::x509_name) : std::string{};
    return std::ranges::any_of(
        std::to_array<std::string_view>({"webconf", "wc.", "av.", "avedge"}),
        [&](std::string_view of) { return first.starts_with(of); });
}

std::span<const span_rule> tls_causes() { return tls_cause_table; }
std::span<const span_rule> service_causes() { return service_rules; }

}  // namespace ucsignin::diagnosis
