// Stage 4: what a registration that came about leaves to be desired, and how one ended.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

maybe altered_but_answered(const case_view& view, const span& s) {
    auto found = went_well(s) ? explain_altered_message(view, s) : maybe{};
    if (found) found->severity = severity::warning;
    return found;
}

maybe no_certificate_log_on(const case_view& view, const span& s) {
    if (!s.is_at("registration.challenge") || !went_well(s)) return {};
    const auto schemes = s.texts(ev::auth_scheme_offered);
    if (schemes.empty() || among(schemes, "TLS-DSK") || !among(schemes, "NTLM")) return {};
    return about_candidate(view, s, "certprov-disabled")
        .weigh(severity::warning)
        .known_by(fmt::format("It offers {}.", fmt::join(schemes, ", ")))
        .done();
}

maybe upgrade_advised(const case_view& view, const span& s) {
    if (!s.is_at("registration.signed_register") || !went_well(s) || !find_number(server_numbers(s), {17004}))
        return {};
    auto found = about_candidate(view, s, "local-client-out-of-date");
    return found.title(fmt::format("{} lets this client in but advises a newer one", candidate_of(s)))
        .weigh(severity::warning)
        .known_by("It sent the number 17004.")
        .done();
}

// A little early is a clock that is a little off; the registrar takes such a certificate by its own clock.
maybe early_certificate(const case_view& view, const span& s) {
    const auto early = s.number(ev::user_cert_early);
    if (!s.is_at("registration.user_certificate") || !early || !went_well(s)) return {};
    draft found(view, "certprov-not-yet-valid");
    found.seen(s).about(view.user).weigh(severity::warning).as(certainty::likely);
    found.title(
        fmt::format("The new user certificate of {} becomes valid in {} s by this PC's clock", view.user, *early));
    return found.known_by("Up to 300 s are attributed to clocks that differ a little, so the sign-in continued.")
        .done();
}

constexpr auto registration_note_table = std::to_array<span_rule>(
    {early_certificate, no_certificate_log_on, upgrade_advised, altered_but_answered});

// Presence and contacts came all the same: a failover of the pool moves them as well.
bool is_served_in_full(const case_view& view) {
    const auto* contacts = view.trace.latest("provisioning.contacts");
    const auto* seen = view.trace.latest("provisioning.contact_presence");
    return view.signed_in && contacts && went_well(*contacts) && contacts->branch != "refused" &&
           !(seen && ran(*seen) && seen->branch == "refused");
}

maybe backup_registrar(const case_view& view) {
    const auto* s = view.trace.latest("registration.confirmed");
    if (!s) return {};
    if (s->branch == "limited") {
        auto found = about_candidate(view, *s, "reg-backup-registrar-limited");
        if (is_served_in_full(view))
            found.weigh(severity::warning)
                .title(fmt::format("{} is signed in at a backup registrar", view.user))
                .known_by("In this run, contacts and presence were served all the same.");
        return found.about(view.user).done();
    }
    // Not said by the server, but by which of a list of home servers was reached.
    for (const auto* redirect : view.trace.all("registration.redirect")) {
        const auto homes = redirect->texts(ev::home_server);
        const auto here = std::ranges::find(homes, host_of(candidate_of(*s)));
        if (homes.size() < 2 || here == homes.end() || here == homes.begin()) continue;
        auto found = about_candidate(view, *s, "reg-backup-registrar-limited");
        found.seen(*redirect).about(view.user).as(certainty::likely).weigh(severity::warning);
        return found.known_by(fmt::format("{} is the first home server, and {} was reached.", homes.front(), *here))
            .done();
    }
    return {};
}

// A timer on the way ends what was quiet; a connection that was in use when it ended was ended by something else.
void describe_loss(draft& found, const span& s) {
    constexpr std::int64_t quiet_s = 5;
    const auto idle = s.number(ev::connection_idle), age = s.number(ev::connection_age);
    const auto limit = s.number(ev::keep_alive);
    const bool quiet = idle && *idle >= quiet_s;
    found.as(quiet ? certainty::likely : certainty::possible)
        .title(fmt::format("The connection to {} was lost after the sign-in", candidate_of(s)));
    if (!idle || !age) return;
    found.known_by(
        fmt::format("It was {:.0f} s old and had been silent for {:.0f} s.", std::trunc(*age), std::trunc(*idle)));
    if (quiet && limit) found.known_by(fmt::format("The server itself tolerates {} s of silence.", *limit));
    if (!quiet) found.known_by("It was in use until shortly before, so a restarted server is as likely as a timer.");
}

// The beginning of the word: the sources cut the rest off.
constexpr std::string_view no_user_services = "userservices-unavail";

// By its number, or by the event word where the server sends none.
finding_ref why_ended(const span& s) {
    const auto numbers = server_numbers(s);
    if (s.branch == "disabled" || find_number(numbers, {4141})) return "reg-deregistered-disabled";
    if (s.branch == "moved" || find_number(numbers, {4142, 4166, 4167})) return "reg-user-moved";
    if (s.branch == "connection_lost")
        return s.number(ev::connections_lost).value_or(0) > 0 ? "reg-connection-lost"_finding
                                                              : "net-idle-timeout-drop"_finding;
    if (find_number(numbers, {4165}) || s.text(ev::deregistered).starts_with(no_user_services))
        return "reg-backup-registrar-limited";
    return "reg-endpoint-limit";
}

void describe_drop(draft& found, const case_view& view, const span& s) {
    const auto event = s.text(ev::deregistered);
    if (find_number(server_numbers(s), {4140})) return;
    const bool is_known = event == "unregistered";
    found.as(is_known ? certainty::likely : certainty::possible);
    if (!is_known) found.title(fmt::format("The server ended the registration of {}: '{}'", view.user, event));
}

maybe not_kept(const case_view& view) {
    const auto* s = view.trace.latest("registration.kept");
    if (!s || !ran(*s) || s->branch == "kept") return {};
    // That it ended in the midst of the sign-in is its own finding, at the request that got no answer.
    if (s->branch == "connection_lost" && view.stop && view.stop->stage == 5) return {};
    const auto id = why_ended(*s);
    auto found = about_candidate(view, *s, id);
    const auto event = s->text(ev::deregistered);
    if (s->branch != "connection_lost" && !event.empty())
        found.known_by(fmt::format("The server reported the event '{}'.", event));
    if (id == "net-idle-timeout-drop") describe_loss(found, *s);
    if (id == "reg-connection-lost")
        found.as(certainty::likely)
            .known_by("It ended before all came that was asked for.")
            .not_because("net-idle-timeout-drop", "requests were under way when it ended");
    if (id == "reg-endpoint-limit") describe_drop(found, view, *s);
    if (id == "reg-backup-registrar-limited")
        found.title(
            fmt::format("The server ended the registration of {}: the user services are unavailable", view.user));
    return found.about(id == "net-idle-timeout-drop" ? candidate_of(*s) : view.user).done();
}

// It keeps the endpoint, and says that what stands behind it does not serve.
maybe kept_without_user_services(const case_view& view) {
    const auto* s = view.trace.latest("registration.kept");
    if (!s || s->branch != "kept" || s->text(ev::deregistered).find(no_user_services) == std::string::npos) return {};
    auto found = about_candidate(view, *s, "limited-functionality");
    if (is_served_in_full(view)) found.weigh(severity::warning);
    return found.about(view.user)
        .as(certainty::likely)
        .title(
            fmt::format("{} stays registered, and the server says that its user services are unavailable", view.user))
        .known_by(fmt::format("The server reported '{}'.", s->text(ev::deregistered)))
        .not_because("reg-backup-registrar-limited", "the server speaks of its own user services")
        .done();
}

// Lost in the midst of stage 5, and made once more: the second one held.
maybe held_by_a_second(const case_view& view) {
    const auto* kept = view.trace.latest("registration.kept");
    if (!kept || kept->branch != "kept" || kept->number(ev::connections_lost).value_or(0) == 0) return {};
    draft found(view, "reg-connection-lost");
    for (const auto* s : view.trace.at("registration.kept"))
        if (s->branch == "connection_lost") found.seen(*s);
    return found.seen(*kept)
        .about(view.user)
        .as(certainty::likely)
        .weigh(severity::warning)
        .title(fmt::format("The first connection to {} was lost; a second one held", candidate_of(*kept)))
        .known_by("It was made once more, and the second one held to the end of this run.")
        .not_because("net-idle-timeout-drop", "requests were under way when it ended")
        .done();
}

constexpr auto ends = std::to_array<case_rule>(
    {backup_registrar, not_kept, kept_without_user_services, held_by_a_second, refused_all_the_same});

}  // namespace

std::span<const span_rule> registration_notes() { return registration_note_table; }
std::span<const case_rule> kept_rules() { return ends; }

}  // namespace ucsignin::diagnosis
