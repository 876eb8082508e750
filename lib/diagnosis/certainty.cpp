// The table that drafts are held to, whichever rule wrote them.
#include "diagnosis/certainty.hpp"

namespace ucsignin::diagnosis {
namespace {

struct limit {
    finding_ref finding;
    std::string_view looks_the_same;
};

// clang-format off
constexpr limit limits[] = {
    {"reg-wrong-password", "A server refuses a locked or expired account, a session that a gateway broke, and a password that is wrong in the same words."},
    {"wt-bad-credentials-fault", "The ticket service names a disabled or locked account and a wrong password by one number."},
    {"reg-404-not-sip-enabled", "A user who was enabled a moment ago, and is not replicated yet, is answered in the same way."},
    {"reg-404-not-replicated", "A user who is not enabled at all is answered in the same way."},
    {"ad-user-unknown", "A reverse proxy that does not publish this path answers in the same way."},
    {"ad-404", "Whether the service or what stands before it lacks the path, the answer does not tell."},
    {"ad-not-xml", "A log-in page, a portal and a wrong target all answer with a page."},
    {"ad-503", "A stopped pool, and a balancer without a member, answer alike."},
    {"net-tcp-refused", "A stopped service, a firewall that rejects, and an address that belongs to another host by now refuse alike."},
    {"net-tcp-filtered", "A firewall that drops, a host that is down, and an address that nobody has are silent alike."},
    {"net-lb-no-member", "A balancer without members, and a service that allows only some clients, close alike."},
    {"net-rst-after-clienthello", "A filter on the way and the server itself reset alike."},
    {"net-rst-mid-handshake", "A filter on the way and the server itself reset alike."},
    {"net-idle-timeout-drop", "A restarted server ends a quiet connection as well."},
    {"net-loss", "A busy server sends late what a bad link sends again."},
    {"certprov-unreachable", "A reverse proxy that is dead and a rule for this one host look alike from here."},
    {"certprov-500", "Database, replication and issuing certificate fail with the same answer."},
    {"reg-timeout", "A server that hangs and a device on the way that swallows the answer are silent alike."},
    {"reg-503-generic", "The number of the reason is missing, or stands for several."},
    {"reg-480", "The number of the reason is missing, or stands for several."},
    {"reg-301-target-unreachable", "A server that is down, a closed way and an address of before are the same from here."},
    {"reg-504-edge-next-hop", "Only the Edge knows what its next hop answered."},
    {"local-proxy-dead-leftover", "A proxy that was taken away and one that is down for an hour are silent alike."},
    {"tls-wrong-edge-service", "What answers other than SIP does not say what it is."},
    {"prov-no-answer", "An answer that was altered and dropped on the way is missing as well."}};
// clang-format on

}  // namespace

std::string_view never_certain_because(std::string_view id) {
    for (const auto& one : limits)
        if (one.finding->id == id) return one.looks_the_same;
    return {};
}

}  // namespace ucsignin::diagnosis
