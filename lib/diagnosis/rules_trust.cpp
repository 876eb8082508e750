// What our own caution kept from a server (contract.md, "Credentials"): nobody refused anything then.
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

std::string_view in_words(std::string_view kind) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> words{
        {{"certificate", "log-on by user certificate"},
         {"ntlm", "a log-in by NTLM"},
         {"kerberos", "a log-in by Kerberos"},
         {"log_in", "a log-in"},
         {"ticket", "the web ticket"},
         {"password", "the password itself"}}};
    for (const auto& [word, text] : words)
        if (word == kind) return text;
    return kind;
}

std::string who_named(const span& trust) {
    const auto by = trust.text(ev::trust_named_by);
    const auto how = trust.word(ev::trust_named_how);
    if (trust.is(ev::trust_in_clear))
        return fmt::format("{} named it over plain HTTP, which anybody on the way can forge", by);
    if (how == "dns") return fmt::format("only DNS names it ({})", by);
    if (how == "redirect")
        return fmt::format("{} redirected the sign-in to it, and may not receive credentials itself", by);
    return by.empty() ? std::string("no host that may receive credentials named it")
                      : fmt::format("{} named it, and may not receive credentials itself", by);
}

using trust_by_kind =
    std::map<std::pair<std::string_view, std::string_view>, const span*>;  // candidate and what was withheld

trust_by_kind trust_of_all(const case_view& view) {
    trust_by_kind all;
    for (const auto* s : view.trace.at("discovery.trust"))
        all[{candidate_named_by(*s), text_of(*s, ev::credentials_withheld)}] = s;
    return all;
}

const span* trust_of(const case_view& view, const span& s, std::string_view kind) {
    const auto& all = view.once(trust_of_all);
    const auto at = all.find({candidate_named_by(s), kind});
    return at == all.end() ? nullptr : at->second;
}

}  // namespace

maybe withheld(const case_view& view, const span& s) {
    const auto kind = s.word(ev::credentials_withheld);
    const auto* trust = kind.empty() || s.is_at("discovery.trust") ? nullptr : trust_of(view, s, kind.str());
    if (!trust) return {};
    const auto host = trust->subject, allow = trust->text(ev::trust_would_allow);
    const bool only_password = trust->word(ev::trust_covers) == "log_in" || kind == "password";
    draft found(view, "credentials-withheld");
    found.seen(s).seen(*trust).about(host).with("host", host).with("allow", allow);
    found.title(fmt::format(
        "{} was not sent to {}, which asked for it", kind == "password" ? "The password itself" : "A log-in", host));
    if (only_password)
        found.known_by(
            fmt::format("{} accepts only the password itself, which is sent only to names of {}.", host, view.domain));
    else
        found.known_by(fmt::format(
            "{} asked for {}; it does not belong to {}, and {}.", host, in_words(kind.str()), view.domain,
            who_named(*trust)));
    return found.done();
}

}  // namespace ucsignin::diagnosis
