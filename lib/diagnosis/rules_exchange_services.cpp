// The web services that Autodiscover named: they do not answer, are too busy, or let this user or this program do
// nothing.
#include <array>

#include <fmt/format.h>

#include "diagnosis/exchange_steps.hpp"
#include "diagnosis/names.hpp"

namespace ucsignin::diagnosis::exchange {
namespace {

using trace::span, trace::values;

bool is_of_ews(const values& step) { return !is_autodiscover(step); }

// The step by which the way to the calendar ended.
std::optional<values> last_of_ews(const span& s) {
    return last_step(s, [](const values& step) { return step.word(ev::exchange_step) == step_word("availability"); });
}

bool others_are_answered(const span& s) {
    return last_step(s, [](const values& one) { return is_of_ews(one) && is_one_of(one, {"ok"}); }).has_value();
}

// Codes with and without the prefix of a fault.
std::string code_of(const values& step) {
    const auto code = step.text(ev::exchange_code);
    return code.substr(code.rfind(':') + 1);
}

// Every request alike, to one's own mailbox: nobody's calendar permission.
bool is_denied_everything(const span& s) {
    std::size_t denied = 0;
    for (const auto& one : steps_of(s)) {
        if (!is_of_ews(one)) continue;
        if (!is_one_of(one, {"denied"})) return false;
        ++denied;
    }
    return denied > 1;
}

maybe too_busy(draft found, const std::string& host) {
    found.title(fmt::format("Exchange at {} is too busy for this user at the moment", host))
        .known_by(
            "Exchange limits what each user may ask in a while, and a server that is overloaded says the same: it "
            "passes by itself as a rule.")
        .remedy(
            "user, Exchange admin",
            "Sign in again later. If it stays so, read the user's throttling policy (Get-ThrottlingPolicyAssociation) "
            "and the load of Exchange.");
    return found.weigh(severity::warning).as(certainty::likely).done();
}

maybe switched_off(draft found, const std::string& host) {
    found.title(fmt::format("Exchange at {} lets this user, or this program, not use its web services", host))
        .known_by("Somebody decided so: at Exchange, or at what stands before it.")
        .remedy(
            "Exchange admin",
            "Read Get-CASMailbox | fl Ews* and Get-OrganizationConfig | fl Ews* (EwsEnabled; "
            "EwsApplicationAccessPolicy with its lists of programs), and the rules of the firewall or reverse proxy "
            "before Exchange.");
    return found.weigh(severity::warning).as(certainty::likely).done();
}

maybe in_part(draft found, const std::string& host) {
    return found.weigh(severity::warning)
        .as(certainty::possible)
        .title(fmt::format("Exchange at {} does not tell the calendar, and answers other requests", host))
        .done();
}

}  // namespace

bool is_too_busy(const values& step) {
    static constexpr std::array<std::string_view, 6> codes{
        "ErrorServerBusy",
        "ErrorExceededConnectionCount",
        "ErrorExceededFindCountLimit",
        "ErrorExceededSubscriptionCount",
        "ErrorInternalServerTransientError",
        "ErrorTooManyObjectsOpened"};
    const bool by_status = step.number(ev::exchange_status) == 429 || step.has(ev::exchange_retry_after);
    return by_status || std::ranges::find(codes, code_of(step)) != codes.end();
}

maybe web_services(const case_view& view, const span& s) {
    const auto step = last_of_ews(s);
    if (!step || s.branch != "refused") return {};
    const bool forbidden = is_one_of(*step, {"forbidden"}) || is_denied_everything(s);
    const bool answered = forbidden || is_one_of(*step, {"server_error", "not_found", "error", "page", "redirect"});
    if (!answered && !is_one_of(*step, {"dns", "unreachable", "timed_out", "unreadable"})) return {};
    const auto host = host_of_url(step->text(ev::exchange_url));
    auto found = about_step(view, s, *step, "ex-ews-unavailable");
    found.as(certainty::likely).not_because("ex-autodiscover-none", "Autodiscover names it");
    if (is_too_busy(*step)) return too_busy(std::move(found), host);
    if (others_are_answered(s)) return in_part(std::move(found), host);
    if (forbidden) return switched_off(std::move(found), host);
    // A code is the word of one service behind the web server, about this moment.
    const bool plain = is_one_of(*step, {"server_error", "not_found"}) && !step->has(ev::exchange_code);
    return found.as(plain ? certainty::certain : certainty::likely).done();
}

maybe denied(const case_view& view, const span& s) {
    const auto step = last_of_ews(s);
    if (!step || !is_one_of(*step, {"denied"}) || is_denied_everything(s)) return {};
    return draft(view, "ex-freebusy-denied")
        .seen(s)
        .about(view.user)
        .known_by(answer_of(*step) + ".")
        .not_because("ex-ews-unavailable", "Exchange answers, and says no")
        .done();
}

}  // namespace ucsignin::diagnosis::exchange
