// The same answer means the same at every step of stage 5; what each step makes of the others is its own rule's.
#include "diagnosis/answers_after_log_in.hpp"

#include <array>

#include <fmt/format.h>

#include "diagnosis/ms_diagnostics.hpp"
#include "diagnosis/rules.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::diagnosis {

using trace::span;

std::int64_t status_of(const span& s) { return s.number(ev::sip_status).value_or(0); }

bool server_trouble(std::int64_t status) { return status == 480 || (status >= 500 && status < 600 && status != 513); }

std::string words_of_answer(const span& s) {
    const auto reason = s.text(ev::sip_reason);
    auto words = status_of(s) == 0 ? std::string("no answer")
                                   : fmt::format("{}{}{}", status_of(s), reason.empty() ? "" : " ", reason);
    for (const auto& n : server_numbers(s)) words += ", " + describe_number(n.header, n.id, n.reason);
    return words;
}

bool ended_with_connection(const span& s) {
    const auto how = s.word(ev::sip_error);
    return status_of(s) == 0 && (how == "reset" || how == "closed");
}

bool came_empty(const span& s) {
    const auto status = status_of(s);
    return status >= 200 && status < 300 && s.text(ev::body_error).empty();
}

draft about_user(const case_view& view, const span& s, finding_ref id) {
    draft found(view, id);
    found.seen(s).about(view.user);
    const auto event = s.text(ev::sip_event), method = s.text(ev::sip_method);
    const auto request = fmt::format(
        "{}{}{}", method.empty() ? "The request" : method, event.empty() ? "" : " for ", event);
    found.known_by(
        status_of(s) == 0 ? fmt::format("{} was not answered.", request)
                          : fmt::format("{} was answered with {}.", request, words_of_answer(s)));
    return found;
}

draft loss(const case_view& view, const span& s, finding_ref id) {
    auto found = about_user(view, s, id);
    found.weigh(severity::failure);
    return found;
}

maybe explain_discarded(const case_view& view, const span& s) {
    const auto count = s.number(ev::sip_discarded).value_or(0);
    if (count == 0 || status_of(s) != 0) return {};
    draft found(view, "reg-signature-mismatch");
    found.seen(s)
        .about(candidate_of(s))
        .as(certainty::likely)
        .known_by(fmt::format(
            "{} that came after the registration {} discarded, because the signature was wrong or missing.",
            count == 1 ? std::string("An answer") : fmt::format("{} answers", count), count == 1 ? "was" : "were"));
    return found.not_because("prov-no-answer", "answers did come").done();
}

// The desktop client would log in once more, and may be let in; the entry says so.
maybe explain_lost_log_in(const case_view& view, const span& s) {
    if (status_of(s) != 401) return {};
    return about_user(view, s, "sub-log-in-lost")
        .as(certainty::likely)
        .not_because("reg-wrong-password", "the REGISTER was accepted")
        .done();
}

// The number names the next server on the way, or the load of this one: whatever was asked for, it is the cause.
maybe explain_next_server(const case_view& view, const span& s) {
    if (status_of(s) < 300) return {};
    const auto numbers = server_numbers(s);
    if (!find_number(numbers, {1007, 1008, 1009, 1010, 1014, 1033, 1034, 1038, 1039, 17000})) return {};
    return explain_refusal(view, s);
}

// The catalogue's very evidence of it: registered at what is not the user's own registrar, and then not served.
maybe explain_backup_registrar(const case_view& view, const span& s) {
    const auto* confirmed = view.trace.latest("registration.confirmed");
    const bool trouble = server_trouble(status_of(s)) || status_of(s) == 408;
    if (!trouble || !confirmed || confirmed->branch != "limited") return {};
    return about_user(view, s, "reg-backup-registrar-limited")
        .seen(*confirmed)
        .known_by("The answer to the REGISTER says that this registrar is not connected to the user's own.")
        .not_because("limited-functionality", "the registrar itself says that it is not the user's own")
        .done();
}

maybe explain_any_answer(const case_view& view, const span& s) {
    for (const auto rule : {explain_discarded, explain_lost_log_in, explain_next_server, explain_backup_registrar})
        if (auto found = rule(view, s)) return found;
    return {};
}

}  // namespace ucsignin::diagnosis
