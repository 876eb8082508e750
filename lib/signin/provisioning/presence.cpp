#include "signin/provisioning/presence.hpp"

#include <fmt/format.h>

#include "signin/base/notes.hpp"
#include "signin/provisioning/exchange.hpp"
#include "signin/base/reading.hpp"

namespace ucsignin::signin::provisioning {
namespace {

using trace::outcome;

constexpr int most_attempts = 3;  // a server that answers 409 for ever must not hold us (section 2, trap 10)
constexpr int available_from = 3000, available_to = 4499;

std::uint32_t version_in(const sip::roaming_self& self, std::uint32_t instance, std::uint32_t container) {
    const auto* known = self.find("state", instance, container);
    return known ? known->version : 0;
}

// Takes over what the server has, by the place in our request: container 2 came first, then 3.
void adopt_versions(sip::publication& p, const std::string& fault) {
    const auto conflicts = sip::parse_publish_fault(fault);
    if (!conflicts) return;
    for (const auto& conflict : *conflicts) (conflict.index == 1 ? p.version_2 : p.version_3) = conflict.current;
}

struct published {
    bool accepted = false;
    int seen = -1;  // aggregate availability in the answer, -1 when it doesn't tell
};

net::awaitable<published> publish(context& c, std::shared_ptr<session> s, sip::publication state) {
    auto span = c.trace.open<"provisioning.presentity">(s->candidate);
    for (int attempt = 1;; ++attempt) {
        auto request = s->make_request("SERVICE", c.who.sip_uri);
        request.add("Content-Type", "application/msrtc-category-publish+xml");
        request.body = sip::publish_request(c.who.sip_uri, state);
        auto sent = start(c, s, "publish", std::move(request));
        co_await sent->done.wait(c.until.sip());
        const bool conflict = sent->reply && sent->reply->answer.status == 409;
        if (conflict && attempt < most_attempts) {
            adopt_versions(state, sent->reply->answer.body);
            continue;
        }
        note(span, *s, *sent);
        span.note(ev::publish_attempts, std::int64_t{attempt});
        if (!sent->accepted()) {
            span.finish(
                "refused", outcome::failed,
                conflict ? fmt::format("version conflict, {} times", attempt)
                         : "the publication was refused: " + in_words(*sent));
            co_return published{};
        }
        const auto answer = co_await read_beside(sip::parse_roaming_self, sent->body, c.until.total());
        span.finish(
            {attempt == 1, "yes", "conflict_resolved"}, outcome::ok,
            attempt == 1 ? "machine state 3500 was accepted" : fmt::format("accepted at attempt {}", attempt));
        co_return published{true, answer ? answer->aggregate_availability() : -1};
    }
}

// The answer may leave the aggregate out; then the next notification tells.
net::awaitable<int> wait_for_aggregate(context& c, std::shared_ptr<session> s) {
    const auto until = c.until.grace();
    for (;;) {
        if (const auto said = s->notified.find("vnd-microsoft-roaming-self"); said != s->notified.end()) {
            auto body = said->second.body;
            const auto self = co_await read_beside(sip::parse_roaming_self, std::move(body), until);
            if (self && self->aggregate_availability() >= 0) co_return self->aggregate_availability();
        }
        s->news.reset();
        const bool in_time = co_await s->news.wait(until);
        if (!in_time) co_return -1;
    }
}

void trace_available(context& c, const session& s, int availability) {
    auto span = c.trace.open<"provisioning.available">(s.candidate);
    span.note(ev::candidate, s.candidate);
    if (availability < 0) return span.finish("refused", outcome::warning, "the server did not say what others see");
    span.note(ev::presence_availability, std::int64_t{availability});
    if (availability >= available_from && availability <= available_to)
        span.finish("confirmed", outcome::ok, fmt::format("others see {}: available", availability));
    else
        span.finish(
            "outweighed", outcome::warning,
            fmt::format("others see {}: another state of the user outweighs this endpoint's 3500", availability));
}

}  // namespace

net::awaitable<void> publish_and_confirm(context& c, std::shared_ptr<session> s, sip::roaming_self self) {
    if (!c.options.publish) {
        for (const auto node : {chart::node_ref("provisioning.presentity"), chart::node_ref("provisioning.available")})
            c.trace.not_run(node, trace::not_run_reason::switched_off, "--no-publish", s->candidate);
        co_return;
    }
    sip::publication state;
    state.instance = sip::machine_state_instance(s->epid);
    state.version_2 = version_in(self, state.instance, 2);
    state.version_3 = version_in(self, state.instance, 3);
    const auto done = co_await publish(c, s, state);
    if (!done.accepted) co_return;
    int availability = done.seen;
    if (availability < 0) availability = co_await wait_for_aggregate(c, s);
    trace_available(c, *s, availability);
}

}  // namespace ucsignin::signin::provisioning
