#include "signin/registration/challenge.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ucsignin::signin::registration {
namespace {

bool is_ours(std::string_view scheme) { return scheme == "TLS-DSK" || scheme == "Kerberos" || scheme == "NTLM"; }

bool offers(const std::vector<offered_scheme>& offered, std::string_view scheme) {
    return std::ranges::find(offered, scheme, &offered_scheme::scheme) != offered.end();
}

std::string list_of(const std::vector<offered_scheme>& offered) {
    std::vector<std::string_view> names;
    for (const auto& o : offered) names.push_back(o.scheme);
    return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::vector<offered_scheme> schemes_of(const sip::message& challenge) {
    std::vector<offered_scheme> offered;
    for (const auto* name : {"WWW-Authenticate", "Proxy-Authenticate"}) {
        for (const auto& text : challenge.all(name)) {
            const auto h = sip::parse_auth_header(text);
            offered_scheme one{h.scheme, h.parameter("realm"), h.parameter("targetname"), h.parameter("sts-uri"), 2};
            const auto version = h.parameter("version");
            std::from_chars(version.data(), version.data() + version.size(), one.version);
            offered.push_back(std::move(one));
        }
    }
    return offered;
}

service_verdict judge_service(const sip::message& first_answer) {
    const auto server = first_answer.header("Server").value_or("");
    const auto offered = schemes_of(first_answer);
    const bool ours = std::ranges::any_of(offered, [](const auto& o) { return is_ours(o.scheme); });
    if (ours || server.starts_with("RTC/")) return {"yes", "sfb", server.empty() ? "it offers " + list_of(offered) : server};
    if (!offered.empty())
        return {"other_sip", "sip", fmt::format("a SIP server of another kind ({}): it offers {}, none of the schemes of Skype for Business",
                                                server.empty() ? "it doesn't say which" : server, list_of(offered))};
    const bool has_diagnostics = !sip::diagnostics_of(first_answer).empty();
    if (!server.empty() && !has_diagnostics)
        return {"other_sip", "sip", fmt::format("a SIP server of another kind ({}) answers {} {}", server, first_answer.status, first_answer.reason)};
    return {"yes", "sfb", fmt::format("it answers {} {}", first_answer.status, first_answer.reason)};
}

std::optional<service_verdict> judge_service(const net::error& no_answer) {
    if (no_answer.what != net::fault::protocol) return std::nullopt;
    if (no_answer.detail.find("HTTP/") != std::string::npos) return service_verdict{"http", "http", "a web server answers there, not SIP"};
    return service_verdict{"something_else", "other", "what answers there is no SIP: " + no_answer.detail};
}

std::string_view challenge_branch(const std::vector<offered_scheme>& offered) {
    if (offers(offered, "TLS-DSK")) return "tls_dsk";
    if (offers(offered, "Kerberos")) return "kerberos";
    return offers(offered, "NTLM") ? "ntlm" : "others_only";
}

scheme_choice choose_scheme(const std::vector<offered_scheme>& offered, auth_choice wanted, bool has_password) {
    scheme_choice out;
    out.decision.question = "Which scheme is taken, and why?";
    const auto consider = [&](const offered_scheme& o) -> std::pair<trace::verdict, std::string> {
        if (o.scheme != "TLS-DSK") return {trace::verdict::passed_over, is_ours(o.scheme) ? "after TLS-DSK in the client's order; not part of this version" : "not a scheme of Skype for Business"};
        if (wanted != auth_choice::automatic && wanted != auth_choice::tls_dsk) return {trace::verdict::passed_over, "--auth asks for another"};
        if (o.sts_uri.empty()) return {trace::verdict::passed_over, "offered without sts-uri: no place to get a certificate from"};
        if (!has_password) return {trace::verdict::passed_over, "no password was given and no certificate is at hand"};
        return {trace::verdict::chosen, "the client's first choice: authentication by user certificate"};
    };
    for (const auto& o : offered) {
        const auto [verdict, why] = consider(o);
        out.decision.considered.push_back({o.scheme, verdict, why});
        if (verdict == trace::verdict::chosen && !out.taken) {
            out.taken = o;
            out.decision.chosen = o.scheme;
        }
    }
    return out;
}

}  // namespace ucsignin::signin::registration
