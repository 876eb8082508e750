// What in-band provisioning says under each of the workflow's headings (protocol 02, section 2.14). Nothing is asked
// for: the answer came once, and each node judges its part.

#include <fmt/format.h>

#include "signin/base/decision.hpp"
#include "signin/provisioning/requests.hpp"
#include "sip/dial_rules.hpp"
#include "signin/provisioning/settings.hpp"
#include "sip/lexical.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::signin::provisioning {
namespace {

namespace ev = trace::ev;
using trace::outcome;

constexpr std::string_view server_configuration = "ServerConfiguration", user_setting = "userSetting",
                           voice_policy = "ucPolicy", client_policy = "endpointConfiguration",
                           location_policy = "locationPolicy", chat = "persistentChatConfiguration";

// -- the thirteen policies --

struct policy {
    std::span<const setting_place> places;
    // What may not stand together, besides one setting with two values.
    std::vector<std::string> (*exclude)(const sip::provisioning&, const answers&);
};

std::vector<std::string> nothing_more(const sip::provisioning&, const answers&) { return {}; }

std::vector<std::string> qos_without_ranges(const sip::provisioning& from, const answers&) {
    if (is_on(from, {server_configuration, "qosEnabled"}) && !is_on(from, {server_configuration, "ucPortRangeEnabled"}))
        return {"packets are to be marked (qosEnabled), and there are no port ranges to mark them by"};
    return {};
}

std::vector<std::string> voice_without_line(const sip::provisioning&, const answers& all) {
    const auto* self = all.read(asked::roaming_self);
    if (self && self->properties && self->properties->has_voice() && self->properties->lines.empty())
        return {"the user is enabled for Enterprise Voice, and has no line"};
    return {};
}

std::vector<std::string> disclaimer_without_text(const sip::provisioning& from, const answers&) {
    if (sip::same_word(setting_of(from, {location_policy, "LocationRequired"}), "disclaimer") &&
        setting_of(from, {location_policy, "EmergencyServiceDisclaimer"}).empty())
        return {"a disclaimer is to be shown (LocationRequired), and it has no text"};
    return {};
}

std::vector<std::string> chat_without_pool(const sip::provisioning& from, const answers&) {
    if (is_on(from, {chat, "EnablePersistentChat"}) &&
        setting_of(from, {chat, "DefaultPersistentChatPoolUri"}).empty() &&
        setting_of(from, {chat, "PersistentChatPoolUris"}).empty())
        return {"persistent chat is switched on, and no chat pool is named"};
    return {};
}

constexpr setting_place conferencing_places[] = {{server_configuration, "focusFactoryUri"}, {"meetingPolicy"}};
constexpr setting_place qos_places[] = {
    {server_configuration, "qosEnabled"},      {server_configuration, "enableInCallQoS"},
    {server_configuration, "ucDiffServVoice"}, {server_configuration, "ucVoice802_1p"},
    {server_configuration, "qosUri"},          {"mediaConfiguration"}};
constexpr setting_place client_places[] = {{client_policy}};
constexpr setting_place voice_places[] = {{voice_policy}};
constexpr setting_place e911_places[] = {
    {location_policy, "EnhancedEmergencyServicesEnabled"},
    {location_policy, "EmergencyDialString"},
    {location_policy, "EmergencyDialMask"},
    {location_policy, "EmergencyNumbers"},
    {location_policy, "NotificationUri"},
    {location_policy, "PstnUsage"},
    {server_configuration, "lisInternalUrl"}};
constexpr setting_place cac_places[] = {
    {server_configuration, "enableBWPolicyCheck"}, {voice_policy, "EnableBWPolicyOverride"}};
constexpr setting_place location_places[] = {
    {location_policy, "LocationPolicyTagID"},
    {location_policy, "LocationRequired"},
    {location_policy, "EmergencyServiceDisclaimer"},
    {location_policy, "UseLocationForE911Only"}};
constexpr setting_place usages_places[] = {{voice_policy, "PhoneRouteUsages"}};
constexpr setting_place chat_places[] = {{chat}};
constexpr setting_place photo_places[] = {
    {client_policy, "PhotoUsage"},
    {client_policy, "MaxPhotoSizeKB"},
    {server_configuration, "absInternalServerUrl"},
    {server_configuration, "absExternalServerUrl"}};
constexpr setting_place voicemail_places[] = {{server_configuration, "voiceMailUri"}};
constexpr setting_place user_places[] = {
    {user_setting}, {"presencePolicyV2", "EnablePrivacyMode"}, {server_configuration, "organization"}};
// Which group it is in is nowhere written down.
constexpr std::string_view via_work_names[] = {
    "CallViaWork", "EnableCallViaWork", "UseAdminCallbackNumber", "AdminCallbackNumber"};
constexpr auto via_work_places = [] {
    std::array<setting_place, 3 * std::size(via_work_names)> all{};
    std::size_t at = 0;
    for (const auto group : {voice_policy, user_setting, client_policy})
        for (const auto name : via_work_names) all[at++] = {group, name};
    return all;
}();

std::vector<std::string> callback_without_number(const sip::provisioning& from, const answers&) {
    for (const auto group : {voice_policy, user_setting, client_policy})
        if (is_on(from, {group, "UseAdminCallbackNumber"}) && setting_of(from, {group, "AdminCallbackNumber"}).empty())
            return {"Call via Work is to call back from the administrator's number, and there is none"};
    return {};
}

constexpr policy conferencing{conferencing_places, nothing_more};
constexpr policy qos{qos_places, qos_without_ranges};
constexpr policy client{client_places, nothing_more};
constexpr policy voice{voice_places, voice_without_line};
constexpr policy e911{e911_places, nothing_more};
constexpr policy cac{cac_places, nothing_more};
constexpr policy location{location_places, disclaimer_without_text};
constexpr policy usages{usages_places, nothing_more};
constexpr policy persistent_chat{chat_places, chat_without_pool};
constexpr policy photo{photo_places, nothing_more};
constexpr policy voicemail{voicemail_places, nothing_more};
constexpr policy user_data{user_places, nothing_more};
constexpr policy via_work{via_work_places, callback_without_number};

// As many settings of one policy as a span shows; all of them are in that of the configuration.
constexpr std::size_t most_shown = 12;

template <class Decided>
void note_settings(Decided& found, const std::vector<found_setting>& settings) {
    for (std::size_t i = 0; i < std::min(settings.size(), most_shown); ++i)
        found.groups.push_back(
            {{ev::setting_group, settings[i].group},
             {ev::setting_name, settings[i].name},
             {ev::setting_value, settings[i].value}});
}

template <chart::word Node, const policy& Of>
decided_at<Node> decide_policy(const answers& all) {
    const auto* came = all.read(asked::configuration);
    if (!came) return {"absent", outcome::expected, "the configuration can't be read"};
    const auto settings = find_settings(*came, Of.places);
    auto exclude = told_twice(settings);
    for (auto& one : Of.exclude(*came, all)) exclude.push_back(std::move(one));
    auto found = [&]() -> decided_at<Node> {
        if (!exclude.empty()) return {"contradictory", outcome::warning, fmt::format("{}", fmt::join(exclude, "; "))};
        if (settings.empty()) return {"absent", outcome::expected, "nothing came"};
        return {"present", outcome::ok, fmt::format("{} setting{}", settings.size(), settings.size() == 1 ? "" : "s")};
    }();
    for (auto& one : exclude) found.note(ev::contradiction, std::move(one));
    note_settings(found, settings);
    return found;
}

template <chart::word Node, const policy& Of>
constexpr node_row policy_node = node<decide_policy<Node, Of>>({asked::configuration});

// What came of asking an address of the address book. True when the user gets nothing from there.
bool tell_address_book(const address_book_seen& seen, std::vector<trace::fact>& facts) {
    facts.emplace_back(ev::web_log_in, seen.what);
    if (seen.ticket_status > 0) facts.emplace_back(ev::web_ticket_status, std::int64_t{seen.ticket_status});
    if (!seen.led_to.empty()) facts.emplace_back(ev::web_led_to, seen.led_to);
    for (const auto& scheme : seen.offered) facts.emplace_back(ev::web_offered, scheme);
    return seen.is_a_loss();
}

// Where photos and the address book are kept, whether its servers are there, and whether they let the user in.
decided_at<"provisioning.server_configuration.photo_url"> decide_photo(const answers& all) {
    auto found = decide_policy<"provisioning.server_configuration.photo_url", photo>(all);
    const auto* seen = all.read(asked::web_urls);
    if (!seen) return found;
    for (const auto& one : seen->all) {
        auto& facts = found.groups.emplace_back(std::vector<trace::fact>{
            {ev::web_setting, one.setting}, {ev::web_url, one.url}, {ev::web_state, one.state}});
        if (one.status > 0) facts.emplace_back(ev::web_status, std::int64_t{one.status});
        const bool lost = one.book && tell_address_book(*one.book, facts);
        const auto& why = lost ? one.book->detail : one.error;
        if (!why.empty()) facts.emplace_back(ev::web_error, why);
        if (lost) {
            found.how = outcome::warning;
            found.summary += fmt::format("; {}: {}", one.setting, why);
        }
        if (one.answers() || one.state.word() == "not_tried") continue;
        found.how = outcome::warning;
        found.summary += fmt::format("; {}: {}", one.setting, one.error);
    }
    return found;
}

// -- which dial plan --

// Servers write the plan of a scope with the scope before it or behind it, and the one that everybody has by several
// names.
std::string plan_word(std::string_view name) {
    const auto colon = name.rfind(':');
    if (colon != std::string_view::npos) name.remove_prefix(colon + 1);
    return sip::lower(sip::trim(name.substr(0, name.find('.'))));
}

bool same_plan(std::string_view a, std::string_view b) {
    const auto of_everybody = [](const std::string& word) {
        return word.empty() || word == "global" || word == "default" || word == "defaultprofile";
    };
    const auto one = plan_word(a), other = plan_word(b);
    return one == other || of_everybody(one) || of_everybody(other);
}

// -- which ports --

std::string ranges_in_words(const media_ports& ports) {
    std::string words;
    for (const auto& one : ports.ranges)
        words += fmt::format("{}{} {}-{}", words.empty() ? "" : ", ", one.kind.word(), one.from, one.to);
    return words;
}

std::string crowd_in_words(const range_seen& one) {
    auto words = fmt::format("; {} of {} tried for {} are taken", one.taken, one.tried, one.range.kind.word());
    if (one.denied > 0) words += fmt::format(", {} not given to programs", one.denied);
    return words;
}

// Whether other programs have the ports. A firewall may still keep what comes to them.
void note_local_ports(const ports_seen& seen, decided_at<"provisioning.media_ports">& into) {
    for (const auto& one : seen.all) {
        into.groups.push_back(
            {{ev::media_kind, one.range.kind},
             {ev::media_port_from, one.range.from},
             {ev::media_port_to, one.range.to},
             {ev::media_ports_tried, one.tried},
             {ev::media_ports_taken, one.taken},
             {ev::media_ports_denied, one.denied}});
        if (!one.is_crowded()) continue;
        into.how = outcome::warning;
        into.summary += crowd_in_words(one);
    }
    into.summary += "; whether a firewall here stops them is unknown";
    into.facts.emplace_back(ev::media_firewall, ev::firewall_word("unknown"));
}

decided_at<"provisioning.media_ports"> decide_media_ports(const answers& all) {
    using decided_here = decided_at<"provisioning.media_ports">;
    const auto* came = all.read(asked::configuration);
    if (!came) return {"default", outcome::expected, "the configuration can't be read"};
    const auto ports = read_media_ports(*came);
    auto found = [&]() -> decided_here {
        if (!ports.contradictions.empty())
            return {"contradictory", outcome::warning, fmt::format("{}", fmt::join(ports.contradictions, "; "))};
        if (!ports.enabled) return {"default", outcome::ok, "no ranges: any port from 1024 on"};
        return {"ranges", outcome::ok, ranges_in_words(ports)};
    }();
    for (auto& one : ports.contradictions) found.note(ev::contradiction, one);
    const auto* seen = all.read(asked::local_ports);
    if (seen) note_local_ports(*seen, found);
    for (const auto& one : ports.ranges)
        if (!seen || one.from > one.to)
            found.groups.push_back(
                {{ev::media_kind, one.kind}, {ev::media_port_from, one.from}, {ev::media_port_to, one.to}});
    return found;
}

decided_at<"provisioning.federation"> decide_federation(const answers& all) {
    using decided_here = decided_at<"provisioning.federation">;
    const auto* came = all.read(asked::configuration);
    if (!came) return {"partly", outcome::expected, "the configuration can't be read"};
    const bool blocked = is_on(*came, {client_policy, "BlockConversationFromFederatedContacts"});
    std::vector<std::string> providers;
    for (const auto& one : find_settings(*came, std::array{setting_place{"publicProviders", "PublicProvider"}}))
        providers.push_back(one.value);
    const auto named = providers.empty() ? std::string("no public provider is named")
                                         : fmt::format("public providers: {}", fmt::join(providers, ", "));
    auto found = [&]() -> decided_here {
        if (blocked && providers.empty())
            return {"off", outcome::ok, "conversations that partners begin are blocked, no public provider is named"};
        if (blocked) return {"partly", outcome::ok, "conversations that partners begin are blocked; " + named};
        if (providers.empty()) return {"partly", outcome::ok, "partners as the pool allows them; " + named};
        return {"on", outcome::ok, "partners as the pool allows them; " + named};
    }();
    for (auto& one : providers) found.note(ev::public_provider, std::move(one));
    return found.note(ev::partners_blocked, blocked);
}

// What becomes of each number that --dial names.
std::vector<std::vector<trace::fact>> dialled(
    const std::vector<std::string>& numbers, const sip::location_profile* plan) {
    std::vector<std::vector<trace::fact>> told;
    if (!plan)
        for (const auto& typed : numbers) told.push_back({{ev::dialled, typed}});
    if (!plan || numbers.empty()) return told;
    const sip::dial_rules rules(*plan);
    for (const auto& typed : numbers) {
        const auto one = rules.apply(typed);
        auto& facts = told.emplace_back(std::vector<trace::fact>{{ev::dialled, typed}});
        if (!one.result.empty()) facts.emplace_back(ev::dial_result, one.result);
        if (one.rule) {
            facts.emplace_back(ev::dial_rule, static_cast<std::int64_t>(*one.rule) + 1);
            facts.emplace_back(ev::dial_pattern, plan->rules.at(*one.rule).pattern);
        }
        facts.emplace_back(ev::dial_passed_over, static_cast<std::int64_t>(one.passed_over));
        if (one.not_tried > 0) facts.emplace_back(ev::dial_not_tried, static_cast<std::int64_t>(one.not_tried));
        if (one.external) facts.emplace_back(ev::dial_external, true);
    }
    return told;
}

decided_at<"provisioning.dial_plan"> decide_dial_plan(const answers& all) {
    using decided_here = decided_at<"provisioning.dial_plan">;
    const auto* came = all.read(asked::configuration);
    const auto* profile = all.read(asked::location_profile);
    const auto of_user = came ? setting_of(*came, {user_setting, "ucUserLocationProfile"}) : std::string{};
    const auto of_place = came ? setting_of(*came, {server_configuration, "ucLocationProfile"}) : std::string{};
    const auto& named = of_user.empty() ? of_place : of_user;
    const std::string delivered = profile ? profile->name : std::string{};
    auto found = [&]() -> decided_here {
        if (named.empty() && delivered.empty()) return {"none", outcome::expected, "none is named, and none came"};
        if (!named.empty() && profile && !profile->rules.empty() && !same_plan(named, delivered))
            return {
                "contradictory", outcome::warning,
                fmt::format("provisioning names {}, the rules that came are those of {}", named, delivered)};
        if (!of_user.empty()) return {"user", outcome::ok, "the user's own: " + of_user};
        return {"location", outcome::ok, "that of the location: " + (of_place.empty() ? delivered : of_place)};
    }();
    if (!named.empty()) found.note(ev::dial_plan_named, named);
    if (!delivered.empty()) found.note(ev::dial_plan, delivered);
    using enum trace::verdict;
    trace::considered own{"the user's own", chosen, of_user}, place{"that of the location", chosen, of_place};
    if (of_user.empty()) own = {own.option, failed, "none is assigned"};
    else place = {place.option, passed_over, "the user has one of his own"};
    if (of_user.empty() && of_place.empty())
        place = {
            place.option, delivered.empty() ? failed : chosen,
            delivered.empty() ? "none is named" : "none is named, but its rules came"};
    found.decision = signin::decided("Which dial plan is active?", {own, place});
    found.groups = dialled(all.dial, profile);
    return found;
}

// clang-format off
constexpr node_row configuration_table[] = {
    node<decide_media_ports>({asked::configuration, asked::local_ports}),
    node<decide_federation>({asked::configuration}),
    node<decide_dial_plan>({asked::configuration, asked::location_profile}),
    policy_node<"provisioning.server_configuration.conferencing", conferencing>,
    policy_node<"provisioning.server_configuration.qos", qos>,
    policy_node<"provisioning.server_configuration.client", client>,
    node<decide_policy<"provisioning.server_configuration.voice", voice>>({asked::configuration, asked::roaming_self}),
    policy_node<"provisioning.server_configuration.e911", e911>,
    policy_node<"provisioning.server_configuration.cac", cac>,
    policy_node<"provisioning.server_configuration.location", location>,
    policy_node<"provisioning.server_configuration.pstn_usages", usages>,
    policy_node<"provisioning.server_configuration.persistent_chat", persistent_chat>,
    node<decide_photo>({asked::configuration, asked::web_urls}),
    policy_node<"provisioning.server_configuration.voicemail", voicemail>,
    policy_node<"provisioning.server_configuration.user_data", user_data>,
    policy_node<"provisioning.server_configuration.call_via_work", via_work>,
};
// clang-format on

}  // namespace

std::span<const node_row> configuration_nodes() { return configuration_table; }

}  // namespace ucsignin::signin::provisioning
