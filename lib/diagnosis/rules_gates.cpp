// Stage 5: what stops the sign-in after the registration, at its three gates.
#include <array>

#include <fmt/format.h>

#include "diagnosis/answers_after_log_in.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

bool is_publication(const span& s) { return s.is_at("provisioning.presentity"); }

maybe unknown_event(const case_view& view, const span& s) {
    if (status_of(s) != 489 && !find_number(server_numbers(s), {2013})) return {};
    return about_user(view, s, "sub-event-unsupported")
        .not_because("sub-481-dialog-gone", "the event itself was refused")
        .done();
}

// A publication has no dialog.
maybe dialog_gone(const case_view& view, const span& s) {
    const bool numbered = find_number(server_numbers(s), {2014, 2016});
    if (!numbered && (status_of(s) != 481 || is_publication(s))) return {};
    return about_user(view, s, "sub-481-dialog-gone").done();
}

maybe unknown_here(const case_view& view, const span& s) {
    const auto numbers = server_numbers(s);
    const auto status = status_of(s);
    if (status < 300) return {};
    if (find_number(numbers, {2005, 4006})) return about_user(view, s, "reg-user-not-in-pool").done();
    // The registrar has just registered the user: other databases of the pool lack what it has.
    const bool named = find_number(numbers, {1003, 4005});
    if (!named && (status != 404 || is_publication(s))) return {};
    return about_user(view, s, "reg-404-not-replicated")
        .as(named ? certainty::likely : certainty::possible)
        .not_because("reg-404-not-sip-enabled", "the registrar has just registered this user")
        .done();
}

finding_ref refused_publication(std::int64_t status, std::int64_t tries) {
    if (status == 409) return tries > 2 ? "roaming-data-corrupt"_finding : "publish-conflict"_finding;
    if (status == 413 || status == 513) return "roaming-data-corrupt";
    return server_trouble(status) ? "limited-functionality"_finding : "publish-refused"_finding;
}

maybe publication_refused(const case_view& view, const span& s) {
    if (!is_publication(s) || status_of(s) == 0) return {};
    const auto status = status_of(s), tries = s.number(ev::publish_attempts).value_or(1);
    const auto id = refused_publication(status, tries);
    auto found = about_user(view, s, id);
    found.as(id == "publish-refused" || id == "publish-conflict" ? certainty::certain : certainty::likely);
    if (id == "publish-refused")
        found.title(fmt::format("The server refuses the presence of {}: {}", view.user, words_of_answer(s)));
    if (id == "limited-functionality")
        found.title(
            fmt::format("{} is registered, but the pool refuses the publication: {}", view.user, words_of_answer(s)));
    if (id == "roaming-data-corrupt" && status == 409)
        found.not_because("roaming-version-conflict", fmt::format("it was refused {} times", tries));
    if (id == "roaming-data-corrupt" && status != 409)
        found.not_because("roaming-version-conflict", "the size is refused, not the version");
    return found.done();
}

maybe garbled_self(const case_view& view, const span& s) {
    const auto why = s.text(ev::body_error);
    if (why.empty() || !s.is_at("provisioning.subscription")) return {};
    return about_user(view, s, "roaming-data-corrupt")
        .as(certainty::likely)
        .known_by(fmt::format("The answer could not be read: {}.", why))
        .done();
}

maybe connection_lost(const case_view& view, const span& s) {
    if (!ended_with_connection(s)) return {};
    const auto how = s.word(ev::sip_error);
    draft found(view, "reg-connection-lost");
    const auto* kept = view.trace.latest("registration.kept");
    if (kept && kept->number(ev::connections_lost).value_or(0) > 1)
        found.known_by("So was a first one, right before it.");
    return found.seen(s)
        .about(view.user)
        .as(certainty::likely)
        .known_by(fmt::format(
            "The connection was {} before {} was answered.", how == "reset" ? "reset" : "closed",
            s.text(ev::sip_event).empty() ? "what was asked for" : s.text(ev::sip_event)))
        .not_because("prov-no-answer", "it was the connection that ended, no answer was late")
        .done();
}

maybe silence(const case_view& view, const span& s) {
    if (s.branch != "silent" && status_of(s) != 0) return {};
    auto found = about_user(view, s, "prov-no-answer");
    return found.as(certainty::likely).not_because("reg-signature-mismatch", "no answer had to be discarded").done();
}

// A time-out of a server on the way may be that of any server behind it.
maybe pool_in_trouble(const case_view& view, const span& s) {
    const auto status = status_of(s);
    if ((!server_trouble(status) && status != 408) || holds(s.text(ev::sip_event), "provisioning")) return {};
    return about_user(view, s, "limited-functionality")
        .as(status == 408 ? certainty::possible : certainty::likely)
        .title(fmt::format("{} is registered, but the pool cannot serve: {}", view.user, words_of_answer(s)))
        .done();
}

maybe refused_otherwise(const case_view& view, const span& s) {
    if (status_of(s) < 300) return {};
    if (holds(s.text(ev::sip_event), "provisioning"))
        return about_user(view, s, "prov-error")
            .title(fmt::format("The front end refuses the provisioning request: {}", words_of_answer(s)))
            .done();
    auto found = explain_refusal(view, s);
    // The REGISTER of the same user, to the same domain, was accepted.
    if (found && (is(*found, "reg-sip-domain-unsupported") || is(*found, "reg-hybrid-wrong-side")))
        found->certainty = certainty::possible;
    if (found && is(*found, "reg-423-interval"))
        found->title = fmt::format("{} considers the subscription too short", candidate_of(s));
    return found;
}

constexpr auto gate_cause_table = std::to_array<span_rule>(
    {explain_discarded, explain_lost_log_in, unknown_event, explain_next_server, dialog_gone, unknown_here,
     explain_backup_registrar, publication_refused, garbled_self, connection_lost, silence, pool_in_trouble,
     refused_otherwise});

}  // namespace

std::span<const span_rule> provisioning_causes() { return gate_cause_table; }

}  // namespace ucsignin::diagnosis
