// Exchange: what was asked of it stands at provisioning.calendar, step by step. Who has no mailbox, or no Exchange,
// lost nothing.
#include <array>

#include <fmt/format.h>

#include "diagnosis/exchange_steps.hpp"
#include "diagnosis/names.hpp"

namespace ucsignin::diagnosis {

using trace::span, trace::values;

namespace exchange {

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

bool is_at_the_domain(const case_view& view, const span& s, const values& step) {
    return is_autodiscover(step) && host_of_url(step.text(ev::exchange_url)) == mail_domain(view, s);
}

bool is_by_wildcard(const case_view& view, const values& step) {
    const auto* wildcard = view.trace.latest("discovery.wildcard");
    return wildcard && wildcard->branch == "yes" && is_autodiscover(step) &&
           is_under(host_of_url(step.text(ev::exchange_url)), view.domain);
}

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

}  // namespace exchange

namespace {

using namespace exchange;

bool names_services(const span& s) { return !s.text(ev::exchange_ews_url).empty(); }

bool expects_exchange(const case_view& view) {
    const auto* line = view.trace.latest("provisioning.line");
    return line && lower(line->text(ev::um_address)).starts_with("eum:");
}
bool keeps_contacts_there(const case_view& view) {
    const auto* contacts = view.trace.latest("provisioning.contacts");
    return contacts && contacts->branch == "exchange";
}

// Of the names that there are, one where nothing answers; or Exchange's own word that leads to nobody.
void tell_who_is_silent(const case_view& view, const span& s, draft& found) {
    const auto leads = last_step(s, [](const values& one) { return one.has(ev::exchange_led_to_address); });
    const auto silent = last_step(s, [](const values& one) {
        return is_one_of(one, {"unreachable", "timed_out"}) && holds(one.text(ev::exchange_url), "//");
    });
    if (leads) {
        found
            .title(fmt::format(
                "Exchange leads {} to {}, for which no Exchange is found", view.user,
                leads->text(ev::exchange_led_to_address)))
            .remedy(
                "Exchange admin, DNS admin",
                "Publish the Autodiscover name of that domain here as well, or correct the user's remote routing "
                "address.");
        return;
    }
    found.not_because("ex-mailbox-none", "nothing answered that could know the address");
    if (!silent || s.outcome != trace::outcome::warning) return;
    found
        .title(fmt::format(
            "Nothing answers at {}, where Exchange is looked for", host_of_url(silent->text(ev::exchange_url))))
        .remedy(
            "Exchange admin, network admin",
            "Check the service there and the firewall before it; where there is no Exchange, remove the record.");
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
    found.as(certainty::likely).known_by(fmt::format("Tried: {}.", tried));
    tell_who_is_silent(view, s, found);
    return found.done();
}

// A host of Exchange that answers, and says neither where the mailbox is nor what a log-in lacks.
maybe no_settings(const case_view& view, const span& s) {
    if (s.branch != "refused" || names_services(s)) return {};
    const auto is_its = [&](const values& one, std::initializer_list<state_word> states) {
        return is_one_of(one, states) && !is_at_the_domain(view, s, one) && !is_by_wildcard(view, one);
    };
    const auto told_elsewhere = last_step(s, [&](const values& one) {
        return is_its(
            one, {"refused_login", "oauth_only", "wants_login", "withheld", "unheard", "unknown_scheme", "forms",
                  "realm", "certificate", "tls", "proxy"});
    });
    const auto step = last_step(s, [&](const values& one) {
        return is_autodiscover(one) && is_its(one, {"forbidden", "server_error", "error", "unreadable"});
    });
    if (!step || told_elsewhere) return {};
    auto found = about_step(view, s, *step, "ex-autodiscover-none");
    found.title(fmt::format(
        "Autodiscover at {} answers, and does not say where the mailbox is",
        host_of_url(step->text(ev::exchange_url))));
    found.remedy(
        "Exchange admin",
        is_too_busy(*step)
            ? "Sign in again later; if it stays so, read the load of Exchange."
            : "Check the Autodiscover application pool, and whether what stands before Exchange lets /Autodiscover "
              "through.");
    return found.as(certainty::likely).not_because("ex-mailbox-none", "it does not say so").done();
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

// Whoever answers over proven TLS later on the same errand was found without it: Autodiscover goes past a host whose
// certificate is for other names by a redirect over plain HTTP, as the documents have it.
bool was_got_past(const span& s, std::size_t place) {
    const auto all = steps_of(s);
    return std::any_of(all.begin() + static_cast<std::ptrdiff_t>(place) + 1, all.end(), [&](const values& one) {
        const bool same_errand = is_autodiscover(one) == is_autodiscover(all[place]);
        // The other address of the user may have a mailbox elsewhere, or none.
        const bool is_told = is_one_of(one, {"error", "no_mailbox"}) && !s.is(ev::exchange_other_domain);
        const bool led_on = is_one_of(
            one, {"ok", "redirect", "oauth_only", "wants_login", "refused_login", "unheard", "held_back", "withheld"});
        return same_errand && (is_told || led_on) && one.text(ev::exchange_url).starts_with("https:");
    });
}

maybe certificate(const case_view& view, const span& s) {
    if (s.branch == "read" || s.branch == "switched_off") return {};
    const auto all = steps_of(s);
    for (auto i = all.size(); i-- > 0;) {
        const auto& step = all[i];
        const bool names_it = !is_at_the_domain(view, s, step) && !is_by_wildcard(view, step);
        if (!is_one_of(step, {"certificate", "tls"}) || !names_it || was_got_past(s, i)) continue;
        // Whatever breaks TLS open between looks the same.
        return about_step(view, s, step, "ex-cert")
            .as(certainty::likely)
            .not_because("ex-401-loop", "no log-in was asked for")
            .done();
    }
    return {};
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

maybe proxy(const case_view& view, const span& s) {
    const auto step = last_step(s, [](const values& one) { return is_one_of(one, {"proxy"}); });
    if (!step || s.branch == "read") return {};
    // Of a step only that the proxy led nowhere is known, not whether it refused or was down.
    return about_step(view, s, *step, "ex-proxy-blocks")
        .as(certainty::likely)
        .not_because("net-proxy-407", "the sign-in itself came through")
        .done();
}

// Of a mailbox in Exchange 2019 and later, or in the cloud, the pool never hears: there is no UM any more.
bool has_unified_messaging(const case_view& view) {
    const auto* calendar = view.trace.latest("provisioning.calendar");
    const auto release = calendar ? calendar->text(ev::exchange_release) : std::string{};
    return std::ranges::none_of(
        std::array{"2019", "SE", "Online"}, [&](const char* one) { return release == std::string("Exchange ") + one; });
}

maybe lamp(const case_view& view, const span& s) {
    const auto there = s.number(ev::voicemail_folder).value_or(0);
    if (!s.is_at("provisioning.voicemail") || there == 0 || s.number(ev::voicemail_unread)) return {};
    if (s.branch != "refused" || !has_unified_messaging(view)) return {};
    return draft(view, "ex-um-mwi-missing")
        .seen(s)
        .about(view.user)
        .as(certainty::likely)
        .known_by(fmt::format(
            "The mailbox has {} message{} not yet heard, and the pool tells no count.", there, there == 1 ? "" : "s"))
        .done();
}

constexpr auto of_the_calendar = std::to_array<span_rule>(
    {not_found, no_settings, web_site, certificate, other_domain, log_in, no_mailbox, forms, realm, web_services,
     denied, proxy});
constexpr auto of_voicemail = std::to_array<span_rule>({lamp});

// This program has not what Exchange wants, or holds it back.
bool is_of_this_program(const values& step) {
    return is_one_of(step, {"oauth_only", "withheld", "held_back", "unheard", "unknown_scheme", "wants_login"});
}

// Where its time was over, or it was not let in as a client may be, the list may be there all the same.
bool is_our_own_limit(const span& s, const values& why, bool was_asked) {
    const bool in_part = !was_asked && (s.is(ev::exchange_cut_short) || s.branch == "read");
    return is_of_this_program(why) || in_part || is_too_busy(why);
}

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
    auto why = step ? step : last_step(*s, is_of_this_program);
    if (!why) why = last_step(*s, [](const values&) { return true; });
    exchange_list out{s, exchange_list::state::failed, answer_of(*why)};
    out.was_asked = step && (step->has(ev::exchange_status) || step->has(ev::exchange_code));
    if (step && is_one_of(*step, {"ok"})) out.now = exchange_list::state::read;
    else if (!names_services(*s) && s->branch == "not_found") out.now = exchange_list::state::not_found;
    else if (is_our_own_limit(*s, *why, out.was_asked)) out.now = exchange_list::state::not_shown;
    return out;
}

}  // namespace ucsignin::diagnosis
