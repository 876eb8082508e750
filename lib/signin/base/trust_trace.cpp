// Each name and way of naming gets one span, however often the sign-in asks; what was withheld from it gets another.
#include "signin/base/trust_trace.hpp"

#include <fmt/format.h>

namespace ucsignin::signin {
namespace {

using how = trace::outcome;

trace::scope open_span(context& c, const std::string& host, const naming& named, const std::string& candidate) {
    auto span = c.trace.open<"discovery.trust">(host);
    if (!candidate.empty()) span.note(ev::candidate, candidate);
    span.note(ev::under_domain, is_under(host, c.who.domain)).note(ev::trust_named_how, word_of(named.how));
    if (!named.by.empty()) span.note(ev::trust_named_by, named.by);
    if (named.in_clear) span.note(ev::trust_in_clear, true);
    return span;
}

std::string key_of(const std::string& host, const naming& named) {
    return fmt::format("{} {} {} {}", host, word_of(named.how).word(), named.by, named.in_clear);
}

// The desktop client asks its user about names of discovery outside of the SIP domain; we ask nobody.
std::string by_whom(const naming& named) {
    switch (named.how) {
        case naming_way::typed:
        case naming_way::typed_for_exchange: return "it was given by hand";
        case naming_way::cached: return "the last sign-in ended there";
        default:
            return named.voucher ? named.by + ", which may receive credentials, named it"
                                 : "the desktop client trusts its domain";
    }
}

void trace_covered(context& c, const credential_target& target, const naming& named, const std::string& candidate) {
    auto span = open_span(c, target.host(), named, candidate);
    span.note(ev::candidate_trusted, true)
        .note(ev::trust_covers, target.may_have_password() ? ev::cover_word("password") : ev::cover_word("log_in"));
    if (is_under(target.host(), c.who.domain))
        span.finish("same_domain", how::ok, target.host() + " belongs to " + c.who.domain);
    else if (target.may_have_password())
        span.finish("trusted", how::ok, target.host() + " is trusted by --trust-domain");
    else
        span.finish(
            "trusted", how::ok,
            fmt::format("{} is outside of {} and trusted: {}", target.host(), c.who.domain, by_whom(named)));
}

trace::scope open_not_covered(context& c, const not_covered& who, const std::string& candidate) {
    auto span = open_span(c, who.host, who.named, candidate);
    span.note(ev::candidate_trusted, false)
        .note(ev::trust_covers, "nothing")
        .note(ev::trust_would_allow, who.would_allow);
    return span;
}

}  // namespace

trust_decision decide_trust(context& c, const std::string& host, const naming& named, const std::string& candidate) {
    auto decision = c.trusted_names.covers(host, named);
    if (decision) c.trust_so_far.covered.insert_or_assign(host, *decision);
    if (decision && named.by == host) return decision;  // it speaks of itself: whoever named it was told before
    if (!c.trust_so_far.told.insert(key_of(host, named)).second) return decision;
    if (decision) trace_covered(c, *decision, named, candidate);
    else
        open_not_covered(c, decision.error(), candidate)
            .finish("would_prompt", how::warning, "no credentials go to " + host + ": " + decision.error().why);
    return decision;
}

std::optional<credential_target> covered_before(const context& c, const std::string& host) {
    const auto known = c.trust_so_far.covered.find(host);
    return known == c.trust_so_far.covered.end() ? std::nullopt : std::optional(known->second);
}

void note_withheld(context& c, const not_covered& who, ev::withheld_word kind, const std::string& candidate) {
    auto span = open_not_covered(c, who, candidate);
    span.note(ev::credentials_withheld, kind);
    span.finish(
        "would_prompt", how::warning, fmt::format("{} was withheld from {}: {}", kind.word(), who.host, who.why));
}

}  // namespace ucsignin::signin
