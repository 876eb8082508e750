// Turns OpenSSL's verification errors into branches of the chart. Of several, the one that an administrator has to mend
// first counts: trust and dates before usage and name.
#include "signin/connection/certificate.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "signin/base/notes.hpp"
#include "trace/dates.hpp"

namespace ucsignin::signin::connection {
namespace {

namespace chain = net::chain;

const net::verify_error* find(const net::tls_facts& facts, std::initializer_list<int> codes) {
    const auto at = std::ranges::find_if(
        facts.errors, [&](const auto& e) { return std::ranges::find(codes, e.code) != codes.end(); });
    return at == facts.errors.end() ? nullptr : &*at;
}

std::string names_of(const net::certificate_facts& leaf) {
    if (leaf.dns_names.empty()) return leaf.common_name.empty() ? "no name at all" : "CN " + leaf.common_name;
    std::string list;
    for (std::size_t i = 0; i < leaf.dns_names.size() && i < 4; ++i) list += (i ? ", " : "") + leaf.dns_names[i];
    return list + (leaf.dns_names.size() > 4 ? ", ..." : "");
}

// The chain does not end at a root that is trusted here: whose doing is it?
certificate_verdict judge_trust(const net::tls_facts& facts, const net::certificate_facts& leaf) {
    if (find(facts, {chain::self_signed_leaf}) || leaf.self_signed)
        return {"self_signed", false, "the certificate of " + facts.server_name + " is self-signed"};
    const auto& top = facts.chain.back();
    // A server sends all but the root. A chain that stops short of a self-signed root, at a certificate that says where
    // its issuer's certificate lies, lacks an intermediate; else the root is one that is not trusted here.
    const bool short_chain = !top.self_signed && !top.ca_issuers.empty();
    if (short_chain && find(facts, {chain::no_local_issuer, chain::no_issuer, chain::unverified_leaf}))
        return {"missing_intermediate", false, "the server leaves out the certificate of its issuer, " + top.issuer};
    return {
        "untrusted_root", false,
        "issued under " + (top.self_signed ? top.subject : top.issuer) + ", which is not trusted here"};
}

certificate_verdict judge_dates(const net::tls_facts& facts, const net::verify_error& e, std::int64_t now) {
    const auto depth = std::min(static_cast<std::size_t>(std::max(0, e.depth)), facts.chain.size() - 1);
    const auto& which = facts.chain[depth];
    const auto named = depth == 0 ? "the certificate of " + facts.server_name
                                  : "the issuer's certificate " + which.subject;
    const auto days = (now - which.not_after) / 86400;
    if (e.code == chain::expired)
        return {
            {depth == 0, "expired", "intermediate_expired"},
            false,
            fmt::format(
                "{} expired on {}, {} day{} ago", named, trace::iso_time(which.not_after).substr(0, 10), days,
                days == 1 ? "" : "s")};
    return {"not_yet_valid", false, fmt::format("{} is not valid before {}", named, trace::iso_time(which.not_before))};
}

}  // namespace

certificate_verdict judge_certificate(const net::tls_facts& facts, std::int64_t now) {
    if (facts.chain.empty()) return {"other", false, "the server sent no certificate"};
    const auto& leaf = facts.chain.front();
    if (const auto* e = find(facts, {chain::revoked})) return {"revoked", false, e->what};
    if (find(
            facts, {chain::self_signed_leaf, chain::self_signed_in_chain, chain::no_local_issuer, chain::no_issuer,
                    chain::unverified_leaf, chain::untrusted}))
        return judge_trust(facts, leaf);
    if (const auto* e = find(facts, {chain::expired, chain::not_yet_valid})) return judge_dates(facts, *e, now);
    if (find(facts, {chain::wrong_purpose}))
        return {"wrong_usage", false, "the certificate is not meant for TLS servers"};
    if (const auto* e = find(facts, {chain::leaf_key_too_small, chain::ca_key_too_small, chain::ca_digest_too_weak}))
        return {"weak", false, e->what};
    if (!facts.errors.empty()) return {"other", false, facts.errors.front().what};
    if (!facts.name_matches)
        return {"name_mismatch", false, fmt::format("issued for {}, not for {}", names_of(leaf), facts.server_name)};
    if (leaf.dns_names.empty())
        return {"reservations", true, "trusted, but it has no subject alternative name: newer programs refuse it"};
    return {
        "trusted", true,
        fmt::format(
            "{}, issued by {}, until {}", names_of(leaf), leaf.issuer, trace::iso_time(leaf.not_after).substr(0, 10))};
}

}  // namespace ucsignin::signin::connection
