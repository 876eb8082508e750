#pragma once
// The requests after the 200, each with its answer's id, what it needs, and how it is written and read. A request of a
// new kind is written down here and nowhere else.

#include <algorithm>
#include <map>
#include <ranges>
#include <span>

#include "net/address.hpp"
#include "signin/provisioning/contact_kinds.hpp"
#include "signin/provisioning/local_ports.hpp"
#include "signin/provisioning/mailbox.hpp"
#include "signin/provisioning/media_relay.hpp"
#include "signin/provisioning/partners.hpp"
#include "signin/provisioning/photo.hpp"
#include "signin/provisioning/tables.hpp"
#include "signin/provisioning/web_urls.hpp"
#include "sip/bodies.hpp"
#include "sip/contact_presence.hpp"
#include "sip/message.hpp"
#include "sip/lexical.hpp"
#include "sip/request_uri.hpp"

namespace ucsignin::signin::provisioning {

// Places in the table below. Nothing in the protocol makes the client wait between the first five; what makes the user
// available goes before what is long to answer.
namespace asked {
inline constexpr request_id<sip::roaming_self> roaming_self{0};
inline constexpr request_id<sip::roaming_self> publication{1};
inline constexpr request_id<sip::contact_list> contacts{2};
inline constexpr request_id<sip::provisioning> configuration{3};
inline constexpr request_id<sip::location_profile> location_profile{4};
inline constexpr request_id<int> aggregate{5};  // availability, as others see it
inline constexpr request_id<auth::relay_grant> media_relay{6};
inline constexpr request_id<relays_seen> relays{7};      // those of the answer, looked at from here
inline constexpr request_id<mailbox_seen> mailbox{8};    // in Exchange
inline constexpr request_id<sip::contact_list> list{9};  // the contacts, whoever keeps them
inline constexpr request_id<sip::contact_presence> presence{10};
inline constexpr request_id<sip::contact_presence> presence_elsewhere{11};  // of whom the pool does not serve
inline constexpr request_id<partners_seen> partners{12};                    // whether DNS knows them
inline constexpr request_id<web_urls_seen> web_urls{13};                    // that the configuration names
inline constexpr request_id<photo_seen> photo{14};                          // the user's, in Exchange
inline constexpr request_id<ports_seen> local_ports{15};                    // of its ranges, on this PC
}  // namespace asked

namespace builders {

inline constexpr auto self_package = "vnd-microsoft-roaming-self";
inline constexpr auto contacts_package = "vnd-microsoft-roaming-contacts";
inline constexpr auto configuration_package = "vnd-microsoft-provisioning-v2";

inline request_text subscribe(const endpoint& me, const char* package, const char* media_type, std::string body) {
    request_text m{"SUBSCRIBE", me.sip_uri, {{"Event", package}, {"Accept", media_type}}, std::move(body)};
    for (const auto* token : {"com.microsoft.autoextend", "ms-benotify"}) m.headers.emplace_back("Supported", token);
    m.headers.emplace_back("Proxy-Require", "ms-benotify");
    m.headers.emplace_back("Supported", "ms-piggyback-first-notify");
    return m;
}

inline wish roaming_self(const endpoint& me, const answers&) {
    constexpr auto type = "application/vnd-microsoft-roaming-self+xml";
    auto m = subscribe(me, self_package, type, sip::roaming_self_request());
    m.headers.emplace_back("Content-Type", type);
    return m;
}

inline wish contacts(const endpoint& me, const answers&) {
    auto m = subscribe(me, contacts_package, "application/vnd-microsoft-roaming-contacts+xml", {});
    m.headers.emplace_back("Supported", "ms-ucs");
    return m;
}

// The network of this PC lets the server choose a location policy; an address is all that it wants (section 2.1).
inline std::string subnet_of(const std::string& local_address) {
    const auto local = net::parse_endpoint(local_address, 0);
    if (!local || !local->address.is_v4()) return {};
    const auto address = local->address.to_string();
    return address.substr(0, address.rfind('.')) + ".0";
}

inline wish configuration(const endpoint& me, const answers&) {
    constexpr auto type = "application/vnd-microsoft-roaming-provisioning-v2+xml";
    auto m = subscribe(me, configuration_package, type, sip::provisioning_request(subnet_of(me.local_address)));
    m.headers.emplace_back("Expires", "0");
    m.headers.emplace_back("Content-Type", type);
    return m;
}

inline wish location_profile(const endpoint& me, const answers&) {
    return request_text{
        "SERVICE",
        me.sip_uri + ";gruu;opaque=app:locationprofile:get;default",
        {{"Accept", "application/ms-location-profile-definition+xml"}}};
}

// Takes over what the server has, by the place in our request: container 2 came first, then 3.
inline void adopt_versions(sip::publication& state, const sip::message& conflict) {
    const auto fault = sip::parse_publish_fault(conflict.body);
    if (!fault) return;
    for (const auto& one : *fault) (one.index == 1 ? state.version_2 : state.version_3) = one.current;
}

// Machine state 3500 in containers 2 and 3, with the versions that the server has (sections 3.6 to 3.8). It does not
// wait to be told of them: of an endpoint that is new there are none, and a 409 tells the others (section 11.3).
inline wish publication(const endpoint& me, const answers& so_far) {
    if (!me.publish) return not_sent{trace::not_run_reason::switched_off, "--no-publish"};
    const auto* self = so_far.read(asked::roaming_self);
    sip::publication state;
    state.instance = sip::machine_state_instance(me.epid);
    const auto version_in = [&](std::uint32_t container) {
        const auto* known = self ? self->find("state", state.instance, container) : nullptr;
        return known ? known->version : 0;
    };
    state.version_2 = version_in(2);
    state.version_3 = version_in(3);
    for (const auto& conflict : so_far.at(asked::publication).conflicts) adopt_versions(state, conflict);
    return request_text{
        "SERVICE",
        me.sip_uri,
        {{"Content-Type", "application/msrtc-category-publish+xml"}},
        sip::publish_request(me.sip_uri, state)};
}

// The answer to the publication may leave the aggregate out; then the next notification tells.
inline wish aggregate(const endpoint&, const answers& so_far) {
    const auto* published = so_far.read(asked::publication);
    if (published && published->aggregate_availability() >= 0) return not_sent{};
    return listen_for{self_package};
}

inline wish media_relay(const endpoint& me, const answers& so_far) {
    const auto* came = so_far.read(asked::configuration);
    if (!came) return not_sent{trace::not_run_reason::not_reached, "the configuration can't be read"};
    return ask_for_relay(me, *came);
}

inline wish relays(const endpoint&, const answers& so_far) {
    const auto* granted = so_far.read(asked::media_relay);
    return granted ? look_at(*granted) : not_sent{};
}

inline wish local_ports(const endpoint&, const answers& so_far) {
    const auto* came = so_far.read(asked::configuration);
    return came ? try_local_ports(*came) : not_sent{};
}

inline std::expected<int, sip::parse_error> parse_aggregate(std::string_view body) {
    const auto self = sip::parse_roaming_self(body);
    if (!self) return std::unexpected(self.error());
    if (self->aggregate_availability() < 0) return std::unexpected(sip::parse_error{0, "no aggregate state"});
    return self->aggregate_availability();
}

inline constexpr auto presence_package = "presence";

// For so many contacts MaxCategorySubscription lets a user subscribe (section 7.5), and so many requests by themselves
// are sent at once: a user's partners need not all be asked to see whether partners answer.
inline constexpr std::size_t most_watched = 1000, most_by_themselves = 20;

// To the user's own pool about all, or to one contact about that one (section 7.2).
inline request_text watch(const endpoint& me, const std::string& uri, std::span<const std::string> contacts) {
    request_text m{"SUBSCRIBE", uri, {{"Event", presence_package}}, sip::presence_request(me.sip_uri, contacts)};
    m.headers.emplace_back(
        "Accept",
        "application/rlmi+xml, multipart/related, text/xml+msrtc.pidf, application/msrtc-event-categories+xml, "
        "application/xpidf+xml, application/pidf+xml");
    if (uri == me.sip_uri) {
        m.headers.emplace_back("Require", "adhoclist, categoryList");
        m.headers.emplace_back("Supported", "eventlist");
    }
    for (const auto* token : {"ms-piggyback-first-notify", "ms-benotify"}) m.headers.emplace_back("Supported", token);
    m.headers.emplace_back("Proxy-Require", "ms-benotify");
    m.headers.emplace_back("Content-Type", "application/msrtc-adrl-categorylist+xml");
    return m;
}

// `about` as in the answers, the URI that is asked, and about whom.
inline void add_watch(
    request_each& to, const endpoint& me, const std::string& about, const std::string& uri,
    std::span<const std::string> contacts) {
    if (to.all.size() < most_by_themselves && sip::is_request_uri(uri))
        to.all.push_back({about, watch(me, uri, contacts)});
}

inline request_each watch_singly(const endpoint& me, const std::vector<std::string>& contacts) {
    request_each m;
    for (const auto& one : contacts) add_watch(m, me, one, "sip:" + one, std::span(&one, 1));
    return m;
}

struct watched_one {
    std::string uri;
    bool asked_for = false;  // by --presence-of, and in no list
};
// The list's contacts, as many as may be asked about, and whom else the user wants to see.
inline std::vector<watched_one> watched(const answers& so_far) {
    std::vector<watched_one> all;
    const auto* list = so_far.read(asked::list);
    if (!list) return all;
    for (const auto& one : list->contacts | std::views::take(most_watched)) all.push_back({one.uri});
    for (const auto& one : so_far.presence_of) {
        const auto is_listed = [&](const watched_one& listed) { return sip::lower(listed.uri) == sip::lower(one); };
        if (std::ranges::none_of(all, is_listed)) all.push_back({one, true});
    }
    return all;
}

inline std::vector<std::string> addresses_of(std::vector<watched_one> of) {
    std::vector<std::string> all;
    for (auto& one : of) all.push_back(std::move(one.uri));
    return all;
}

inline wish presence(const endpoint& me, const answers& so_far) {
    using enum trace::not_run_reason;
    const auto who = addresses_of(watched(so_far));
    if (who.empty()) return not_sent{not_applicable, "no contacts"};
    if (me.takes_lists) return watch(me, me.sip_uri, who);
    auto singly = watch_singly(me, who);
    if (singly.all.empty()) return not_sent{not_applicable, "no contact has an address"};
    return singly;
}

inline wish partners(const endpoint& me, const answers& so_far) {
    using enum trace::not_run_reason;
    if (!me.asks_for_partners) return not_sent{switched_off, "--no-partners"};
    const auto who = addresses_of(watched(so_far));
    if (who.empty()) return not_sent{not_applicable, "no contacts"};
    auto domains = contact_kinds(me.sip_uri, so_far.read(asked::configuration)).partner_domains(who);
    if (domains.empty()) return not_sent{};
    return look_for_partners(std::move(domains));
}

// Whom the pool sends on to: partners one by one; those of another pool together, at the address that stands for it.
inline wish presence_elsewhere(const endpoint& me, const answers& so_far) {
    const auto* told = so_far.read(asked::presence);
    if (!told) return not_sent{};
    std::vector<std::string> partners;
    std::map<std::string, std::vector<std::string>> of_pool;
    for (const auto& one : told->contacts) {
        if (one.state != "resubscribe") continue;
        if (one.pool.empty()) partners.push_back(one.uri);
        else of_pool[one.pool].push_back(one.uri);
    }
    auto all = watch_singly(me, partners);
    for (const auto& [pool, who] : of_pool) add_watch(all, me, pool, pool, who);
    if (all.all.empty()) return not_sent{};
    return all;
}

inline wish web_urls(const endpoint& me, const answers& so_far) {
    const auto* came = so_far.read(asked::configuration);
    return came ? look_at_web_urls(me, *came) : not_sent{};
}

// Beside the sign-in: who is not signed in has other troubles than the calendar.
inline wish mailbox(const endpoint& me, const answers& so_far) {
    const auto* self = so_far.read(asked::roaming_self);
    if (!me.asks_exchange) return not_sent{trace::not_run_reason::switched_off, "--no-exchange"};
    return look_for_mailbox(me, self ? *self : sip::roaming_self{});
}

// Policy decides whether it is asked for, and the mailbox is asked for it last. Neither says anything of it by itself.
inline needs sources_of_photo(const answers&) { return {asked::mailbox, asked::configuration}; }

inline wish photo(const endpoint&, const answers& so_far) {
    const auto* seen = so_far.read(asked::mailbox);
    const auto* came = so_far.read(asked::configuration);
    const auto* self = so_far.read(asked::roaming_self);
    if (!seen || !came) return not_sent{};
    return look_for_photo(*seen, *came, self ? self->card : std::nullopt);
}

// A pool says by the list itself that it was moved, or by a status (section 4.4).
inline bool is_list_in_exchange(const answers& so_far) {
    constexpr int moved = 488, moved_number = 2165;
    const auto& said = so_far.at(asked::contacts);
    const auto* list = so_far.read(asked::contacts);
    if (list || !said.reply || said.accepted()) return list && sip::same_word(list->ucs_mode, "migrated");
    const auto numbers = sip::diagnostics_of(said.reply->answer);
    return said.reply->answer.status == moved ||
           std::ranges::any_of(numbers, [](const sip::diagnostics& d) { return d.id == moved_number; });
}

// Whose list the pool keeps does not wait for Exchange.
inline needs sources_of_list(const answers& so_far) {
    if (is_list_in_exchange(so_far)) return {asked::contacts, asked::mailbox};
    return {asked::contacts};
}

inline wish list_in_exchange(const answers& so_far) {
    using enum trace::not_run_reason;
    const auto& unsent = so_far.at(asked::mailbox).unsent;
    if (unsent) return not_sent{unsent->reason, "the list is in Exchange, which is not asked: " + unsent->why};
    const auto* seen = so_far.read(asked::mailbox);
    if (seen && seen->has_contacts()) return known{std::make_shared<const std::any>(seen->contacts->list)};
    return not_sent{not_reached, "the list is in Exchange, and could not be read there"};
}

inline wish list(const endpoint&, const answers& so_far) {
    if (is_list_in_exchange(so_far)) return list_in_exchange(so_far);
    const auto& said = so_far.at(asked::contacts);
    if (so_far.read(asked::contacts)) return known{**said.body};
    return not_sent{trace::not_run_reason::not_reached, "the contacts can't be read: " + said.why_nothing()};
}

}  // namespace builders

// A server that answers 409 for ever must not hold us (section 2, trap 10).
inline constexpr int most_publications = 3;

// clang-format off
inline constexpr request_row requests[] = {
    request<sip::parse_roaming_self>(asked::roaming_self, builders::self_package, {}, "provisioning.subscription", builders::roaming_self),
    request<sip::parse_roaming_self>(asked::publication, "publish", {}, "provisioning.presentity", builders::publication, 409, most_publications),
    request<sip::parse_contacts>(asked::contacts, builders::contacts_package, {}, "provisioning.contacts", builders::contacts),
    request<sip::parse_provisioning>(asked::configuration, builders::configuration_package, {}, "provisioning.configuration", builders::configuration),
    request<sip::parse_location_profile>(asked::location_profile, "location-profile", {}, "provisioning.location_profile", builders::location_profile),
    request<builders::parse_aggregate>(asked::aggregate, "aggregate", {asked::publication}, "provisioning.available", builders::aggregate),
    request<auth::parse_relay_grant>(asked::media_relay, "media-relay", {asked::configuration}, "provisioning.media_relay", builders::media_relay).as_afterthought(),
    look(asked::relays, "relays", {asked::media_relay}, "provisioning.media_relay", builders::relays),
    look(asked::mailbox, "mailbox", {asked::roaming_self}, "provisioning.calendar", builders::mailbox),
    derive(asked::list, "contact-list", builders::sources_of_list, "provisioning.contacts", builders::list),
    request<sip::parse_contact_presence, body_form::parts>(asked::presence, builders::presence_package, {asked::list}, "provisioning.contact_presence", builders::presence).as_afterthought(),
    request<sip::parse_contact_presence, body_form::parts>(asked::presence_elsewhere, builders::presence_package, {asked::presence}, "provisioning.contact_presence", builders::presence_elsewhere).as_afterthought(),
    look(asked::partners, "partners", {asked::list, asked::configuration}, "provisioning.contact_lookup", builders::partners),
    look(asked::web_urls, "web-urls", {asked::configuration}, "provisioning.server_configuration.photo_url", builders::web_urls),
    derive(asked::photo, "photo", builders::sources_of_photo, "provisioning.contact_card", builders::photo),
    look(asked::local_ports, "local-ports", {asked::configuration}, "provisioning.media_ports", builders::local_ports),
};
// clang-format on
static_assert(
    [] {
        for (std::size_t i = 0; i < std::size(requests); ++i)
            if (requests[i].id != i) return false;
        return true;
    }(),
    "an id of a request isn't its place");

}  // namespace ucsignin::signin::provisioning
