// Stage 3: what is wrong with a certificate. Serves SIP and web servers alike.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "diagnosis/dns_evidence.hpp"
#include "diagnosis/interception.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {

namespace {

using trace::span;

struct verify_error {
    std::int64_t code = 0, depth = 0;
    std::string text;
};

std::vector<verify_error> errors_of(const span& s) {
    std::vector<verify_error> all;
    for (const auto& e : s.together(ev::x509_error_code))
        all.push_back(
            {e.number(ev::x509_error_code).value_or(0), e.number(ev::x509_error_depth).value_or(0),
             e.text(ev::x509_error_text)});
    return all;
}

bool has(const std::vector<verify_error>& errors, std::initializer_list<int> codes) {
    return std::ranges::any_of(
        errors, [&](const verify_error& e) { return std::ranges::find(codes, e.code) != codes.end(); });
}

std::string host_shown(const span& s) {
    if (const auto candidate = candidate_of(s); !candidate.empty() && s.node.starts_with("connection."))
        return candidate;
    return host_of_url(url_of(s)) + ":" + port_of_url(url_of(s));
}

draft about_certificate(const case_view& view, const span& s, finding_ref id) {
    draft found(view, id);
    const auto shown = host_shown(s);
    found.seen(s).about(shown).with("host", host_of(shown)).with("port", port_of(shown));
    return found;
}

bool has_reason(const span& s, std::string_view branch, std::initializer_list<int> codes) {
    return s.branch == branch || (!s.is_at("connection.certificate") && has(errors_of(s), codes));
}

// -- causes, the most particular first --

// A proxy of the network or a program on this PC made the certificate.
maybe intercepted(const case_view& view, const span& s) {
    const auto by = interception_of(view, s);
    if (!by || !(s.branch == "untrusted_root" || s.branch == "self_signed" || s.branch == "missing_intermediate" ||
                 has(errors_of(s), {18, 19, 20, 21})))
        return {};
    auto found = about_certificate(view, s, *by.finding);
    found.as(by.look ? certainty::certain : certainty::likely).known_by(issued_by(s)).known_by(by.sign);
    if (by.look) found.seen(*by.look).not_because("tls-untrusted-root", "it is not the server's own certificate");
    return found.done();
}

maybe wildcard_host(const case_view& view, const span& s) {
    const auto* wildcard = view.trace.latest("discovery.wildcard");
    if (!wildcard || wildcard->branch != "yes" || view.origin_of(candidate_of(s)) != "a_fallback") return {};
    if (unrelated_names_resolve(view)) return {};  // dns-captive-hijack
    const auto names = s.texts(ev::x509_name);
    if (std::ranges::any_of(names, [&](const std::string& n) { return n == "sip." + view.domain; })) return {};
    auto found = about_certificate(view, s, "dns-wildcard-catch-all");
    found.seen(*wildcard).about("*." + view.domain).as(certainty::likely);
    found.title(fmt::format(
        "A wildcard in {} leads {} to a host that is not a Skype for Business server", view.domain,
        host_of(host_shown(s))));
    return found.known_by(issued_by(s))
        .not_because("tls-name-mismatch", "any made-up name leads to the same host")
        .done();
}

maybe no_root_at_all(const case_view& view, const span& s) {
    const auto* store = view.trace.latest("devices.trust_store");
    const bool empty = store && (store->branch == "empty" || store->branch == "unreadable" ||
                                 store->number(ev::trust_roots) == 0);
    if (!empty ||
        !(s.branch == "untrusted_root" || s.branch == "missing_intermediate" || has(errors_of(s), {19, 20, 21})))
        return {};
    auto found = about_certificate(view, s, "local-missing-root-ca");
    found.seen(*store).title("This PC trusts no root certificate at all, so it can trust no server");
    return found.known_by("The trust store holds no roots.")
        .not_because("tls-untrusted-root", "no root is trusted here, whoever issued it")
        .done();
}

// A wrong clock of a day more or less moves the verdict; days are counted by the server's own clock where it told.
std::int64_t days_expired_there(const case_view& view, const span& s) {
    const auto days = days_expired(s).value_or(0);
    return view.clocks.empty() ? days : days + view.clocks.front().skew_s / 86400;
}

maybe expired(const case_view& view, const span& s) {
    if (!has_reason(s, "expired", {10}) && s.branch != "intermediate_expired") return {};
    const auto errors = errors_of(s);
    const bool own = s.branch != "intermediate_expired" &&
                     (errors.empty() ||
                      std::ranges::any_of(errors, [](const verify_error& e) { return e.code == 10 && e.depth == 0; }) ||
                      s.branch == "expired");
    auto found = about_certificate(view, s, own ? "tls-expired"_finding : "tls-intermediate-expired"_finding);
    const auto until = s.text(ev::x509_not_after);
    const auto days = days_expired_there(view, s);
    if (own && !until.empty()) {
        found.title(
            days > 0 ? fmt::format(
                           "The certificate of {} expired on {}, {} day{} ago", host_shown(s), day_of(until), days,
                           days == 1 ? "" : "s")
                     : fmt::format("The certificate of {} expired on {}", host_shown(s), day_of(until)));
    } else if (!own) {
        found.title(fmt::format("An issuer in the certificate chain of {} has expired", host_shown(s)));
        found.not_because("tls-expired", "the server's own certificate is in date");
    }
    found.known_by(issued_by(s));
    // Without another's word on the time, it may be this PC's clock that is ahead; a year is no clock's error.
    constexpr std::int64_t beyond_clocks_days = 366;
    if (view.clocks.empty() && days < beyond_clocks_days) found.as(certainty::likely);
    if (!view.clocks.empty() && std::llabs(view.clocks.front().skew_s) <= harmful_skew_s)
        found.not_because(
            "local-clock-skew", fmt::format(
                                    "the dates in the answers of {} agree with this PC within {} s",
                                    view.clocks.front().host, std::llabs(view.clocks.front().skew_s)));
    return found.done();
}

maybe not_yet_valid(const case_view& view, const span& s) {
    if (!has_reason(s, "not_yet_valid", {9})) return {};
    auto found = about_certificate(view, s, "tls-not-yet-valid");
    const auto from = s.text(ev::x509_not_before);
    if (!from.empty())
        found.title(fmt::format("The certificate of {} is not valid before {}", host_shown(s), day_of(from)));
    if (view.clocks.empty()) found.as(certainty::likely);
    if (!view.clocks.empty() && std::llabs(view.clocks.front().skew_s) <= harmful_skew_s)
        found.not_because("local-clock-skew", fmt::format("{} agrees with this PC's clock", view.clocks.front().host));
    return found.known_by(issued_by(s)).done();
}

// A certificate that names nothing of the domain may as well be that of whoever else answers: a portal, a wrong record.
bool is_of_the_domain(const case_view& view, const span& s) {
    return std::ranges::any_of(
        s.texts(ev::x509_name), [&](const std::string& n) { return is_under(lower(n), view.domain); });
}

maybe self_signed(const case_view& view, const span& s) {
    if (!has_reason(s, "self_signed", {18})) return {};
    auto found = about_certificate(view, s, "tls-self-signed");
    if (!is_of_the_domain(view, s)) found.as(certainty::likely);
    return found.known_by(issued_by(s)).not_because("tls-untrusted-root", "it is its own issuer").done();
}

// The chain was completed by download and still ends at a root that this PC does not trust: the gap is not all.
maybe root_is_missing(const case_view& view, const span& s, const span& look) {
    const bool internal = view.inside() || (!view.outside() && port_of(host_shown(s)) == "5061");
    auto found = about_certificate(view, s, internal ? "local-missing-root-ca"_finding : "tls-untrusted-root"_finding);
    found.seen(look).as(certainty::likely).known_by(issued_by(s));
    found.known_by(
        "The intermediates were fetched from where they are published; the root above them is not trusted here.");
    return found
        .not_because("tls-missing-intermediate", "with all intermediates at hand the chain does not verify either")
        .done();
}

maybe missing_intermediate(const case_view& view, const span& s) {
    if (!has_reason(s, "missing_intermediate", {21})) return {};
    auto found = about_certificate(view, s, "tls-missing-intermediate");
    const auto sent = s.texts(ev::x509_chain_subject).size();
    found.known_by(issued_by(s));
    const auto* look = view.second_look("aia", host_shown(s));
    const auto fetched = look ? look->text(ev::probe_result) : std::string{};
    if (fetched == "untrusted") return root_is_missing(view, s, *look);
    if (look) found.seen(*look);
    if (fetched == "verifies")
        found.as(certainty::certain)
            .known_by("With the issuer's certificate fetched from where it is published, the chain verifies.");
    else found.as(certainty::likely);
    if (sent > 0)
        found.known_by(
            fmt::format("The server sent {} certificate{}, and not its issuer's.", sent, sent == 1 ? "" : "s"));
    return found.not_because("local-missing-root-ca", "the chain has a gap below its root").done();
}

// Servers that showed a certificate: SIP servers by host and port, web servers by host.
struct shown_by {
    two_of_many sip, web;
    [[nodiscard]] bool another_than(const std::string& server) const {
        return sip.other_than(server) || web.other_than(host_of(server));
    }
};

struct shown_certificates {
    shown_by trusted, untrusted;
};

shown_certificates certificates_of_all(const case_view& view) {
    shown_certificates all;
    for (const auto& s : view.trace.spans) {
        if (!ran(s)) continue;
        if (s.is_at("connection.certificate")) {
            if (s.branch == "trusted" || s.branch == "reservations") all.trusted.sip.add(host_shown(s), s);
            if (s.branch == "untrusted_root") all.untrusted.sip.add(host_shown(s), s);
        } else if (const auto url = text_of(s, ev::http_url); url.starts_with("https://")) {
            if (s.has(ev::http_status)) all.trusted.web.add(host_of_url(url), s);
            if (has(errors_of(s), {19, 20, 21})) all.untrusted.web.add(host_of_url(url), s);
        }
    }
    return all;
}

// The same evidence from two causes. What tells them apart: whether this PC trusts the other servers of the deployment,
// and whether the server is one for outsiders.
maybe untrusted_root(const case_view& view, const span& s) {
    if (!has_reason(s, "untrusted_root", {19, 20, 27, 28})) return {};
    // Whether another server of this run showed a certificate that this PC trusts (or failed to).
    const auto& all = view.once(certificates_of_all);
    const bool trusted = all.trusted.another_than(host_shown(s)), untrusted = all.untrusted.another_than(host_shown(s));
    const auto* store = view.trace.latest("devices.trust_store");
    const bool given_roots = store && store->has(ev::trust_file);
    const bool internal = view.inside() || (!view.outside() && port_of(host_shown(s)) == "5061");
    const bool ours = !trusted && (untrusted || (internal && !given_roots));
    auto found = about_certificate(view, s, ours ? "local-missing-root-ca"_finding : "tls-untrusted-root"_finding);
    found.as(certainty::likely).known_by(issued_by(s));
    if (trusted) found.not_because("local-missing-root-ca", "this PC trusts the other servers of the deployment");
    else if (ours && untrusted)
        found.not_because("tls-untrusted-root", "this PC distrusts every server of the deployment alike");
    return found.not_because("tls-missing-intermediate", "the chain that was sent is complete up to its root").done();
}

maybe name_mismatch(const case_view& view, const span& s) {
    const bool told = s.has(ev::x509_name_matches) && !s.is(ev::x509_name_matches);
    if (!has_reason(s, "name_mismatch", {62}) && !(told && !s.is_at("connection.certificate"))) return {};
    const auto names = s.texts(ev::x509_name);
    const auto host = host_of(host_shown(s));
    // sip.<another domain>: neither this one, written with a final dot, nor a pattern.
    const bool has_sip = std::ranges::any_of(names, [&](const std::string& n) {
        return n.starts_with("sip.") && n != host + "." && n.find('*') == std::string::npos;
    });
    finding_ref id = "tls-name-mismatch";
    if (names.empty() && holds(s.text(ev::x509_subject), "CN=" + host)) id = "tls-cn-only-no-san";
    else if (host == "sip." + view.domain && has_sip) id = "tls-missing-sip-domain-san";
    auto found = about_certificate(view, s, id);
    if (!is_of_the_domain(view, s)) found.as(certainty::likely);
    const auto covered = names.empty() ? s.text(ev::x509_subject) : fmt::format("{}", fmt::join(names, ", "));
    if (id == "tls-name-mismatch" && !covered.empty())
        found.title(fmt::format("The certificate of {} is issued for {}", host_shown(s), covered));
    if (!covered.empty()) found.known_by(fmt::format("Asked for {}; the certificate covers {}.", host, covered));
    return found
        .not_because("dns-srv-target-outside-domain", "the certificate does not match the name that was asked for")
        .done();
}

maybe usage(const case_view& view, const span& s) {
    if (!has_reason(s, "wrong_usage", {26})) return {};
    return about_certificate(view, s, "tls-wrong-eku").known_by(issued_by(s)).done();
}

maybe revoked(const case_view& view, const span& s) {
    if (!has_reason(s, "revoked", {23})) return {};
    return about_certificate(view, s, "tls-revoked")
        .known_by(issued_by(s))
        .not_because("tls-crl-unreachable", "the list was read and names it")
        .done();
}

std::string key_of(const span& s) {
    const auto type = s.text(ev::x509_key_type);
    return type.empty() ? type : fmt::format("{} {}", type, s.number(ev::x509_key_bits).value_or(0));
}

maybe weak(const case_view& view, const span& s) {
    if (!has_reason(s, "weak", {66, 67, 68})) return {};
    const auto errors = errors_of(s);
    const auto key = key_of(s), signature = s.text(ev::x509_signature);
    const bool by_signature = has(errors, {68}) ||
                              (!has(errors, {66, 67}) && (holds(signature, "sha1") || holds(signature, "md5")));
    auto found = about_certificate(view, s, by_signature ? "tls-weak-signature"_finding : "tls-weak-key"_finding);
    if (by_signature && !signature.empty()) found.known_by(fmt::format("It is signed with {}.", signature));
    if (!by_signature && !key.empty()) found.known_by(fmt::format("Its key is {}.", key));
    return found.known_by(issued_by(s)).done();
}

maybe revocation_list(const case_view& view, const span& s) {
    if (!has(errors_of(s), {3, 11, 12})) return {};
    return about_certificate(view, s, "tls-crl-unreachable")
        .known_by(issued_by(s))
        .not_because("tls-revoked", "no list said so")
        .done();
}

maybe any_other(const case_view& view, const span& s) {
    const auto errors = errors_of(s);
    if (s.branch != "other" && errors.empty()) return {};
    if (has(errors, {34})) return {};  // an extension that nobody here knows and that must be known: no matter of roots
    auto found = about_certificate(view, s, "tls-untrusted-root");
    found.as(certainty::possible);
    if (!errors.empty())
        found.title(fmt::format("The certificate of {} is refused: {}", host_shown(s), errors.front().text));
    return found.known_by(issued_by(s)).done();
}

constexpr auto certificate_cause_table = std::to_array<span_rule>(
    {explain_captive_portal, intercepted, wildcard_host, no_root_at_all, expired, not_yet_valid, self_signed,
     missing_intermediate, untrusted_root, name_mismatch, usage, revoked, weak, revocation_list});

}  // namespace

std::string issued_by(const span& s) {
    const auto subject = s.text(ev::x509_subject), issuer = s.text(ev::x509_issuer);
    if (subject.empty()) return {};
    return issuer.empty() ? fmt::format("The certificate is {}.", subject)
                          : fmt::format("The certificate is {}, issued by {}.", subject, issuer);
}

maybe explain_certificate(const case_view& view, const trace::span& s) {
    for (const auto rule : certificate_cause_table)
        if (auto found = rule(view, s)) return found;
    return any_other(view, s);
}

// What else is wrong with it, each sufficient on its own: as if the first fault had been mended.
std::vector<finding> further_certificate_causes(const case_view& view, const trace::span& s, const finding& first) {
    constexpr finding_ref server_s_own[] = {
        "tls-expired",        "tls-not-yet-valid",     "tls-self-signed",   "tls-missing-intermediate",
        "tls-untrusted-root", "local-missing-root-ca", "tls-name-mismatch", "tls-wrong-eku"};
    if (std::ranges::none_of(server_s_own, [&](finding_ref id) { return is(first, id); })) return {};
    std::vector<finding> all;
    const auto errors = errors_of(s);
    const auto add = [&](bool told, std::string_view branch, span_rule rule) {
        if (!told || s.branch == branch) return;
        auto as_if = s;
        as_if.branch = branch;
        if (auto found = rule(view, as_if); found && found->id != first.id) all.push_back(std::move(*found));
    };
    const auto own = [&](std::int64_t code) {
        return std::ranges::any_of(errors, [&](const verify_error& e) { return e.code == code && e.depth == 0; });
    };
    add(own(10), "expired", expired);
    add(own(9), "not_yet_valid", not_yet_valid);
    // A placeholder certificate has a placeholder's name.
    const bool other_name = s.has(ev::x509_name_matches) && !s.is(ev::x509_name_matches);
    add(other_name && !is(first, "tls-self-signed"), "name_mismatch", name_mismatch);
    add(own(26), "wrong_usage", usage);
    return all;
}

namespace {

// A home server whose certificate fails is still the redirect's target, but the certificate is what needs repair.
constexpr auto certificate_table = std::to_array<span_rule>({explain_certificate});

maybe revoked_by_its_issuer(const case_view& view, const trace::span& s) {
    if (s.branch != "revoked") return {};
    auto found = about_certificate(view, s, "tls-revoked");
    found.seen(s).about(candidate_of(s)).known_by(fmt::format("{}.", s.summary));
    return found.not_because("tls-crl-unreachable", "the answer came, and the issuer signed it").done();
}

constexpr auto revocation_table = std::to_array<span_rule>({revoked_by_its_issuer});

}  // namespace

std::span<const span_rule> revocation_causes() { return revocation_table; }
std::span<const span_rule> certificate_causes() { return certificate_table; }

}  // namespace ucsignin::diagnosis
