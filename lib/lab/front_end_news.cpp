#include "lab/front_end_news.hpp"

#include <fmt/format.h>

#include "lab/front_end_bodies.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::lab {
namespace {

void tell_other_endpoints(
    pool_state& pool, const account& who, const std::string& epid, const std::set<std::string>& categories) {
    const std::string body = roaming_delta_xml(pool.presence_of(who), categories);
    for (subscription* one : pool.subscriptions_of(who.address, "vnd-microsoft-roaming-self")) {
        if (one->epid == epid || !one->send) continue;
        one->send(notification(
            *one, true, "application/vnd-microsoft-roaming-self+xml", body,
            fmt::format("active;expires={}", subscription_s)));
    }
}

void tell_watchers(pool_state& pool, const account& who) {
    for (subscription* one : pool.subscriptions_about(who.address)) {
        if (!one->send) continue;
        auto news = notification(
            *one, true, presence_type(), presence_multipart(pool, one->user, {who.address}, asked_of::own_pool),
            fmt::format("active;expires={}", subscription_s));
        news.add("Require", "eventlist");
        one->send(std::move(news));
    }
}

}  // namespace

sip::message notification(
    subscription& in, bool best_effort, std::string type, std::string body, const std::string& state) {
    sip::message out;
    out.method = best_effort ? "BENOTIFY" : "NOTIFY";
    out.request_uri = in.target;
    out.add("Via", "SIP/2.0/TLS 192.0.2.1:5061;branch=z9hG4bK" + sip::random_hex(8) + ";branched=FALSE");
    out.add("Max-Forwards", "70");
    out.add("From", in.server);
    out.add("To", in.client);
    out.add("Call-ID", in.call_id);
    out.add("CSeq", fmt::format("{} {}", ++in.sequence, out.method));
    out.add("Content-Type", std::move(type));
    out.add("Event", in.event);
    out.add("subscription-state", state);
    out.body = std::move(body);
    return out;
}

void tell_of_presence(
    pool_state& pool, const account& who, const std::string& epid, const std::set<std::string>& categories) {
    tell_other_endpoints(pool, who, epid, categories);
    if (categories.contains("state")) tell_watchers(pool, who);
}

}  // namespace ucsignin::lab
