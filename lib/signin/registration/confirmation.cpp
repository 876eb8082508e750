// A 200 counts only with the server's signature: without it anybody on the way could have said yes.
#include "signin/registration/confirmation.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "signin/base/decision.hpp"
#include "signin/base/tls_ending.hpp"
#include "signin/base/notes.hpp"
#include "signin/registration/registration.hpp"
#include "signin/base/keep_alive.hpp"
#include "trace/ascii.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::signin::registration {
namespace {

using trace::outcome;
using verdict = sip::protector::verdict;

trace::code_word<ev::signature_words> name_of(verdict v) {
    switch (v) {
        case verdict::valid: return "valid";
        case verdict::invalid: return "invalid";
        default: return "missing";
    }
}

void trace_home(context& c, const session& s) {
    auto span = c.trace.open<"registration.redirect">(s.candidate);
    span.note(ev::candidate, s.candidate)
        .note(ev::home_server, s.targetname)
        .finish("here", outcome::ok, s.targetname + " is home");
}

void trace_edge(context& c, const session& s) {
    auto span = c.trace.open<"registration.edge_pool">(s.candidate);
    span.note(ev::candidate, s.candidate).note(ev::home_server, s.targetname);
    const auto host = s.candidate.substr(0, s.candidate.rfind(':'));
    const auto seen = judge_edge(s.targetname, s.remote_user, host);
    if (seen.branch == "named") span.note(ev::remote_user, std::string("RemoteUser")).note(ev::edge_server, host);
    span.finish(seen.branch, seen.how, seen.summary);
}

// The Contact of this endpoint: other endpoints of the user stand beside it.
sip::name_addr own_contact(const session& s, const sip::message& answer) {
    for (const auto& text : answer.all("Contact")) {
        auto contact = sip::parse_name_addr(text);
        if (trace::lower(contact.parameter("+sip.instance")).find(s.instance) != std::string::npos) return contact;
    }
    return {};
}

std::int64_t expires_of(const sip::message& answer, const sip::name_addr& contact) {
    const auto text = answer.header("Expires").value_or(contact.parameter("expires"));
    std::int64_t seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return seconds;
}

bool trace_confirmed(context& c, session& s, const sip::message& answer) {
    auto span = c.trace.open<"registration.confirmed">(s.candidate);
    span.wait_for_latest("registration.signed_register", s.candidate);
    const auto contact = own_contact(s, answer);
    const auto expires = expires_of(answer, contact);
    s.gruu = contact.parameter("gruu");
    span.note(ev::candidate, s.candidate).note(ev::registration_expires, expires);
    if (!s.gruu.empty()) span.note(ev::gruu, s.gruu);
    const auto state = sip::parse_name_addr("<sip:x>;" + answer.header("presence-state").value_or(""));
    if (!state.parameter("register-action").empty()) span.note(ev::register_action, state.parameter("register-action"));
    if (!state.parameter("is-connected-to-primary").empty())
        span.note(ev::primary, state.parameter("is-connected-to-primary"));
    if (expires <= 0) {
        span.finish("no", outcome::failed, "the answer registers nothing: it has no Expires above 0");
        return false;
    }
    if (state.parameter("is-connected-to-primary") == "no")
        span.finish("limited", outcome::warning, "registered at a backup registrar: limited functionality");
    else span.finish("yes", outcome::ok, fmt::format("registered for {} s", expires));
    return true;
}

struct ended {
    chart::branch_at<"registration.kept"> branch;
    std::string words;
};

ended how_it_ended(const std::string& event) {
    if (event == "rejected") return {"disabled", "the user was disabled"};
    if (event == "deactivated" || event == "preferred-registrar-change") return {"moved", "the user is being moved"};
    if (event == "connection_lost") return {"connection_lost", "the connection was lost"};
    return {"dropped", "the server dropped this endpoint (" + event + ")"};
}

// The last word counts: a server says as well when its user services are back.
std::string limited_by(const session& s) {
    constexpr std::string_view limited = "registered;event=userservices-unavail";
    constexpr std::size_t longest = 64;
    const auto said = s.notified.find("registration-notify");
    if (said == s.notified.end() || !said->second.body.starts_with(limited)) return {};
    const auto& body = said->second.body;
    return body.substr(0, std::min(body.find_first_of("\r\n;", limited.size()), longest));
}

}  // namespace

edge_verdict judge_edge(const std::string& targetname, bool remote_user, const std::string& host) {
    if (targetname.empty()) return {"unclear", outcome::unknown, "the answers do not name a server"};
    if (!remote_user) return {"internal", outcome::ok, "at " + targetname + ", without an Edge"};
    return {"named", outcome::ok, fmt::format("through the Edge {} at {}", host, targetname)};
}

void note_signature(trace::scope& span, verdict signature) { span.note(ev::signature, name_of(signature)); }

bool trace_signature(context& c, const session& s, verdict signature) {
    auto span = c.trace.open<"registration.server_signature">(s.candidate);
    span.wait_for_latest("registration.signed_register", s.candidate);
    span.note(ev::candidate, s.candidate);
    note_signature(span, signature);
    if (signature == verdict::valid) span.finish("valid", outcome::ok, "the server's signature is right");
    else if (signature == verdict::invalid)
        span.finish(
            "invalid", outcome::failed,
            "the server's signature is wrong: the server is not who it claims to be, or the message was changed on its "
            "way");
    else span.finish("missing", outcome::failed, "the server did not sign its answer");
    return signature == verdict::valid;
}

bool confirm(context& c, session& s, const sip::reply& reply) {
    const auto& answer = reply.answer;
    if (!trace_signature(c, s, reply.signature)) return false;
    s.registered = true;
    const auto supported = answer.list("Supported");
    s.takes_lists = std::ranges::any_of(supported, [](const auto& one) { return trace::same_word(one, "adhoclist"); });
    s.remote_user = answer.header("ms-user-logon-data").value_or("").find("RemoteUser") != std::string::npos;
    s.allow_events = answer.list("Allow-Events");
    s.keep_alive_s = keep_alive_timeout(answer.header("ms-keep-alive").value_or("")).value_or(0);
    trace_home(c, s);
    trace_edge(c, s);
    s.registered = trace_confirmed(c, s, answer);
    return s.registered;
}

void trace_kept(context& c, const session& s) {
    if (!s.registered) return;
    auto span = c.trace.open<"registration.kept">(s.candidate);
    span.note(ev::candidate, s.candidate);
    if (s.keep_alive_s > 0) span.note(ev::keep_alive, s.keep_alive_s);
    span.note(ev::keep_alives_sent, std::int64_t{s.keep_alives_sent});
    note_kernel(span, s.sip->kernel());
    if (s.ended_by == "connection_lost" && s.lost)
        span.note(ev::connection_age, s.lost->age_s)
            .note(ev::connection_idle, s.lost->idle_s)
            .note(ev::sip_error, word_of(s.lost->why.what));
    const int lost = (s.is_second ? 1 : 0) + (s.once_more ? 1 : 0);
    if (lost > 0) span.note(ev::connections_lost, std::int64_t{lost});
    if (s.once_more) tell(span, s.once_more->why);
    if (const auto limited = limited_by(s); s.ended_by.empty() && !limited.empty()) {
        span.note(ev::deregistered, limited);
        return span.finish("kept", outcome::warning, "still registered at the end, without user services");
    }
    if (s.ended_by.empty()) return span.finish("kept", outcome::ok, "still registered at the end");
    span.note(ev::deregistered, s.ended_by);
    for (const auto& d : s.ended_diagnostics) note_diagnostics(span, d);
    const auto how = how_it_ended(s.ended_by);
    if (s.once_more && s.once_more->took_over)
        return span.finish(how.branch, outcome::warning, how.words + "; a second one took over");
    span.finish(how.branch, outcome::failed, how.words);
}

net::awaitable<void> sign_out(context& c, std::shared_ptr<session> s, net::deadline until) {
    auto span = c.trace.open<"provisioning.sign_out">(s ? s->candidate : "");
    if (!s || !(s->registered || s->asked_to_register)) {
        span.finish("not_needed", outcome::ok, "nothing was registered");
        co_return;
    }
    span.note(ev::candidate, s->candidate);
    const std::string before = s->registered ? "" : "a REGISTER had no answer yet; ";
    if (!s->sip->is_open()) {
        span.finish(
            "failed", outcome::warning,
            before + (before.empty() ? "the connection is gone; the registration runs out by itself"
                                     : "the connection is gone; a registration, if there is one, runs out by itself"));
        co_return;
    }
    auto request = s->make_register();
    request.add("Expires", "0");
    auto reply = co_await s->sip->request(std::move(request), until);
    s->registered = s->asked_to_register = false;
    if (!reply) {
        const bool went = reply.error().sent == sip::departure::whole;
        span.finish(
            {went, "sent", "failed"}, outcome::warning,
            before + (went ? "signing out was sent and not confirmed: " : "signing out could not be sent: ") +
                in_words(reply.error()));
        co_return;
    }
    note_sip(span, reply->answer);
    if (reply->answer.status == 200) span.finish("confirmed", outcome::ok, before + "the endpoint is gone");
    else span.finish("sent", outcome::warning, before + "signing out was answered " + in_words(reply->answer));
}

}  // namespace ucsignin::signin::registration
