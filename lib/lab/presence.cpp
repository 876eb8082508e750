#include "lab/presence.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sip/bodies.hpp"
#include "sip/identity.hpp"
#include "sip/lexical.hpp"
#include "sip/xml.hpp"
#include "trace/dates.hpp"

namespace ucsignin::lab {
namespace {

constexpr int offline = 18500;
constexpr std::uint32_t aggregate_machine_state = 0x10000000, user_state_by_hand = 0x20000000;

std::uint32_t number_of(sip::xml::element node, std::string_view attribute) {
    return sip::to_number<std::uint32_t>(node.attribute(attribute)).value_or(0);
}

publication read_publication(sip::xml::element node, std::int64_t now) {
    publication out;
    out.category = node.attribute("categoryName");
    out.instance = number_of(node, "instance");
    out.container = number_of(node, "container");
    out.version = number_of(node, "version");
    out.expire_type = node.attribute("expireType");
    const std::string expires = node.attribute("expires");
    const auto children = node.children();
    const auto value = children.empty() ? sip::xml::element() : children.front();
    out.remove = expires == "0" && !value;
    if (out.expire_type == "time") out.expires = now + sip::to_number<std::uint32_t>(expires).value_or(0);
    out.xml = sip::xml::canonical(value);
    out.published = now;
    if (value.name() != "state") return out;
    out.state_type = value.attribute("type");
    out.availability = sip::to_number<int>(value.child("availability").text()).value_or(-1);
    const auto activity = value.child("activity");
    out.activity = activity.attribute("token");
    out.least = sip::to_number<int>(activity.attribute("minAvailability"));
    out.most = sip::to_number<int>(activity.attribute("maxAvailability"));
    return out;
}

// Categories that only the server writes: error 2003 [MS-OCER 8.3].
bool is_read_only(const publication& wanted) {
    if (wanted.category == "userProperties" || wanted.category == "mwi" || wanted.category == "legacyInterop" ||
        wanted.category == "services")
        return true;
    if (wanted.category == "contactCard") return wanted.instance == 0;
    return wanted.category == "state" && (wanted.instance <= 1 || wanted.instance == aggregate_machine_state);
}

publication by_server(
    std::string category, std::uint32_t instance, std::uint32_t container, std::string expire_type, std::string xml,
    std::int64_t now) {
    publication out;
    out.category = std::move(category);
    out.instance = instance;
    out.container = container;
    out.expire_type = std::move(expire_type);
    out.xml = std::move(xml);
    out.published = now;
    return out;
}

std::string state_xml(std::string_view type, int availability, const std::string& activity, bool by_hand) {
    const std::string doing = activity.empty() ? std::string()
                                               : fmt::format(R"(<activity token="{}"/>)", sip::xml::escape(activity));
    return fmt::format(
        R"(<state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"{} xsi:type="{}"><availability>{}</availability>{}</state>)",
        by_hand ? R"( manual="true")" : "", type, availability, doing);
}

publication state_publication(
    std::string type, std::uint32_t instance, int availability, std::string activity, std::string endpoint,
    std::int64_t now) {
    const bool by_hand = type == "userState";
    publication out = by_server(
        "state", instance, 2, by_hand ? "static" : "endpoint", state_xml(type, availability, activity, by_hand), now);
    out.state_type = std::move(type);
    out.availability = availability;
    out.activity = std::move(activity);
    out.endpoint = std::move(endpoint);
    return out;
}

publication aggregate_publication(
    std::uint32_t container, int availability, const std::string& activity, std::int64_t now) {
    const bool blocked = container == 32000;
    publication out = by_server(
        "state", blocked ? 0 : 1, container, blocked ? "static" : "user",
        state_xml("aggregateState", availability, activity, false), now);
    out.state_type = "aggregateState";
    out.availability = availability;
    out.activity = activity;
    return out;
}

std::string properties_xml(const account& who) {
    std::string inner;
    if (!who.line_uri.empty())
        inner += fmt::format(
            R"(<lines><line lineType="{}">{}</line></lines>)", sip::xml::escape(who.telephony_mode),
            sip::xml::escape(who.line_uri));
    inner += fmt::format("<telephonyMode>{}</telephonyMode>", sip::xml::escape(who.telephony_mode));
    if (who.voice_mailbox)
        inner += fmt::format(
            "<exumEnabled>1</exumEnabled><exumURL>EUM:{};phone-context=UMPlan.{}</exumURL>",
            sip::xml::escape(who.address), sip::xml::escape(who.address.substr(who.address.find('@') + 1)));
    return R"(<userProperties xmlns="http://schemas.microsoft.com/2006/09/sip/categories">)" + inner +
           "</userProperties>";
}

std::string card_xml(std::string_view attributes, std::string_view content) {
    return fmt::format(
        R"(<contactCard xmlns="http://schemas.microsoft.com/2006/09/sip/contactcard"{}>{}</contactCard>)", attributes,
        content);
}

std::string photo_xml(const account& who) {
    const auto uri = sip::xml::escape(who.photo_uri), hash = sip::xml::escape(who.photo_hash);
    return fmt::format(R"(<photo type="enterprise"><uri>{}</uri><hash>{}</hash></photo>)", uri, hash);
}

std::string seen_xml(const account& who) {
    return fmt::format(
        R"(<otherOptions xmlns="http://schemas.microsoft.com/2006/09/sip/options/otherOptions">)"
        "<missedConversationLastAccessTimestamp>{}</missedConversationLastAccessTimestamp></otherOptions>",
        sip::xml::escape(who.missed_seen));
}

std::string note_xml(const std::string& text) {
    return R"(<note xmlns="http://schemas.microsoft.com/2006/09/sip/note"><body type="personal" uri="">)" +
           sip::xml::escape(text) + "</body></note>";
}

std::string category_xml(const publication& item) {
    return fmt::format(
        R"(<category name="{}" instance="{}" publishTime="{}" container="{}" version="{}" expireType="{}"{}{}>{}</category>)",
        sip::xml::escape(item.category), item.instance, publish_time(item.published), item.container, item.version,
        sip::xml::escape(item.expire_type),
        item.endpoint.empty() ? std::string()
                              : fmt::format(R"( endpointId="{}")", sip::instance_from_epid(item.endpoint)),
        item.expires ? fmt::format(R"( expires="{}")", item.expires - item.published) : std::string(), item.xml);
}

}  // namespace

std::string publish_time(std::int64_t seconds) { return trace::iso_time_without_zone(seconds) + ".000"; }

std::optional<publish_request> parse_publish(std::string_view xml, std::int64_t now) {
    const auto document = sip::xml::document::read(xml, sip::xml::limits::request);
    if (!document || document->root().name() != "publish") return std::nullopt;
    const auto list = document->root().child("publications");
    if (!list) return std::nullopt;
    publish_request out{list.attribute("uri"), {}};
    for (const auto& node : list.children("publication")) out.publications.push_back(read_publication(node, now));
    return out;
}

std::string publish_fault_xml(const std::vector<publish_conflict>& conflicts) {
    std::string operations;
    for (const auto& one : conflicts)
        operations += fmt::format(
            R"(<operation index="{}" version="{}" curVersion="{}"/>)", one.index, one.sent, one.current);
    return "<Fault><Faultcode>Client.BadCall.WrongDelta</Faultcode><details>" + operations + "</details></Fault>";
}

presentity::presentity(const account& who, std::int64_t now) : address_(who.address) {
    store_card(who, now);
    store(by_server("userProperties", 0, 1, "static", properties_xml(who), now));
    if (!who.missed_seen.empty()) store(by_server("otherOptions", 1, 1, "static", seen_xml(who), now));
    if (!who.note.empty())
        for (std::uint32_t container : {200U, 300U, 400U})
            store(by_server("note", 0, container, "static", note_xml(who.note), now));
    publish_aggregate(now);
    for (const auto& one : who.endpoints) add_endpoint(one, now);
    if (!who.voice_mailbox || !who.mwi) return;
    store(by_server(
        "mwi", 0, 1, "static",
        R"(<mwi xmlns="http://schemas.microsoft.com/2006/09/sip/mwi" messageWaiting="true" unreadVoiceMailCount="2" readVoiceMailCount="8"></mwi>)",
        now));
}

// Instance 0 is the directory's; 4 to 6 were published by a client that signed in before.
void presentity::store_card(const account& who, std::int64_t now) {
    if (who.contact_card == "none") return;
    const auto& email = who.email.empty() ? who.address : who.email;
    const auto identity = fmt::format(
        "<identity><name><displayName>{}</displayName></name><email>{}</email></identity>",
        sip::xml::escape(who.display_name.empty() ? who.address : who.display_name), sip::xml::escape(email));
    const auto voicemail = fmt::format(
        R"(<url type="voiceMail">sip:{};opaque=app:voicemail</url>)", sip::xml::escape(who.address));
    for (std::uint32_t container : {0U, 100U, 200U, 300U, 400U}) {
        store(by_server("contactCard", 0, container, "static", card_xml({}, identity), now));
        if (!who.photo_uri.empty() && container != 0)
            store(by_server("contactCard", 6, container, "static", card_xml({}, photo_xml(who)), now));
        if (who.contact_card != "full" || container == 0) continue;
        store(by_server("contactCard", 4, container, "static", card_xml({}, voicemail), now));
        store(by_server("contactCard", 5, container, "static", card_xml(R"( isUCEnabled="true")", {}), now));
    }
}

void presentity::store(publication wanted) {
    const key at{wanted.category, wanted.instance, wanted.container};
    const auto old = stored_.find(at);
    wanted.version = old == stored_.end() ? 1 : old->second.version + 1;
    stored_.insert_or_assign(at, std::move(wanted));
}

publish_outcome presentity::publish(
    const std::vector<publication>& wanted, const std::string& endpoint, std::int64_t now) {
    publish_outcome out;
    out.read_only = std::any_of(wanted.begin(), wanted.end(), is_read_only);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto old = stored_.find({wanted[i].category, wanted[i].instance, wanted[i].container});
        const std::uint32_t current = old == stored_.end() ? 0 : old->second.version;
        if (wanted[i].version != current) out.conflicts.push_back({i + 1, wanted[i].version, current});
    }
    if (out.read_only || !out.conflicts.empty()) return out;
    for (publication item : wanted) {
        out.touched.insert(item.category);
        item.endpoint = endpoint;
        if (item.remove) stored_.erase({item.category, item.instance, item.container});
        else store(std::move(item));
    }
    if (out.touched.contains("state")) publish_aggregate(now);
    return out;
}

void presentity::drop_endpoint(const std::string& endpoint, bool last, std::int64_t now) {
    std::erase_if(stored_, [&](const auto& entry) {
        const publication& item = entry.second;
        return (item.expire_type == "endpoint" && item.endpoint == endpoint) ||
               (last && item.expire_type == "user" && item.state_type != "aggregateState");
    });
    publish_aggregate(now);
}

void presentity::store_state(const publication& of) {
    for (std::uint32_t container : {2U, 3U}) {
        publication item = of;
        item.container = container;
        store(std::move(item));
    }
}

void presentity::set_user_state(int availability, std::int64_t now) {
    store_state(state_publication("userState", user_state_by_hand, availability, {}, {}, now));
    publish_aggregate(now);
}

void presentity::add_endpoint(const endpoint_states& of, std::int64_t now) {
    constexpr std::uint32_t calendar = 0x40000000, phone = 0x80000000;
    const auto machine = sip::machine_state_instance(of.epid), device = machine & 0x0FFFFFFFU;
    if (of.machine_state > 0)
        store_state(state_publication("machineState", machine, of.machine_state, {}, of.epid, now));
    if (of.user_state > 0)
        store_state(state_publication("userState", user_state_by_hand, of.user_state, {}, of.epid, now));
    if (of.phone_state > 0)
        store_state(state_publication("phoneState", phone | device, of.phone_state, of.activity, of.epid, now));
    if (of.calendar_state > 0)
        store_state(
            state_publication("calendarState", calendar | device, of.calendar_state, of.activity, of.epid, now));
    publish_aggregate(now);
}

// The user's own word first, the newest that has not expired; else the most present machine. Phone and calendar states
// can only make that busier, as far as their activity applies to it. Nobody is there without a machine that says so.
// (Simplified, part 02 section 3.6: the script of a real server is not public.)
presentity::aggregate_state presentity::computed_aggregate(std::int64_t now) const {
    const publication *by_hand = nullptr, *machine = nullptr;
    std::vector<const publication*> busier;
    for (const auto& [at, item] : stored_) {
        const bool counts = item.category == "state" && item.container == 2 && item.availability > 0;
        if (!counts || (item.expires > 0 && item.expires <= now)) continue;
        if (item.state_type == "userState") {
            if (!by_hand || item.published >= by_hand->published) by_hand = &item;
        } else if (item.state_type == "machineState") {
            if (!machine || item.availability < machine->availability) machine = &item;
        } else if (item.state_type == "phoneState" || item.state_type == "calendarState") {
            busier.push_back(&item);
        }
    }
    if (!machine) return {offline, {}};
    const auto* base = by_hand ? by_hand : machine;
    aggregate_state out{base->availability, base->activity};
    for (const auto* one : busier) {
        const bool applies = base->availability >= one->least.value_or(0) &&
                             base->availability < one->most.value_or(offline);
        if (applies && one->availability > out.availability) out = {one->availability, one->activity};
    }
    return out;
}

void presentity::publish_aggregate(std::int64_t now) {
    const auto [availability, activity] = computed_aggregate(now);
    const auto* known = aggregate_in(2);
    if (known && known->availability == availability && known->activity == activity) return;
    for (std::uint32_t container : {2U, 3U, 100U, 200U, 300U, 400U})
        store(aggregate_publication(container, availability, activity, now));
    store(aggregate_publication(32000, offline, {}, now));
    for (std::uint32_t container : {100U, 200U, 300U, 400U})
        store(by_server(
            "legacyInterop", 1, container, "user",
            fmt::format(
                R"(<legacyInterop xmlns="http://schemas.microsoft.com/2006/09/sip/categories" availability="{}"></legacyInterop>)",
                availability),
            now));
}

const publication* presentity::aggregate_in(std::uint32_t container) const {
    const auto found = stored_.find({"state", container == 32000 ? 0U : 1U, container});
    return found == stored_.end() ? nullptr : &found->second;
}

int presentity::aggregate() const { return availability_in(2); }

int presentity::availability_in(std::uint32_t container) const {
    const auto* one = aggregate_in(container);
    return one ? one->availability : offline;
}

std::string presentity::activity_in(std::uint32_t container) const {
    const auto* one = aggregate_in(container);
    return one ? one->activity : std::string();
}

std::uint32_t container_of(const account& of, std::string_view watcher) {
    const auto domain = [](std::string_view address) { return address.substr(address.rfind('@') + 1); };
    const auto names = [](const std::vector<std::string>& list, std::string_view who) {
        return std::any_of(list.begin(), list.end(), [&](const auto& one) { return sip::same_word(one, who); });
    };
    for (const auto who : {watcher, domain(watcher)}) {
        if (names(of.blocked, who)) return 32000;
        if (names(of.personal, who)) return 400;
        if (names(of.workgroup, who)) return 300;
    }
    return sip::same_word(domain(of.address), domain(watcher)) ? 200 : 100;
}

std::string presentity::categories_xml() const {
    std::set<std::string> all;
    for (const auto& [at, item] : stored_) all.insert(item.category);
    return categories_xml(all);
}

std::string presentity::categories_xml(const std::set<std::string>& names) const {
    std::string out = fmt::format(
        R"(<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="sip:{}">)",
        sip::xml::escape(address_));
    for (const auto& name : names) {
        const auto first = stored_.lower_bound({name, 0, 0});
        if (first == stored_.end() || std::get<0>(first->first) != name)
            out += fmt::format(R"(<category name="{}"/>)", sip::xml::escape(name));
        for (auto at = first; at != stored_.end() && std::get<0>(at->first) == name; ++at)
            out += category_xml(at->second);
    }
    return out + "</categories>";
}

}  // namespace ucsignin::lab
