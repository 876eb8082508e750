#pragma once
// The SIP connection and the registration on it. It lives outside the stages, so that sign-out can run after the
// sign-in was cancelled.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/deadline.hpp"
#include "net/tls.hpp"
#include "signin/base/context.hpp"
#include "sip/connection.hpp"

namespace ucsignin::signin {

struct session;
// Credentials of every kind ask before they go out on a session: throws std::logic_error, a bug, when they are meant
// for somebody else.
void require_meant(const credential_target& to, const session& s);

// A session on a connection whose server proved its name; it reads from now on.
[[nodiscard]] std::shared_ptr<session> open_session(
    context& c, net::host_port with, net::verified_stream over, const net::tls_facts& facts);

struct session {
    session(context& c, net::host_port with);

    // What identifies the endpoint (protocol section 4.1).
    std::string epid, instance, call_id, from_tag;
    net::host_port server;
    std::string candidate;  // the same as host:port
    std::shared_ptr<sip::connection> sip;
    std::string local_address;
    bool client_certificate_wanted = false;  // by the server of this connection, in the TLS handshake

    // From the challenge and the answers.
    std::string realm, targetname, opaque;
    std::string scheme;  // NTLM, Kerberos or TLS-DSK: by which it logged in
    bool registered = false;
    bool asked_to_register = false;  // a REGISTER that logs in is out, and no answer says what came of it
    std::int64_t keep_alive_s = 0;   // the server's idle limit, 0 for none told
    int keep_alives_sent = 0;
    std::string gruu;
    bool remote_user = false;
    bool takes_lists = false;  // Supported: adhoclist
    std::vector<std::string> allow_events;

    // Requests of the server: what it tells of each subscription (16 names of notifications.hpp at most, 8 MiB in all),
    // and how the registration ended.
    std::map<std::string, sip::message> notified;
    net::signal news;
    net::clock::time_point opened = net::clock::now();
    struct loss {
        double age_s = 0, idle_s = 0;  // of the connection when it ended, and how long it had been silent
        net::error why;
    };
    std::optional<loss> lost;
    int unanswered = 0;  // requests of stage 5 that its end left without an answer
    struct redial {      // whether to dial once more after that
        bool wanted = false;
        trace::decision why;
        bool took_over = false;  // another session did
    };
    std::optional<redial> once_more;
    bool is_second = false;  // dialled after the first was lost
    std::string ended_by;    // event of a registration-notify, or "connection_lost"
    std::vector<sip::diagnostics> ended_diagnostics;

    // Requests with everything that the desktop client puts on them.
    [[nodiscard]] sip::message make_register();
    [[nodiscard]] sip::message make_request(
        const std::string& method, const std::string& uri);  // its own Call-ID, CSeq 1
    [[nodiscard]] std::string contact_uri() const;

    // Connects it to what the connection reports, for as long as it lives.
    [[nodiscard]] static sip::connection_events events_for(std::weak_ptr<session> self);

private:
    void note_end(const net::error& why);
    [[nodiscard]] std::string via() const;
    std::uint32_t register_cseq_ = 0;
    std::string ms_opaque_, user_agent_;
    identity who_;
};

}  // namespace ucsignin::signin
