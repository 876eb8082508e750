// Exchange: what was asked of it stands at provisioning.calendar, step by step. Who has no mailbox, or no Exchange,
// lost nothing.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"
#include "trace/evidence_exchange.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span, trace::values;
using step_word = ev::exchange_step_word;
using state_word = ev::exchange_state_word;

std::vector<values> steps_of(const span& s) { return s.together(ev::exchange_step); }

bool is_one_of(const values& step, std::initializer_list<state_word> states) {
    const auto said = step.word(ev::exchange_state);
    return std::ranges::any_of(states, [&](state_word one) { return said == one; });
}

bool is_autodiscover(const values& step) { return step.word(ev::exchange_step) == step_word("autodiscover"); }

std::string mail_domain(const case_view& view, const span& s) {
    const auto address = s.text(ev::exchange_address);
    const auto at = address.rfind('@');
    return at == std::string::npos ? view.domain : lower(address.substr(at + 1));
}

// The domain itself is often the company's web site, where the first look-up goes.
bool is_at_the_domain(const case_view& view, const span& s, const values& step) {
    return is_autodiscover(step) && host_of_url(step.text(ev::exchange_url)) == mail_domain(view, s);
}

// Where a wildcard answers for every name, the names of Autodiscover are nobody's promise.
bool is_by_wildcard(const case_view& view, const values& step) {
    const auto* wildcard = view.trace.latest("discovery.wildcard");
    return wildcard && wildcard->branch == "yes" && is_autodiscover(step) &&
           is_under(host_of_url(step.text(ev::exchange_url)), view.domain);
}

bool names_services(const span& s) { return !s.text(ev::exchange_ews_url).empty(); }

std::string answer_of(const values& step) {
    auto words = step.text(ev::exchange_url);
    if (const auto status = step.number(ev::exchange_status)) words += fmt::format(": {}", *status);
    if (const auto code = step.text(ev::exchange_code); !code.empty()) words += fmt::format(", {}", code);
    if (const auto text = step.text(ev::exchange_error); !text.empty()) words += fmt::format(" ({})", text);
    return words;
}

draft about_step(const case_view& view, const span& s, const values& step, finding_ref id) {
    draft found(view, id);
    const auto host = host_of_url(step.text(ev::exchange_url));
    found.seen(s).about(host).with("host", host);
    return found.known_by(answer_of(step) + ".");
}

// The last step that is of interest: an earlier one may have been mended by a later.
template <class Fits>
std::optional<values> last_step(const span& s, Fits fits) {
    auto all = steps_of(s);
    const auto at = std::find_if(all.rbegin(), all.rend(), fits);
    return at == all.rend() ? std::nullopt : std::optional(*at);
}

// The step by which the way to Exchange, or to the calendar, ended.
std::optional<values> last_of_ews(const span& s) {
    return last_step(s, [](const values& step) { return step.word(ev::exchange_step) == step_word("availability"); });
}

bool expects_exchange(const case_view& view) {
    const auto* line = view.trace.latest("provisioning.line");
    return line && lower(line->text(ev::um_address)).starts_with("eum:");
}
bool keeps_contacts_there(const case_view& view) {
    const auto* contacts = view.trace.latest("provisioning.contacts");
    return contacts && contacts->branch == "exchange";
}

maybe not_found(const case_view& view, const span& s) {
    if (s.branch != "not_found" || steps_of(s).empty()) return {};
    const bool silent = s.outcome == trace::outcome::warning && !is_by_wildcard(view, steps_of(s).front());
    if (!silent && !expects_exchange(view) && !keeps_contacts_there(view)) return {};
    draft found(view, "ex-autodiscover-none");
    std::string tried;
    for (const auto& step : steps_of(s)) tried += (tried.empty() ? "" : "; ") + answer_of(step);
    found.seen(s).about(mail_domain(view, s)).with("domain", mail_domain(view, s));
    if (!silent && !keeps_contacts_there(view)) found.weigh(severity::info);
    // Inside and outside hear different answers of DNS.
    return found.as(certainty::likely)
        .known_by(fmt::format("Tried: {}.", tried))
        .not_because("ex-mailbox-none", "nothing answered that could know the address")
        .done();
}

maybe web_site(const case_view& view, const span& s) {
    for (const auto& step : steps_of(s))
        if (is_at_the_domain(view, s, step) && is_one_of(step, {"page", "forms", "certificate", "tls", "unreadable"}))
            return about_step(view, s, step, "ex-rootdomain-website")
                .as(certainty::likely)
                .not_because("ex-cert", "it is the domain itself, not a host of Exchange")
                .done();
    return {};
}

maybe certificate(const case_view& view, const span& s) {
    const auto step = last_step(s, [&](const values& one) {
        return is_one_of(one, {"certificate", "tls"}) && !is_at_the_domain(view, s, one) && !is_by_wildcard(view, one);
    });
    const bool read = s.branch == "read" || s.branch == "switched_off";
    if (!step || read) return {};
    // Whatever breaks TLS open between looks the same.
    return about_step(view, s, *step, "ex-cert")
        .as(certainty::likely)
        .not_because("ex-401-loop", "no log-in was asked for")
        .done();
}

maybe other_domain(const case_view& view, const span& s) {
    const auto step = last_step(
        s, [](const values& one) { return one.word(ev::credentials_withheld) == ev::withheld_word("log_in"); });
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
            "one "
            "connection for all steps of a log-in, a right password is refused like this as well.",
            gateway))
        .remedy(
            "reverse-proxy admin, Exchange admin, user",
            fmt::format(
                "Let {} keep a client's connection to Exchange for its whole log-in (nginx: HTTP/1.1 with keepalive; "
                "varnish: pipe). Where it does, enter the account of the mailbox.",
                gateway));
}

maybe log_in(const case_view& view, const span& s) {
    const auto step = last_step(
        s, [](const values& one) { return is_one_of(one, {"refused_login", "oauth_only", "wants_login"}); });
    const auto kept = last_step(
        s, [](const values& one) { return one.word(ev::credentials_withheld) == ev::withheld_word("password"); });
    if (s.branch != "refused" || (!step && !kept)) return {};
    const auto& at = step ? *step : *kept;
    auto found = about_step(view, s, at, "ex-401-loop");
    found.not_because("wt-401-loop", "the pool's own web services took the log-in, or were not asked");
    if (is_one_of(at, {"oauth_only"}))
        return found.title("Exchange takes nothing but a token (OAuth)")
            .remedy("Exchange admin", "Enable NTLM or Negotiate on EWS and Autodiscover, or give the client a token.")
            .done();
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
    found.known_by(
        "It was sent by " + at.text(ev::exchange_scheme) + ", and not sent again, so that no account is locked.");
    if (took_the_password(view, s)) found.known_by("The pool took the same password, so that it is not mistyped.");
    warn_of_gateway(found, at);
    return found.as(certainty::likely).done();
}

maybe no_mailbox(const case_view& view, const span& s) {
    if (s.branch != "no_mailbox") return {};
    const auto step = last_step(s, [](const values& one) { return is_one_of(one, {"no_mailbox"}); });
    if (!step) return {};
    return draft(view, "ex-mailbox-none")
        .seen(s)
        .about(view.user)
        .known_by(answer_of(*step) + ".")
        .not_because("ex-autodiscover-none", "Exchange answered")
        .done();
}

maybe forms(const case_view& view, const span& s) {
    const auto step = last_step(
        s, [&](const values& one) { return is_one_of(one, {"forms"}) && !is_at_the_domain(view, s, one); });
    if (!step || s.branch != "refused") return {};
    return about_step(view, s, *step, "ex-legacy-or-forms-publishing")
        .not_because("ex-401-loop", "it asks by a page, not by a 401")
        .done();
}

maybe realm(const case_view& view, const span& s) {
    const auto step = last_step(s, [](const values& one) { return is_one_of(one, {"realm"}); });
    if (!step || s.branch != "refused") return {};
    return about_step(view, s, *step, "ex-oauth-tenant-unknown")
        .not_because("ex-401-loop", "the answer names the realm, not the user")
        .done();
}

maybe web_services(const case_view& view, const span& s) {
    const auto step = last_of_ews(s);
    if (!step || s.branch != "refused") return {};
    const bool answered = is_one_of(*step, {"server_error", "not_found", "forbidden", "error", "page"});
    if (!answered && !is_one_of(*step, {"dns", "unreachable", "timed_out", "unreadable"})) return {};
    return about_step(view, s, *step, "ex-ews-unavailable")
        .as(is_one_of(*step, {"server_error", "not_found"}) ? certainty::certain : certainty::likely)
        .not_because("ex-autodiscover-none", "Autodiscover names it")
        .done();
}

maybe denied(const case_view& view, const span& s) {
    const auto step = last_of_ews(s);
    if (!step || !is_one_of(*step, {"denied"})) return {};
    return draft(view, "ex-freebusy-denied")
        .seen(s)
        .about(view.user)
        .known_by(answer_of(*step) + ".")
        .not_because("ex-ews-unavailable", "Exchange answers, and says no")
        .done();
}

maybe proxy(const case_view& view, const span& s) {
    const auto step = last_step(s, [](const values& one) { return is_one_of(one, {"proxy"}); });
    if (!step || s.branch == "read") return {};
    // Of a step only that the proxy led nowhere is known, not whether it refused or was down.
    return about_step(view, s, *step, "ex-proxy-blocks")
        .as(certainty::likely)
        .not_because("net-proxy-407", "the sign-in itself came through")
        .done();
}

maybe lamp(const case_view& view, const span& s) {
    const auto there = s.number(ev::voicemail_folder).value_or(0);
    if (!s.is_at("provisioning.voicemail") || there == 0 || s.number(ev::voicemail_unread)) return {};
    return draft(view, "ex-um-mwi-missing")
        .seen(s)
        .about(view.user)
        .as(certainty::likely)
        .known_by(fmt::format(
            "The mailbox has {} message{} not yet heard, and the pool tells no count.", there, there == 1 ? "" : "s"))
        .done();
}

constexpr auto of_the_calendar = std::to_array<span_rule>(
    {not_found, web_site, certificate, other_domain, log_in, no_mailbox, forms, realm, web_services, denied, proxy});
constexpr auto of_voicemail = std::to_array<span_rule>({lamp});

}  // namespace

std::span<const span_rule> exchange_notes(const span& s) {
    if (s.is_at("provisioning.calendar")) return of_the_calendar;
    if (s.is_at("provisioning.voicemail")) return of_voicemail;
    return {};
}

// Where the list is in Exchange, what became of it there.
exchange_list list_in_exchange(const case_view& view) {
    const auto* s = view.trace.latest("provisioning.calendar");
    if (!s || steps_of(*s).empty()) return {};
    const auto step = last_step(
        *s, [](const values& one) { return one.word(ev::exchange_step) == step_word("contacts"); });
    const auto why = step ? step : last_step(*s, [](const values&) { return true; });
    exchange_list out{s, exchange_list::state::failed, answer_of(*why)};
    if (step && is_one_of(*step, {"ok"})) out.now = exchange_list::state::read;
    else if (!names_services(*s) && s->branch == "not_found") out.now = exchange_list::state::not_found;
    return out;
}

}  // namespace ucsignin::diagnosis
