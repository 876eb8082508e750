// Roaming self and publishing: the user's own categories (MS-PRES).

#include <set>

#include "sip/bodies.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"
#include "sip/xml.hpp"

namespace ucsignin::sip {
namespace {

constexpr std::uint32_t aggregate_container = 2;

std::uint32_t number_or_zero(const xml::element& of, std::string_view attribute) {
    return to_number<std::uint32_t>(trim(of.attribute(attribute))).value_or(0);
}

user_properties read_properties(const xml::element& from) {
    user_properties out;
    for (const auto& line : from.child("lines").children("line"))
        if (auto uri = line.text(); !uri.empty()) out.lines.push_back({std::move(uri), line.attribute("lineType")});
    out.telephony_mode = from.child("telephonyMode").text();
    const auto um = from.child("exumEnabled").text();
    out.um_enabled = xml::is_true(um) || (to_number<std::uint32_t>(um).value_or(0) & 1U) != 0;
    out.um_address = from.child("exumURL").text();
    return out;
}

message_waiting read_waiting(const xml::element& from) {
    const auto count = [&](std::string_view name) { return to_number<int>(trim(from.attribute(name))).value_or(0); };
    return {xml::is_true(from.attribute("messageWaiting")), count("unreadVoiceMailCount"), count("readVoiceMailCount")};
}

// "<ewsUrl>https://host/EWS/Exchange.asmx/WSSecurity</ewsUrl><primarySMTP>address</primarySMTP>", escaped in the text
// of an address: the path of services of its own for signed requests is left out.
void read_pointer(const std::string& text, card_photo& into) {
    const auto document = xml::document::read("<uri>" + text + "</uri>", xml::limits::fault, "uri");
    if (!document) return;
    into.ews_url = document->root().descendant("ewsUrl").text();
    into.address = document->root().descendant("primarySMTP").text();
    constexpr std::string_view for_signed = "/wssecurity";
    if (lower(into.ews_url).ends_with(for_signed)) into.ews_url.resize(into.ews_url.size() - for_signed.size());
}

card_photo read_photo(const xml::element& from) {
    card_photo out;
    out.type = from.attribute("type");
    out.hash = from.child("hash").text();
    const auto uri = from.child("uri");
    auto text = uri.children().empty() ? uri.text() : uri.outer();
    if (text.starts_with('<')) read_pointer(text, out);
    else out.url = std::move(text);
    return out;
}

// Each instance stands in several containers, with the same content; an empty one (of the blocked) says nothing.
void read_card(const xml::element& from, std::uint32_t instance, std::optional<contact_card>& into) {
    if (from.children().empty() && from.attributes().empty()) return;
    auto& card = into ? *into : into.emplace();
    const auto take = [](std::string& field, std::string text) {
        if (field.empty()) field = std::move(text);
    };
    if (instance == 0) {
        take(card.name, from.descendant("displayName").text());
        take(card.email, from.descendant("email").text());
    }
    if (instance == 4) take(card.voicemail, from.child("url").text());
    if (const auto on = from.attribute("isUCEnabled"); instance == 5 && !on.empty())
        card.communications_on = xml::is_true(on);
    if (const auto photo = from.child("photo"); photo && !card.photo) card.photo = read_photo(photo);
}

void read_options(const xml::element& from, other_options& into) {
    if (auto seen = from.descendant("missedConversationLastAccessTimestamp").text(); !seen.empty())
        into.missed_seen = std::move(seen);
    if (auto seen = from.descendant("voiceMailLastAccessTimestamp").text(); !seen.empty())
        into.voicemail_seen = std::move(seen);
    if (same_word(from.descendant("publishCalendarPresence").text(), "false")) into.calendar_off = true;
}

// Notes by their instances: each stands in several containers.
struct notes_seen {
    std::set<std::uint32_t> now, before;
};

// What of a category more than its name and version is of use.
void take_value(const category& of, const xml::element& value, roaming_self& into, notes_seen& notes) {
    if (of.name == "userProperties") into.properties = read_properties(value);
    else if (of.name == "contactCard") read_card(value, of.instance, into.card);
    else if (of.name == "otherOptions") read_options(value, into.options);
    else if (of.name == "mwi") into.messages = read_waiting(value);
    else if (of.name == "noteHistory") notes.before.insert(of.instance);
    else if (of.name == "note") {
        const auto body = value.child("body");
        if (same_word(body.attribute("type"), "personal") && !body.text().empty()) notes.now.insert(of.instance);
    }
}

category read_category(const xml::element& from) {
    category out;
    out.name = from.attribute("name");
    out.instance = number_or_zero(from, "instance");
    out.container = number_or_zero(from, "container");
    out.version = number_or_zero(from, "version");
    out.expire_type = from.attribute("expireType");
    out.publish_time = from.attribute("publishTime");
    out.endpoint = from.attribute("endpointId");
    const auto values = from.children();
    if (values.empty()) return out;
    out.xml = values.front().outer();
    if (out.name != "state") return out;
    const auto type = values.front().attribute("type");
    out.state_type = type.substr(type.find(':') + 1);  // a prefix is legal in xsi:type
    out.availability = to_number<int>(values.front().child("availability").text()).value_or(-1);
    out.activity = values.front().child("activity").attribute("token");
    return out;
}

std::string publication_xml(const publication& of, std::uint32_t container, std::uint32_t version) {
    return "<publication categoryName=\"state\" instance=\"" + std::to_string(of.instance) + "\" container=\"" +
           std::to_string(container) + "\" version=\"" + std::to_string(version) +
           "\" expireType=\"endpoint\"><state xmlns=\"http://schemas.microsoft.com/2006/09/sip/state\" "
           "manual=\"false\" "
           "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"machineState\"><availability>" +
           std::to_string(of.availability) + "</availability><endpointLocation/></state></publication>";
}

}  // namespace

bool user_properties::has_voice() const { return same_word(telephony_mode, "Uc") || same_word(telephony_mode, "Dual"); }

int roaming_self::aggregate_availability() const {
    for (const auto& one : categories)
        if (one.name == "state" && one.state_type == "aggregateState" && one.container == aggregate_container)
            return one.availability;
    return -1;
}

const category* roaming_self::find(std::string_view name, std::uint32_t instance, std::uint32_t container) const {
    for (const auto& one : categories)
        if (one.name == name && one.instance == instance && one.container == container) return &one;
    return nullptr;
}

std::expected<roaming_self, parse_error> parse_roaming_self(std::string_view text) {
    const auto body = xml::document::read(text, xml::limits::presence, "roamingData");
    if (!body) return std::unexpected(body.error());
    const auto root = body->root();
    roaming_self out;
    notes_seen notes;
    for (const auto& list : root.children("categories")) {
        out.has_categories = true;
        for (const auto& one : list.children("category")) {
            auto category = read_category(one);
            if (const auto values = one.children(); !values.empty()) take_value(category, values.front(), out, notes);
            out.categories.push_back(std::move(category));
        }
    }
    out.notes = static_cast<int>(notes.now.size());
    out.kept_notes = static_cast<int>(notes.before.size());
    const auto count = [&](std::string_view list, std::string_view item) {
        return static_cast<int>(root.child(list).children(item).size());
    };
    out.containers = count("containers", "container");
    for (const auto& container : root.child("containers").children("container"))
        for (const auto& one : container.children("member"))
            out.members.push_back(
                {number_or_zero(container, "id"), one.attribute("type"), without_scheme(one.attribute("value"))});
    out.subscribers = count("subscribers", "subscriber");
    for (const auto& one : root.child("delegates").children("delegate"))
        out.delegates.push_back(without_scheme(one.attribute("uri")));
    return out;
}

std::string roaming_self_request() {
    return "<roamingList xmlns=\"http://schemas.microsoft.com/2006/09/sip/roaming-self\"><roaming type=\"categories\"/>"
           "<roaming type=\"containers\"/><roaming type=\"subscribers\"/><roaming type=\"delegates\"/></roamingList>";
}

std::string publish_request(std::string_view sip_uri, const publication& what) {
    return "<publish xmlns=\"http://schemas.microsoft.com/2006/09/sip/rich-presence\"><publications uri=\"" +
           xml::escape(sip_uri) + "\">" + publication_xml(what, 2, what.version_2) +
           publication_xml(what, 3, what.version_3) + "</publications></publish>";
}

std::uint32_t machine_state_instance(std::string_view epid) {
    // The epid is a hash by itself where it has eight hex digits; anything else is hashed.
    auto digits = from_hex(epid.substr(0, 8));
    if (!digits || digits->size() != 4) digits = sha1(epid);
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) number = number << 8 | static_cast<unsigned char>((*digits)[i]);
    return 0x30000000U | number >> 4;
}

std::expected<std::vector<version_conflict>, parse_error> parse_publish_fault(std::string_view text) {
    const auto body = xml::document::read(text, xml::limits::fault);
    if (!body) return std::unexpected(body.error());
    if (!same_word(body->root().name(), "Fault"))
        return std::unexpected(parse_error{0, "the root element is not Fault"});
    std::vector<version_conflict> out;
    for (const auto& one : body->root().descendants("operation")) {
        const auto index = to_number<int>(trim(one.attribute("index")));
        const auto current = to_number<std::uint32_t>(trim(one.attribute("curVersion")));
        if (index && current) out.push_back({*index, *current});
    }
    return out;
}

}  // namespace ucsignin::sip
