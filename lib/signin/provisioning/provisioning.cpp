#include "signin/provisioning/provisioning.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "signin/base/notes.hpp"
#include "signin/provisioning/exchange.hpp"
#include "signin/provisioning/presence.hpp"
#include "signin/base/reading.hpp"
#include "sip/bodies.hpp"

namespace ucsignin::signin::provisioning {
namespace {

using trace::outcome;

constexpr auto provisioning_package = "vnd-microsoft-provisioning-v2";
constexpr auto self_package = "vnd-microsoft-roaming-self";
constexpr auto contacts_package = "vnd-microsoft-roaming-contacts";

sip::message make_subscribe(
    context& c, session& s, const std::string& event, const std::string& media_type, std::string body) {
    auto m = s.make_request("SUBSCRIBE", c.who.sip_uri);
    m.add("Event", event).add("Accept", media_type);
    m.add("Supported", "com.microsoft.autoextend").add("Supported", "ms-benotify").add("Proxy-Require", "ms-benotify");
    m.add("Supported", "ms-piggyback-first-notify");
    if (event == contacts_package) m.add("Supported", "ms-ucs");
    if (event == provisioning_package) m.add("Expires", "0");
    if (!body.empty()) m.add("Content-Type", media_type);
    m.body = std::move(body);
    return m;
}

// The network of this PC lets the server choose a location policy; an address is all that it wants (section 2.1).
std::string subnet_of(const session& s) {
    const auto local = net::parse_endpoint(s.local_address, 0);
    if (!local || !local->address.is_v4()) return {};
    const auto address = local->address.to_string();
    return address.substr(0, address.rfind('.')) + ".0";
}

struct burst {
    std::shared_ptr<exchange> configuration, contacts, self, profile;
};

// Nothing in the protocol makes the client wait between these (section 11.1).
burst send_burst(context& c, std::shared_ptr<session> s) {
    burst b;
    b.self = start(
        c, s, self_package,
        make_subscribe(c, *s, self_package, "application/vnd-microsoft-roaming-self+xml", sip::roaming_self_request()));
    b.contacts = start(
        c, s, contacts_package,
        make_subscribe(c, *s, contacts_package, "application/vnd-microsoft-roaming-contacts+xml", {}));
    b.configuration = start(
        c, s, provisioning_package,
        make_subscribe(
            c, *s, provisioning_package, "application/vnd-microsoft-roaming-provisioning-v2+xml",
            sip::provisioning_request(subnet_of(*s))));
    auto profile = s->make_request("SERVICE", c.who.sip_uri + ";gruu;opaque=app:locationprofile:get;default");
    profile.add("Accept", "application/ms-location-profile-definition+xml");
    b.profile = start(c, s, "location-profile", std::move(profile));
    return b;
}

// The log-in counts as accepted when the server takes any of the requests that follow the 200.
net::awaitable<bool> trace_login(context& c, std::shared_ptr<session> s, burst b) {
    auto span = c.trace.open<"provisioning.login">(s->candidate);
    const exchange* accepted = nullptr;
    const exchange* answered = nullptr;
    for (const auto& e : {b.self, b.configuration, b.contacts, b.profile}) {
        co_await e->done.wait(c.until.total());
        if (e->reply && !answered) answered = e.get();
        if (e->accepted()) {
            accepted = e.get();
            break;
        }
    }
    note(span, *s, accepted ? *accepted : answered ? *answered : *b.self);
    if (accepted) span.finish("yes", outcome::ok, accepted->event + " was answered " + in_words(*accepted));
    else if (answered)
        span.finish("refused", outcome::failed, "every request after the 200 was refused: " + in_words(*answered));
    else span.finish("silent", outcome::failed, "no answer to any request after the 200");
    co_return accepted != nullptr;
}

// What was answered, read; or why there is nothing to read.
template <class Read>
net::awaitable<Read> read_answer(context& c, std::shared_ptr<exchange> e, Read (*parse)(std::string_view)) {
    if (!e->accepted()) co_return std::unexpected(sip::parse_error{0, in_words(*e)});
    co_return co_await read_beside(parse, e->body, c.until.total());
}

net::awaitable<std::optional<sip::roaming_self>> trace_subscription(
    context& c, std::shared_ptr<session> s, std::shared_ptr<exchange> e) {
    auto span = c.trace.open<"provisioning.subscription">(s->candidate);
    co_await e->done.wait(c.until.total());
    note(span, *s, *e);
    if (!e->reply) {
        span.finish("silent", outcome::failed, "no answer to the subscription: " + in_words(*e));
        co_return std::nullopt;
    }
    if (!e->accepted()) {
        span.finish("refused", outcome::failed, in_words(*e));
        co_return std::nullopt;
    }
    auto self = co_await read_answer(c, e, sip::parse_roaming_self);
    if (!self) {
        span.note(ev::body_error, fmt::format("{} (offset {})", self.error().what, self.error().offset));
        span.finish("active", outcome::warning, "active, but its data can't be read: " + self.error().what);
        co_return sip::roaming_self{};
    }
    for (const auto& category : self->categories) span.note(ev::presence_category, category.name);
    span.finish(
        "active", self->has_categories ? outcome::ok : outcome::warning,
        self->has_categories ? fmt::format("active, {} categories", self->categories.size())
                             : "active, but without any category");
    co_return std::move(*self);
}

void note_unreadable(trace::scope& span, const sip::parse_error& error) {
    span.note(ev::body_error, fmt::format("{} (offset {})", error.what, error.offset));
}

net::awaitable<void> trace_configuration(context& c, std::shared_ptr<session> s, std::shared_ptr<exchange> e) {
    auto span = c.trace.open<"provisioning.configuration">(s->candidate);
    co_await e->done.wait(c.until.total());
    note(span, *s, *e);
    const auto groups = co_await read_answer(c, e, sip::parse_provisioning);
    if (!groups) {
        if (e->accepted()) note_unreadable(span, groups.error());
        span.finish("refused", outcome::failed, "no configuration: " + groups.error().what);
        co_return;
    }
    for (const auto& group : groups->groups) {
        span.note(ev::provisioning_group, group.name);
        for (const auto& [name, value] : group.settings)
            span.note(ev::provisioning_setting, fmt::format("{}/{} = {}", group.name, name, value));
    }
    std::string missing;
    for (const auto* name :
         {"ServerConfiguration", "meetingPolicy", "ucPolicy", "userSetting", "endpointConfiguration"}) {
        if (groups->group(name)) continue;
        span.note(ev::provisioning_missing, std::string(name));
        missing += (missing.empty() ? "" : ", ") + std::string(name);
    }
    if (missing.empty()) span.finish("all", outcome::ok, fmt::format("{} groups", groups->groups.size()));
    else span.finish("some_missing", outcome::warning, "did not come: " + missing);
}

net::awaitable<void> trace_contacts(context& c, std::shared_ptr<session> s, std::shared_ptr<exchange> e) {
    auto span = c.trace.open<"provisioning.contacts">(s->candidate);
    co_await e->done.wait(c.until.total());
    note(span, *s, *e);
    // 488 is how a pool says that the list was moved to Exchange (section 4.4).
    if (e->reply && e->reply->answer.status == 488) {
        span.finish("exchange", outcome::ok, "the list is in Exchange (488)");
        co_return;
    }
    const auto list = co_await read_answer(c, e, sip::parse_contacts);
    if (!list) {
        if (e->accepted()) note_unreadable(span, list.error());
        span.finish("refused", outcome::failed, "no contacts: " + list.error().what);
        co_return;
    }
    span.note(ev::contacts, static_cast<std::int64_t>(list->contacts.size()))
        .note(ev::contact_groups, static_cast<std::int64_t>(list->groups.size()));
    if (!list->ucs_mode.empty()) span.note(ev::ucs_mode, list->ucs_mode);
    if (list->ucs_mode == "migrated") span.finish("exchange", outcome::ok, "the list is in Exchange");
    else
        span.finish(
            "server", outcome::ok, fmt::format("{} contacts in {} groups", list->contacts.size(), list->groups.size()));
}

net::awaitable<void> trace_profile(context& c, std::shared_ptr<session> s, std::shared_ptr<exchange> e) {
    auto span = c.trace.open<"provisioning.location_profile">(s->candidate);
    co_await e->done.wait(c.until.total());
    note(span, *s, *e);
    const auto profile = co_await read_answer(c, e, sip::parse_location_profile);
    if (!profile) {
        if (e->accepted()) note_unreadable(span, profile.error());
        span.finish("refused", outcome::warning, "no dial plan: " + profile.error().what);
        co_return;
    }
    span.note(ev::dial_plan, profile->name).note(ev::dial_rules, static_cast<std::int64_t>(profile->rules.size()));
    if (profile->rules.empty()) span.finish("empty", outcome::warning, profile->name + " has no rules");
    else span.finish("profile", outcome::ok, fmt::format("{}, {} rules", profile->name, profile->rules.size()));
}

}  // namespace

net::awaitable<void> provision(context& c, std::shared_ptr<session> s) {
    const auto sent = send_burst(c, s);
    c.beside.start(trace_configuration(c, s, sent.configuration));
    c.beside.start(trace_contacts(c, s, sent.contacts));
    c.beside.start(trace_profile(c, s, sent.profile));
    const bool in = co_await trace_login(c, s, sent);
    if (!in) co_return;
    const auto self = co_await trace_subscription(c, s, sent.self);
    if (self) co_await publish_and_confirm(c, s, *self);
    for (const auto& e : {sent.configuration, sent.contacts, sent.profile}) co_await e->done.wait(c.until.total());
}

}  // namespace ucsignin::signin::provisioning
