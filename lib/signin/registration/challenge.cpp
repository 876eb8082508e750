// Reads the challenges of a 401 and chooses a scheme in the client's order: certificate, Kerberos, NTLM. Also tells a
// Skype for Business registrar from other SIP servers and from web servers by what came in place of a challenge.
#include "signin/registration/challenge.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sip/connection.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::signin::registration {
namespace {

constexpr const char* in_order[] = {"TLS-DSK", "Kerberos", "NTLM"};

bool is_ours(std::string_view scheme) { return std::ranges::find(in_order, scheme) != std::end(in_order); }

// Whether --auth lets this scheme be taken.
bool asked_for(std::string_view scheme, auth_choice wanted) {
    if (wanted == auth_choice::automatic) return true;
    return scheme == (wanted == auth_choice::tls_dsk    ? in_order[0]
                      : wanted == auth_choice::kerberos ? in_order[1]
                                                        : in_order[2]);
}

// Why a scheme can't be taken, empty when it can.
std::string objection(
    const offered_scheme& o, auth_choice wanted, bool has_password, const std::vector<failed_scheme>& failed,
    bool has_certificate) {
    if (!is_ours(o.scheme)) return "not a scheme of Skype for Business";
    if (!asked_for(o.scheme, wanted)) return "--auth asks for another";
    const auto before = std::ranges::find(failed, o.scheme, &failed_scheme::scheme);
    if (before != failed.end()) return before->why;
    if (o.scheme == "TLS-DSK" && o.sts_uri.empty())
        return "offered without sts-uri: no place to get a certificate from";
    if (o.scheme == "TLS-DSK" && !has_password && !has_certificate)
        return "no password was given and no certificate is at hand";
    if (o.scheme == "NTLM" && !has_password) return "no password was given";
    return {};
}

bool offers(const std::vector<offered_scheme>& offered, std::string_view scheme) {
    return std::ranges::find(offered, scheme, &offered_scheme::scheme) != offered.end();
}

// The scheme's name as we write it: it has no case.
std::string our_name(const std::string& scheme) {
    for (const auto* ours : in_order)
        if (sip::same_word(scheme, ours)) return ours;
    return scheme;
}

offered_scheme as_offered(const sip::auth_header& h) {
    offered_scheme one{our_name(h.scheme), h.parameter("realm"), h.parameter("targetname"), h.parameter("sts-uri"), 2};
    const auto version = h.parameter("version");
    std::from_chars(version.data(), version.data() + version.size(), one.version);
    return one;
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
        for (const auto& text : challenge.all(name))
            for (const auto& h : sip::parse_challenges(text)) offered.push_back(as_offered(h));
    }
    return offered;
}

service_verdict judge_service(const sip::message& first_answer) {
    const auto server = first_answer.header("Server").value_or("");
    const auto offered = schemes_of(first_answer);
    const bool ours = std::ranges::any_of(offered, [](const auto& o) { return is_ours(o.scheme); });
    if (ours || server.starts_with("RTC/"))
        return {"yes", "sfb", server.empty() ? "it offers " + list_of(offered) : server};
    if (!offered.empty())
        return {
            "other_sip", "sip",
            fmt::format(
                "a SIP server of another kind ({}): it offers {}, none of the schemes of Skype for Business",
                server.empty() ? "it doesn't say which" : server, list_of(offered))};
    const bool has_diagnostics = !sip::diagnostics_of(first_answer).empty();
    if (!server.empty() && !has_diagnostics)
        return {
            "other_sip", "sip",
            fmt::format(
                "a SIP server of another kind ({}) answers {} {}", server, first_answer.status, first_answer.reason)};
    return {"yes", "sfb", fmt::format("it answers {} {}", first_answer.status, first_answer.reason)};
}

std::optional<service_verdict> judge_service(const net::error& no_answer) {
    if (no_answer.what != net::fault::protocol) return std::nullopt;
    if (no_answer.code == sip::came_sip)
        return service_verdict{"yes", "sfb", "its SIP can't be read: " + no_answer.detail};
    if (no_answer.code == sip::came_http) return service_verdict{"http", "http", "a web server answers there, not SIP"};
    return service_verdict{"something_else", "other", "what answers there is not SIP: " + no_answer.detail};
}

chart::branch_at<"registration.challenge"> challenge_branch(const std::vector<offered_scheme>& offered) {
    if (offers(offered, "TLS-DSK")) return "tls_dsk";
    if (offers(offered, "Kerberos")) return "kerberos";
    return {offers(offered, "NTLM"), "ntlm", "others_only"};
}

scheme_choice choose_scheme(
    const std::vector<offered_scheme>& offered, auth_choice wanted, bool has_password,
    const std::vector<failed_scheme>& failed, bool has_certificate) {
    scheme_choice out;
    out.decision.question = "Which scheme is taken, and why?";
    std::vector<std::string> why_not;
    for (const auto& o : offered) why_not.push_back(objection(o, wanted, has_password, failed, has_certificate));
    for (const auto* name : in_order)
        for (std::size_t i = 0; i < offered.size() && !out.taken; ++i)
            if (offered[i].scheme == name && why_not[i].empty()) out.taken = offered[i];
    for (std::size_t i = 0; i < offered.size(); ++i) {
        const auto& name = offered[i].scheme;
        if (!why_not[i].empty()) out.decision.considered.push_back({name, trace::verdict::passed_over, why_not[i]});
        else if (name == out.taken->scheme)
            out.decision.considered.push_back(
                {name, trace::verdict::chosen, "the first of the client's order that can be used"});
        else
            out.decision.considered.push_back(
                {name, trace::verdict::passed_over, "after " + out.taken->scheme + " in the client's order"});
    }
    if (out.taken) out.decision.chosen = out.taken->scheme;
    return out;
}

scheme_choice withhold(scheme_choice from, const std::string& why) {
    from.taken.reset();
    from.decision.chosen.clear();
    for (auto& option : from.decision.considered)
        option = {option.option, trace::verdict::passed_over, "no credentials go there: " + why};
    return from;
}

bool via_is_changed(std::string_view sent, std::string_view came_back) {
    if (came_back.empty()) return false;
    const auto sent_by = sent.substr(0, sent.find(';')),
               branch = sent.substr(std::min(sent.find(";branch="), sent.size()));
    return came_back.substr(0, came_back.find(';')) != sent_by || came_back.find(branch) == std::string_view::npos;
}

chart::branch_at<"registration.scheme"> scheme_branch(const std::optional<offered_scheme>& taken) {
    if (!taken) return "none";
    if (taken->scheme == "TLS-DSK") return "tls_dsk";
    return {taken->scheme == "Kerberos", "kerberos", "ntlm"};
}

}  // namespace ucsignin::signin::registration
