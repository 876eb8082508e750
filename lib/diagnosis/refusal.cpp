// What a refusing SIP answer means: first by the numbers of its ms-diagnostics headers, then by its status.
#include <fmt/format.h>

#include "diagnosis/ms_diagnostics.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

struct meaning_of_number {
    std::int64_t id;
    finding_ref finding;
};

// Numbers whose meaning at sign-in does not depend on the status.
// clang-format off
constexpr meaning_of_number by_number[] = {
    {1003, "reg-404-not-sip-enabled"}, {4005, "reg-404-not-sip-enabled"}, {4006, "reg-user-not-in-pool"},
    {4002, "reg-duplicate-sip-address"}, {4003, "reg-403-remote-access"}, {4004, "reg-403-uri-not-authorized"},
    {17002, "reg-version-blocked"}, {17003, "reg-version-blocked"}, {17000, "reg-server-overloaded"},
    {4001, "reg-400-malformed"}, {4010, "reg-400-malformed"}, {4011, "reg-400-malformed"}, {4012, "reg-400-malformed"},
    {4013, "reg-400-malformed"}, {4055, "reg-400-malformed"}, {2057, "reg-400-malformed"}, {1018, "reg-400-malformed"},
    {17001, "reg-400-malformed"}, {1013, "reg-kerberos-skew"}, {1005, "reg-sip-domain-unsupported"}, {1015, "reg-sip-domain-unsupported"},
    {1016, "reg-hybrid-wrong-side"}, {1017, "reg-hybrid-wrong-side"}, {1008, "reg-504-dns"}, {1009, "reg-504-dns"}, {1014, "reg-504-dns"},
    {1010, "reg-504-next-hop-cert"}, {1039, "reg-504-next-hop-cert"}, {1007, "reg-504-edge-next-hop"}, {1038, "reg-504-edge-next-hop"},
    {1033, "reg-504-edge-next-hop"}, {1034, "reg-504-edge-next-hop"}, {1001, "federation-disabled"}, {1002, "federation-disabled"},
    {1012, "federation-disabled"}, {5000, "reg-503-generic"}, {5001, "reg-503-generic"}, {5003, "reg-503-generic"},
    {4140, "reg-endpoint-limit"}, {4141, "reg-deregistered-disabled"}, {4142, "reg-user-moved"}, {4165, "reg-backup-registrar-limited"}};
// clang-format on

std::optional<finding_ref> by_status(const trace::span& s, std::int64_t status, bool numbered) {
    switch (status) {
        case 403:
        case 603: return "reg-403-no-reason"_finding;
        case 404:
        case 604: return "reg-404-not-sip-enabled"_finding;
        case 408: return "reg-timeout"_finding;
        case 423: return "reg-423-interval"_finding;
        case 480: return "reg-480"_finding;
        case 482:
        case 483: return "reg-482-483-loop"_finding;
        case 503: return s.has(ev::sip_retry_after) ? "reg-server-overloaded"_finding : "reg-503-generic"_finding;
        case 504: return "reg-504-edge-next-hop"_finding;
        default: break;
    }
    if (status >= 500 && status < 600) return "reg-503-generic"_finding;
    if (status >= 400 && !numbered) return "reg-400-malformed"_finding;
    return status >= 400 ? "reg-403-no-reason"_finding : std::optional<finding_ref>{};
}

// Looks aside are of no candidate, and name the server all the same.
std::string asked_of(const trace::span& s) {
    const auto candidate = candidate_of(s);
    return candidate.empty() ? s.text(ev::candidate) : candidate;
}

std::string status_words(const trace::span& s) {
    const auto reason = s.text(ev::sip_reason);
    return fmt::format("{}{}{}", s.number(ev::sip_status).value_or(0), reason.empty() ? "" : " ", reason);
}

// "403 Forbidden, 4003 (From URI not enabled for remote access): ..., says edge01"
std::string answer_words(const trace::span& s, const server_number* number) {
    auto words = status_words(s);
    if (!number) return words;
    words += ", " + describe_number(number->header, number->id, number->reason);
    if (!number->source.empty()) words += fmt::format("; says {}", number->source);
    return words;
}

void rule_out_twins(draft& found, finding_ref id, std::int64_t status, const server_number* number) {
    const auto evidence = number ? fmt::format("the number is {}", number->id)
                                 : fmt::format("the status is {}", status);
    if (id == "reg-403-remote-access")
        found.not_because("reg-403-uri-not-authorized", evidence).not_because("reg-403-no-reason", evidence);
    if (id == "reg-403-uri-not-authorized") found.not_because("reg-403-remote-access", evidence);
    if (id == "reg-404-not-sip-enabled" || id == "reg-user-not-in-pool")
        found.not_because("dns-user-domain-typo", "the domain led to a server");
    if (id == "reg-503-generic") found.not_because("reg-server-overloaded", "it does not ask to come back later");
    if (id == "reg-server-overloaded") found.not_because("reg-503-generic", "it says that it is overloaded");
    if (id == "reg-504-next-hop-cert" || id == "reg-504-dns") found.not_because("reg-504-edge-next-hop", evidence);
}

std::string title_for(finding_ref id, const case_view& view, const trace::span& s, const server_number* number) {
    const auto host = asked_of(s);
    const bool unknown = number && find_diagnostics(number->header, number->id) == nullptr;
    if (id == "reg-403-no-reason" && number)
        return fmt::format(
            "{} refuses {}: {}, {}", host, view.user, status_words(s),
            describe_number(number->header, number->id, number->reason));
    if (unknown || id == "reg-400-malformed")
        return fmt::format("{} refuses the request of {}: {}", host, view.user, answer_words(s, number));
    if (id == "reg-503-generic")
        return fmt::format("The registrar at {} cannot serve: {}", host, answer_words(s, number));
    if (id == "reg-504-edge-next-hop")
        return fmt::format("{} cannot reach the pool behind it: {}", host, answer_words(s, number));
    if (id == "reg-server-overloaded")
        if (const auto wait = s.number(ev::sip_retry_after))
            return fmt::format("{} is overloaded and asks to come back in {} s", host, *wait);
    return {};
}

}  // namespace

maybe explain_refusal(const case_view& view, const trace::span& s) {
    const auto status = s.number(ev::sip_status).value_or(0);
    const auto numbers = server_numbers(s);
    const server_number* number = numbers.empty() ? nullptr : &numbers.front();
    std::optional<finding_ref> id;
    for (const auto& known : by_number)
        if (const auto* hit = find_number(numbers, {known.id}); hit && !id) {
            id = known.finding;
            number = hit;
        }
    const bool by_its_number = id.has_value();
    if (!by_its_number) id = by_status(s, status, number != nullptr);
    if (!id) return {};
    draft found(view, *id);
    found.seen(s).about(view.user).known_by(fmt::format("{} answered {}.", asked_of(s), answer_words(s, number)));
    found.as(
        by_its_number || (id == "reg-403-no-reason"_finding && !number) ? certainty::certain
        : number                                                        ? certainty::possible
                                                                        : certainty::likely);
    if (one_of(
            *id, {"reg-503-generic", "reg-504-edge-next-hop", "reg-504-dns", "reg-504-next-hop-cert",
                  "reg-server-overloaded"}))
        found.about(asked_of(s));
    if (auto title = title_for(*id, view, s, number); !title.empty()) found.title(std::move(title));
    rule_out_twins(found, *id, status, number);
    return found.done();
}

// The way to a certificate is closed, and the registrar, asked in another way, refuses the user or the password as
// well: mended alone, the first would leave the second.
maybe refused_all_the_same(const case_view& view) {
    const auto* look = view.trace.latest("registration.cross_check");
    const bool no_certificate = view.stop && (view.stop->is_at("registration.web_ticket") ||
                                              view.stop->is_at("registration.user_certificate"));
    if (!look || !no_certificate || look->text(ev::probe_kind) != "sip_ntlm"_look) return {};
    const auto word = look->text(ev::probe_result);
    if (word == "refused") {
        draft found(view, "reg-wrong-password");
        found.seen(*look).about(view.login);
        return found.known_by(fmt::format("{}.", look->summary)).done();
    }
    return word == "accepted" && look->number(ev::sip_status).value_or(0) >= 400 ? explain_refusal(view, *look)
                                                                                 : maybe{};
}

}  // namespace ucsignin::diagnosis
