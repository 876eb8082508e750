#pragma once
// The 200 to REGISTER: whether the server proved itself, what it says of edge, pool and endpoint; and the end of it
// all.

#include "signin/base/session.hpp"
#include "sip/connection.hpp"

namespace ucsignin::signin::registration {

// Through which Edge and pool. `targetname` is the server of the challenge, `host` the name that was connected to.
struct edge_verdict {
    chart::branch_at<"registration.edge_pool"> branch;
    trace::outcome how;
    std::string summary;
};
[[nodiscard]] edge_verdict judge_edge(const std::string& targetname, bool remote_user, const std::string& host);

// registration.server_signature; true when it is valid.
bool trace_signature(context& c, const session& s, sip::protector::verdict signature);
void note_signature(trace::scope& span, sip::protector::verdict signature);

// server_signature, redirect (here), edge_pool and confirmed from the 200; true when the endpoint is registered.
[[nodiscard]] bool confirm(context& c, session& s, const sip::reply& reply);

}  // namespace ucsignin::signin::registration
