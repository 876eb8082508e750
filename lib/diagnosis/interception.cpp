// A product on this PC is known by its issuer's name; a device of the network, from proof to hint, by a certificate
// made on demand, by the same issuer at an unrelated host, or by its issuer's name.
#include "diagnosis/interception.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <span>
#include <utility>

#include "diagnosis/names.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

// As they call themselves in the certificates that they make.
constexpr std::string_view on_this_pc[] = {"kaspersky",   "eset ssl",  "avast",         "avg web",
                                           "bitdefender", "norton",    "dr.web",        "sophos endpoint",
                                           "adguard",     "fiddler",   "charles proxy", "f-secure",
                                           "g data",      "bullguard", "panda security"};
constexpr std::string_view in_the_network[] = {
    "zscaler",
    "blue coat",
    "bluecoat",
    "fortinet",
    "fortigate",
    "palo alto",
    "netskope",
    "forcepoint",
    "websense",
    "umbrella",
    "mcafee web gateway",
    "skyhigh",
    "squid",
    "mitmproxy",
    "checkpoint",
    "check point",
    "sophos",
    "barracuda",
    "watchguard",
    "sonicwall",
    "smoothwall",
    "untangle",
    "iboss",
    "cato networks",
    "trend micro",
    "symantec web",
    "cloudflare gateway",
    "lightspeed",
    "contentkeeper",
    "clearswift",
    "inspection",
    "intercept",
    "decrypt",
    "web proxy",
    "proxy ca",
    "proxy root",
    "webfilter",
    "web filter",
    "web gateway",
    "ssl bump",
    "mitm"};

bool holds_one_of(std::string_view text, std::span<const std::string_view> makers) {
    return std::ranges::any_of(makers, [&](std::string_view maker) { return holds(text, maker); });
}

// Asked for a name that nobody serves, it shows a certificate that is made out to that name.
bool made_on_demand(const span& look) {
    const auto names = look.texts(ev::x509_name);
    return std::ranges::any_of(names, [](const std::string& n) { return lower(n) == "www.example.com"; });
}

using looks_by_issuer = std::map<std::pair<std::string_view, std::string_view>, const span*>;  // probe and issuer

looks_by_issuer looks_at_certificates(const case_view& view) {
    looks_by_issuer all;
    for (const auto* s : view.trace.at("connection.cross_check"))
        all.try_emplace({text_of(*s, ev::probe_kind), text_of(*s, ev::x509_issuer)}, s);
    return all;
}

// Of whichever server: one issuer of made-up certificates explains all of its certificates.
const span* look_of_same_issuer(const case_view& view, trace::look_ref probe, const std::string& issuer) {
    const auto& all = view.once(looks_at_certificates);
    const auto at = all.find({probe.word(), issuer});
    return at == all.end() ? nullptr : at->second;
}

}  // namespace

interception interception_of(const case_view& view, const span& certificate) {
    const auto issuer = certificate.text(ev::x509_issuer);
    if (issuer.empty()) return {};
    if (holds_one_of(issuer, on_this_pc))
        return {"local-av-tls-scan"_finding, fmt::format("Its issuer, {}, belongs to a security product.", issuer)};
    if (const auto* look = look_of_same_issuer(view, "neutral_sni", issuer); look && made_on_demand(*look))
        return {
            "net-tls-inspection"_finding,
            fmt::format(
                "Asked for www.example.com, {} presents a certificate for that name, by the same issuer: whatever "
                "answers makes certificates on demand.",
                look->text(ev::probe_of)),
            look};
    // A trusted one may be a public CA that both buy from.
    if (const auto* look = look_of_same_issuer(view, "unrelated_host", issuer);
        look && look->text(ev::probe_result) == "untrusted")
        return {
            "net-tls-inspection"_finding,
            fmt::format(
                "A host that has nothing to do with the pool presents a certificate from the same issuer, {}.", issuer),
            look};
    if (holds_one_of(issuer, in_the_network))
        return {
            "net-tls-inspection"_finding, fmt::format("Its issuer, {}, is named like an inspecting proxy.", issuer)};
    return {};
}

}  // namespace ucsignin::diagnosis
