// Roaming self and publishing: the user's own categories (MS-PRES).

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

category read_category(const xml::element& from) {
    category out;
    out.name = from.attribute("name");
    out.instance = number_or_zero(from, "instance");
    out.container = number_or_zero(from, "container");
    out.version = number_or_zero(from, "version");
    out.expire_type = from.attribute("expireType");
    out.publish_time = from.attribute("publishTime");
    const auto values = from.children();
    if (values.empty()) return out;
    out.xml = values.front().outer();
    if (out.name != "state") return out;
    const auto type = values.front().attribute("type");
    out.state_type = type.substr(type.find(':') + 1);  // a prefix is legal in xsi:type
    out.availability = to_number<int>(values.front().child("availability").text()).value_or(-1);
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
    for (const auto& list : root.children("categories")) {
        out.has_categories = true;
        for (const auto& one : list.children("category")) out.categories.push_back(read_category(one));
    }
    const auto count = [&](std::string_view list, std::string_view item) {
        return static_cast<int>(root.child(list).children(item).size());
    };
    out.containers = count("containers", "container");
    out.subscribers = count("subscribers", "subscriber");
    out.delegates = count("delegates", "delegate");
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
