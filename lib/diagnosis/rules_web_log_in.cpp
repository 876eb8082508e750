// Stage 4: what the web services say of a log-in.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/web_services.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

struct fault_text {
    std::string_view part;
    finding_ref finding;
};
// Texts are the last resort: only these carry no number.
// clang-format off
constexpr fault_text fault_texts[] = {
    {"disabled", "wt-account-disabled"}, {"locked", "reg-account-locked"}, {"password has expired", "reg-password-expired"},
    {"does not match", "wt-sip-uri-mismatch"}, {"sip uri", "wt-sip-uri-mismatch"}, {"0x80048821", "wt-federated-direct-login"},
    {"0x80047860", "wt-federated-direct-login"}, {"multi-factor", "wt-adfs-mfa"}, {"multifactor", "wt-adfs-mfa"}, {"second factor", "wt-adfs-mfa"},
    {"interaction", "wt-adfs-mfa"}};
// clang-format on

struct meaning_of_number {
    std::int64_t number;
    finding_ref finding;
};
constexpr meaning_of_number numbers_at_web[] = {
    {28000, "wt-not-sip-enabled"},      {28020, "wt-bad-credentials-fault"}, {28029, "wt-auth-type-not-allowed"},
    {28032, "wt-ticket-invalid"},       {28072, "wt-ticket-invalid"},        {28033, "wt-ticket-expired"},
    {28077, "wt-audience-invalid"},     {28055, "wt-oauth-token-invalid"},   {28056, "wt-oauth-token-invalid"},
    {28081, "wt-upn-missing-in-token"}, {1, "reg-hybrid-wrong-side"}};

std::string about_whom(const case_view& view, finding_ref id, const span& s) {
    if (one_of(id, {"wt-account-disabled", "reg-account-locked", "reg-password-expired", "wt-bad-credentials-fault"}))
        return view.login;
    if (id == "wt-sip-uri-mismatch" || id == "wt-not-sip-enabled" || id == "reg-hybrid-wrong-side") return view.user;
    return host_of_url(service_url(s));
}

bool by_username_token(const span& s) { return s.word(ev::ticket_way) == "username"; }

void rule_out_twins(draft& found, finding_ref id, const span& s) {
    if (id == "wt-bad-credentials-fault") {
        found.not_because("wt-account-disabled", "the service does not say that the account is disabled");
        found.not_because("ad-preauth", "the web ticket service itself answered");
        if (s.number(ev::password_refused).value_or(0) > 1)
            found.not_because("wt-401-loop", "two ways of log-in were refused alike");
    }
    if (id == "wt-account-disabled")
        found.not_because("wt-bad-credentials-fault", "the fault names the account, not the password");
    if (id == "wt-ticket-invalid") found.not_because("wt-ticket-expired", "it was not refused because of its age");
    if (id == "wt-ticket-expired") found.not_because("wt-ticket-invalid", "it was refused because of its age");
}

// The web ticket service takes SOAP texts of a fault and the numbers of X-MS-diagnostics.
maybe by_text_or_number(const case_view& view, const span& s) {
    std::optional<finding_ref> id;
    const auto numbers = server_numbers(s);
    auto text = s.text(ev::soap_text);
    for (const auto& n : numbers) text += " " + n.reason;
    for (const auto& known : fault_texts)
        if (!id && holds(text, known.part)) id = known.finding;
    for (const auto& [number, finding] : numbers_at_web)
        if (!id && find_number(numbers, {number})) id = finding;
    if (id == "wt-bad-credentials-fault"_finding && !is_ticket(s)) id = "wt-ticket-invalid"_finding;
    if (!id) return {};
    auto found = about_service(view, s, *id);
    found.about(about_whom(view, *id, s))
        .known_by(fmt::format("{} answered: {}.", host_of_url(service_url(s)), answer_of(s)));
    if (id == "wt-bad-credentials-fault"_finding && by_username_token(s)) {
        const bool once = s.word(ev::ticket_token_form) == "base64";
        found.as(certainty::likely)
            .known_by(
                once ? "User name and password were sent as Base64, and not in clear text after that; services differ "
                       "in which form they accept."
                     : "User name and password were sent as Base64 and in clear text; services differ in which form "
                       "they accept.");
    }
    rule_out_twins(found, *id, s);
    return found.done();
}

bool offers_password(const std::vector<std::string>& ways) {
    return std::ranges::any_of(ways, [](const std::string& w) {
        return holds(w, "ntlm") || holds(w, "negotiate") || holds(w, "username") || holds(w, "windows") ||
               lower(w) == "webticketserviceauth";
    });
}

maybe only_modern_log_in(const case_view& view, const span& s) {
    const auto ways = s.texts(ev::ticket_refused_ways);
    if (!is_ticket(s) || s.branch != "refused" || ways.empty() || offers_password(ways)) return {};
    auto found = about_service(view, s, "wt-auth-type-not-allowed");
    return found.known_by(fmt::format("It offers {}.", fmt::join(ways, ", ")))
        .not_because("wt-401-loop", "neither NTLM nor Negotiate is offered")
        .done();
}

// A log-in by NTLM belongs to one connection, and its last answer is the same for a wrong password and for one that was
// carried over another connection.
void warn_of_gateway(draft& found, const span& s) {
    const auto gateway = gateway_on_the_way(s);
    if (gateway.empty()) return;
    found
        .known_by(fmt::format(
            "{} passes requests on to the service: if it does not keep one connection for all steps of a log-in, a "
            "right password is refused like this as well.",
            gateway))
        .remedy(
            "user, reverse-proxy admin",
            fmt::format(
                "Type the password again; when log-in name and SIP address differ, give the UPN or DOMAIN\\user "
                "(--login). Where it is right (--auth ntlm signs in with it), let {} keep a client's connection to the "
                "pool for its whole log-in (nginx: HTTP/1.1 with keepalive; varnish: pipe).",
                gateway));
}

// Which refusal of a log-in this is; nothing where the ticket was refused for another reason.
std::optional<finding_ref> refusal_of_log_in(const span& s) {
    const auto code = s.text(ev::soap_code);
    const auto status = s.number(ev::http_status).value_or(0);
    const auto refused = s.number(ev::password_refused).value_or(0);
    if (!is_ticket(s) || s.branch != "refused") return {};
    const bool fault_says_so = holds(code, "FailedAuthentication") || holds(code, "InvalidSecurityToken");
    if (!fault_says_so && status != 401 && refused == 0) return {};
    if (fault_says_so || refused >= 2 || by_username_token(s)) return "wt-bad-credentials-fault"_finding;
    return refused == 0 && status == 401 ? "wt-401-loop"_finding : "reg-wrong-password"_finding;
}

// Neither NTLM nor Negotiate is offered, though something is.
void tell_that_windows_is_not_offered(draft& found, const span& s) {
    const auto offered = s.texts(ev::http_authenticate);
    const bool windows = std::ranges::any_of(
        offered, [](const std::string& o) { return holds(o, "ntlm") || holds(o, "negotiate"); });
    if (offered.empty() || windows) return;
    found
        .title(fmt::format(
            "The web ticket service at {} offers no Windows log-in, only {}", host_of_url(service_url(s)),
            fmt::join(offered, ", ")))
        .known_by("Windows authentication is switched off there, or a gateway before it takes its challenge away.");
}

maybe password_refused(const case_view& view, const span& s) {
    const auto refusal = refusal_of_log_in(s);
    if (!refusal) return {};
    finding_ref id = *refusal;
    const auto refused = s.number(ev::password_refused).value_or(0);
    // Where the registrar refuses the same log-in as well, the ticket service is not to blame.
    const auto* look = view.trace.latest("registration.cross_check");
    const bool refused_there = look && look->text(ev::probe_result) == "refused";
    if (refused_there && id == "wt-401-loop") id = "reg-wrong-password";
    auto found = about_service(view, s, id);
    if (refused_there) found.seen(*look).known_by("The registrar refuses the same user name and password with NTLM.");
    found.as(
        (id == "wt-bad-credentials-fault" && !by_username_token(s)) || refused_there ? certainty::certain
                                                                                     : certainty::likely);
    found.known_by(fmt::format("{} answered: {}.", host_of_url(service_url(s)), answer_of(s)));
    if (id == "wt-401-loop") tell_that_windows_is_not_offered(found, s);
    else {
        found.about(view.login)
            .title(fmt::format(
                "The web ticket service at {} refuses user name or password of {}", host_of_url(service_url(s)),
                view.login));
        if (refused > 0)
            found.known_by(fmt::format(
                "The password was refused {} time{} in this run; no further attempt is made.", refused,
                refused == 1 ? "" : "s"));
        if (!refused_there && id == "reg-wrong-password") warn_of_gateway(found, s);
    }
    rule_out_twins(found, id, s);
    return found.done();
}

maybe cause_of_first_refusal(const case_view& view) {
    for (const auto* s : view.trace.at("registration.web_ticket")) {
        const bool sent = went_wrong(*s) && (s->has(ev::http_status) || !s->word(ev::http_fault).empty());
        if (auto found = sent ? cause_of(view, *s) : maybe{}) return found;
    }
    return {};
}

// The password was sent a moment ago (when autodiscover asked, say) without being accepted, and was spared this time:
// the same cause.
maybe refused_before(const case_view& view, const span& s) {
    const bool spared = is_ticket(s) && s.branch == "refused" && !s.has(ev::http_status) &&
                        s.word(ev::http_fault).empty();
    const bool failed = s.number(ev::password_refused).value_or(0) != 0 ||
                        s.number(ev::password_unjudged).value_or(0) != 0;
    if (!spared || !failed) return {};
    auto found = view.once(cause_of_first_refusal);
    if (!found) return {};
    found->evidence.insert(found->evidence.begin(), s.span_id);
    found->stage = s.stage;
    return found;
}

// NTLM is bound to one connection: what cuts it between the legs, or answers for another server, breaks it.
maybe broken_exchange(const case_view& view, const span& s) {
    const auto fault = s.word(ev::http_fault);
    if (!is_ticket(s) || s.word(ev::ticket_way) != "ntlm" ||
        (fault != "closed" && fault != "protocol" && fault != "reset"))
        return {};
    if (fault == "reset" && !s.number(ev::password_uses)) return {};
    auto found = about_service(view, s, "wt-401-loop");
    found.title(fmt::format("The Windows log-in at {} breaks off between its steps", host_of_url(service_url(s))))
        .as(certainty::likely);
    return found.known_by(fmt::format("{}.", s.text(ev::http_error)))
        .not_because("reg-wrong-password", "no answer judged the password")
        .done();
}

constexpr auto web_log_in_cause_table = std::to_array<span_rule>(
    {by_text_or_number, only_modern_log_in, refused_before, password_refused, broken_exchange});

}  // namespace

maybe explain_web_number(const case_view& view, const span& s) { return by_text_or_number(view, s); }

maybe explain_web_log_in(const case_view& view, const span& s) {
    for (const auto rule : web_log_in_cause_table)
        if (auto found = rule(view, s)) return found;
    return {};
}

}  // namespace ucsignin::diagnosis
