// Log-ins at Exchange: refused, not gone on with, of a kind that this program has not, kept back; and those that a page
// asks for.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "diagnosis/exchange_steps.hpp"
#include "diagnosis/names.hpp"

namespace ucsignin::diagnosis::exchange {
namespace {

using trace::span, trace::values;

bool offers(const values& step, std::initializer_list<std::string_view> schemes) {
    const auto all = step.texts(ev::exchange_offered);
    return std::ranges::any_of(all, [&](const std::string& one) {
        return std::ranges::any_of(schemes, [&](std::string_view scheme) { return lower(one) == scheme; });
    });
}

// The log-ins of Exchange are those of Windows; what else is asked for at such a name may be any web site's.
bool is_of_a_web_site(const case_view& view, const span& s, const values& step) {
    return !offers(step, {"ntlm", "negotiate"}) && (is_at_the_domain(view, s, step) || is_by_wildcard(view, step));
}

bool is_kept_back(const values& step, std::string_view what) {
    return step.word(ev::credentials_withheld) == *ev::withheld_word::from(what);
}

// A log-in before, by the same password.
bool took_the_password(const case_view& view, const span& at_exchange) {
    const auto took = [&](const span& s) {
        const auto uses = s.number(ev::password_uses).value_or(0);
        const auto spoiled = s.number(ev::password_refused).value_or(0) + s.number(ev::password_unjudged).value_or(0);
        return s.span_id != at_exchange.span_id && s.outcome == trace::outcome::ok && uses > 0 && spoiled == 0;
    };
    return std::ranges::any_of(view.trace.spans, took);
}

// NTLM belongs to one connection: what passes requests on over others lets no log-in succeed.
void warn_of_gateway(draft& found, const values& step) {
    const auto gateway = gateway_on_the_way(step);
    if (gateway.empty()) return;
    found
        .known_by(fmt::format(
            "The answer names {}, which is not Exchange's own web server: if that passes requests on without keeping "
            "one connection for all steps of a log-in, a right password is refused like this as well.",
            gateway))
        .remedy(
            "reverse-proxy admin, Exchange admin, user",
            fmt::format(
                "Let {} keep a client's connection to Exchange for its whole log-in (nginx: HTTP/1.1 with keepalive; "
                "varnish: pipe). Where it does, enter the account of the mailbox.",
                gateway));
}

bool is_in_the_cloud(const std::string& host) {
    return is_under(host, "outlook.com") || is_under(host, "office365.com") || is_under(host, "office.com");
}

// Clients with modern authentication log in by a token: this program has none, so that nothing is known of theirs.
maybe wants_token(draft found, const std::string& host) {
    const bool cloud = is_in_the_cloud(host);
    found.title(fmt::format("Exchange at {} takes a token (OAuth), which this program has not", host))
        .known_by("Whether a client that has one is let in is not known.")
        .remedy(
            "Exchange admin", cloud ? "Nothing is to be done where clients log in by modern authentication, which is "
                                      "not checked here: Exchange Online "
                                      "takes nothing else."
                                    : "Nothing is to be done where clients log in by modern authentication, which is "
                                      "not checked here. Where they do not: "
                                      "enable NTLM or Negotiate on EWS and Autodiscover.");
    return found.weigh(cloud ? severity::info : severity::warning).as(certainty::possible).done();
}

maybe is_not_gone_on_with(draft found, const values& step, const std::string& host) {
    found.title(fmt::format("Exchange at {} offers a log-in, and does not go on with it", host))
        .known_by(fmt::format(
            "Offered: {}. It ended before a proof of the password was sent: whatever stands between and does not pass "
            "the log-in on, or does not keep the connection for it, looks the same.",
            fmt::join(step.texts(ev::exchange_offered), ", ")))
        .remedy(
            "reverse-proxy admin, Exchange admin",
            "Let whatever publishes Exchange pass NTLM and Negotiate on, and keep a client's connection for the whole "
            "log-in.");
    return found.weigh(severity::warning).as(certainty::likely).done();
}

maybe has_no_known_scheme(draft found, const values& step, const std::string& host) {
    const auto all = step.texts(ev::exchange_offered);
    found
        .title(fmt::format(
            "Exchange at {} offers no log-in that this program knows ({})", host,
            all.empty() ? std::string("none is named") : fmt::format("{}", fmt::join(all, ", "))))
        .remedy("Exchange admin", "Enable NTLM or Negotiate on EWS and Autodiscover.");
    return found.weigh(severity::warning).as(certainty::likely).done();
}

maybe refused(draft found, const case_view& view, const span& s, const values& step) {
    found.known_by(
        "It was sent by " + step.text(ev::exchange_scheme) + ", and not sent again, so that no account is locked.");
    if (took_the_password(view, s)) found.known_by("The pool took the same password, so that it is not mistyped.");
    warn_of_gateway(found, step);
    return found.as(certainty::likely).done();
}

// A page of Exchange's own, or of what publishes it; any portal has another.
bool is_page_of_exchange(const values& step) {
    const auto to = step.text(ev::exchange_led_to);
    return !is_autodiscover(step) || holds(to, "/owa/") || holds(to, "logon.aspx") || holds(to, "cookieauth.dll");
}

}  // namespace

maybe log_in(const case_view& view, const span& s) {
    const auto is_it = [&](const values& one) {
        const bool asks = is_one_of(one, {"refused_login", "oauth_only", "wants_login", "unheard", "unknown_scheme"});
        return asks && !is_of_a_web_site(view, s, one);
    };
    const auto step = last_step(s, is_it);
    const auto kept = last_step(
        s, [&](const values& one) { return is_kept_back(one, "password") && !is_of_a_web_site(view, s, one); });
    if (s.branch != "refused" || (!step && !kept)) return {};
    const auto& at = step ? *step : *kept;
    const auto host = host_of_url(at.text(ev::exchange_url));
    auto found = about_step(view, s, at, "ex-401-loop");
    found.not_because("wt-401-loop", "the pool's own web services took the log-in, or were not asked");
    if (is_one_of(at, {"oauth_only"}) || (is_one_of(at, {"withheld"}) && offers(at, {"bearer"})))
        return wants_token(std::move(found), host);
    if (is_one_of(at, {"unheard"})) return is_not_gone_on_with(std::move(found), at, host);
    if (is_one_of(at, {"unknown_scheme"})) return has_no_known_scheme(std::move(found), at, host);
    if (is_one_of(at, {"withheld"}))
        return found.title("Exchange takes nothing but the password itself")
            .remedy("Exchange admin", "Enable NTLM or Negotiate on EWS and Autodiscover.")
            .weigh(severity::warning)
            .done();
    if (is_one_of(at, {"wants_login"}))
        return found.weigh(severity::warning)
            .title("Exchange asks for a log-in, and there is none to give")
            .remedy("user", "Give the password: a certificate of Skype for Business is of no use at Exchange.")
            .done();
    return refused(std::move(found), view, s, at);
}

maybe other_domain(const case_view& view, const span& s) {
    const auto step = last_step(s, [](const values& one) { return is_kept_back(one, "log_in"); });
    if (!s.is(ev::exchange_other_domain) && !step) return {};
    draft found(view, "ex-domain-trust-prompt");
    if (!step)
        return found.seen(s)
            .about(mail_domain(view, s))
            .as(certainty::likely)
            .known_by(fmt::format("The contact card names {}.", s.text(ev::exchange_address)))
            .done();
    const auto host = host_of_url(step->text(ev::exchange_url));
    return found.seen(s)
        .about(host)
        .title(fmt::format("Exchange is at {}, a name that nothing here vouches for", host))
        .known_by(fmt::format("{}. --trust-domain lets this program log in there.", answer_of(*step)))
        .not_because("ex-cert", "its certificate is good")
        .done();
}

maybe forms(const case_view& view, const span& s) {
    const auto step = last_step(s, [&](const values& one) {
        return is_one_of(one, {"forms"}) && !is_at_the_domain(view, s, one) && !is_by_wildcard(view, one);
    });
    if (!step || s.branch != "refused") return {};
    auto found = about_step(view, s, *step, "ex-legacy-or-forms-publishing");
    found.not_because("ex-401-loop", "it asks by a page, not by a 401");
    if (is_page_of_exchange(*step)) return found.done();
    const auto host = host_of_url(step->text(ev::exchange_url));
    return found.weigh(severity::warning)
        .as(certainty::likely)
        .title(fmt::format("A log-in page answers at {}, where Exchange is looked for", host))
        .known_by("It may be Exchange behind a log-in form, or another web site at a name that was left over.")
        .done();
}

maybe realm(const case_view& view, const span& s) {
    const auto step = last_step(s, [](const values& one) { return is_one_of(one, {"realm"}); });
    if (!step || s.branch != "refused") return {};
    return about_step(view, s, *step, "ex-oauth-tenant-unknown")
        .not_because("ex-401-loop", "the answer names the realm, not the user")
        .done();
}

}  // namespace ucsignin::diagnosis::exchange
