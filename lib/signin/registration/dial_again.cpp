#include "signin/registration/dial_again.hpp"

#include <fmt/format.h>
#include <optional>

#include "signin/base/decision.hpp"

namespace ucsignin::signin::registration {
namespace {

// What the server says last, or bytes that we refuse to read, would come again.
bool was_cut(const session& s) {
    if (s.ended_by != "connection_lost" || !s.lost) return false;
    return s.lost->why.what == net::fault::reset || s.lost->why.what == net::fault::closed;
}

// How the password was used to register, if it was.
std::optional<auth::password_way> way_of(const context& c, const session& s) {
    if (s.scheme == "NTLM") return auth::password_way::sip_ntlm;
    if (s.scheme == "Kerberos" && c.passwords.accepted(auth::password_way::kerberos))
        return auth::password_way::kerberos;
    return std::nullopt;
}

std::string why_not(const lost_connection& of) {
    if (of.is_second) return "a second connection was made already";
    if (of.needs_password && !of.last_use_accepted)
        return "the log-in needs the password, whose last use in this way was not accepted: it is not sent again, so "
               "that the account is not locked";
    return {};
}

}  // namespace

session::redial decide_dial_again(const lost_connection& of) {
    const auto against = why_not(of);
    const bool again = against.empty();
    const auto lost = fmt::format(
        "{} request{} had no answer when it ended", of.unanswered, of.unanswered == 1 ? "" : "s");
    const auto* for_it = of.needs_password ? "the last use of the password in this way was accepted"
                                           : "no password is needed";
    return {
        again, decided(
                   "Is the connection to " + of.server + " made once more?",
                   {{"once more", again ? trace::verdict::chosen : trace::verdict::passed_over,
                     again ? fmt::format("{}, and {}", lost, for_it) : against},
                    {"end here", again ? trace::verdict::passed_over : trace::verdict::chosen,
                     again ? std::string("a second connection may hold") : lost}})};
}

bool weigh_dialing_again(const context& c, session& s) {
    if (!s.registered || s.unanswered == 0 || !was_cut(s)) return false;
    const auto way = way_of(c, s);
    s.once_more = decide_dial_again(
        {s.candidate, s.unanswered, s.is_second, way.has_value(), !way || c.passwords.last_was_accepted(*way)});
    return s.once_more->wanted;
}

}  // namespace ucsignin::signin::registration
