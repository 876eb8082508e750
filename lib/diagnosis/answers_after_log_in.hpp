#pragma once
// What the answers to requests after the registration say, whichever step of stage 5 asked.

#include "diagnosis/draft.hpp"

namespace ucsignin::diagnosis {

[[nodiscard]] std::int64_t status_of(const trace::span&);  // 0: no answer
[[nodiscard]] bool server_trouble(std::int64_t status);    // the pool can't serve, whoever asks
[[nodiscard]] std::string words_of_answer(
    const trace::span&);  // "503 Service Unavailable, 5003 (...): ...", "no answer"
// What was asked for then says nothing about who was asked: the loss of the connection is told by itself.
[[nodiscard]] bool ended_with_connection(const trace::span&);
// It came, was accepted, and nothing in it, nor a notification after it, told anything.
[[nodiscard]] bool came_empty(const trace::span&);

[[nodiscard]] draft about_user(const case_view&, const trace::span&, finding_ref id);
// A function that the user lost, though signed in.
[[nodiscard]] draft loss(const case_view&, const trace::span&, finding_ref id);

// What explains an answer, or that none came, whatever was asked for: signatures that were wrong, a log-in that the
// server lost, the next server on the way, a registrar that is not the user's own.
[[nodiscard]] maybe explain_discarded(const case_view&, const trace::span&);
[[nodiscard]] maybe explain_lost_log_in(const case_view&, const trace::span&);
[[nodiscard]] maybe explain_next_server(const case_view&, const trace::span&);
[[nodiscard]] maybe explain_backup_registrar(const case_view&, const trace::span&);
[[nodiscard]] maybe explain_any_answer(const case_view&, const trace::span&);  // the first of them

}  // namespace ucsignin::diagnosis
