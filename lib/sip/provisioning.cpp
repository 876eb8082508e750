// In-band provisioning: vnd-microsoft-provisioning-v2 (MS-SIPREGE 2.2.2). Four shapes of groups, flattened into one.

#include "sip/bodies.hpp"
#include "sip/lexical.hpp"
#include "sip/xml.hpp"

namespace ucsignin::sip {
namespace {

using settings = std::vector<std::pair<std::string, std::string>>;

// A property of ucPolicy may hold a list of <element>.
std::string property_value(const xml::element& property) {
    const auto items = property.children("element");
    if (items.empty()) return property.text();
    std::string joined;
    for (const auto& item : items) joined += (joined.empty() ? "" : ", ") + item.text();
    return joined;
}

// publicProviders: a document inside CDATA. One more setting for each provider, "name proxy".
void add_public_providers(const std::string& text, settings& into) {
    const auto inner = xml::document::read(text, xml::limits::dial_plan, "PublicProviders");
    if (!inner) return;  // the raw value is there already
    const auto field = [](const xml::element& of, std::string_view name) {
        const auto attribute = of.attribute(name);
        return attribute.empty() ? of.child(name).text() : attribute;
    };
    for (const auto& provider : inner->root().children("PublicProvider"))
        into.emplace_back(
            "PublicProvider", std::string(trim(field(provider, "Name") + ' ' + field(provider, "ProxyFqdn"))));
}

void add_properties(const xml::element& list, settings& into) {
    for (const auto& property : list.children("property")) {
        into.emplace_back(trim(property.attribute("name")), property_value(property));
        if (into.back().second.starts_with('<')) add_public_providers(std::string(into.back().second), into);
    }
}

// A manifest document of a grammar group: its attributes and how many entries it has.
void add_manifest(const xml::element& manifest, settings& into) {
    const auto name = manifest.name();
    for (const auto& [attribute, value] : manifest.attributes())
        into.emplace_back(name + '.' + attribute, std::string(trim(value)));
    into.emplace_back(name + ".count", std::to_string(manifest.children().size()));
}

provision_group read_group(const xml::element& from) {
    provision_group out{std::string(trim(from.attribute("name"))), {}};
    for (const auto& child : from.children()) {
        const auto name = child.name();
        if (name == "instance" || name == "propertyEntryList") add_properties(child, out.settings);
        else if (!child.children().empty()) add_manifest(child, out.settings);
        else out.settings.emplace_back(name, child.text());
    }
    return out;
}

}  // namespace

std::string provision_group::setting(std::string_view wanted) const {
    for (const auto& [have, value] : settings)
        if (same_word(have, wanted)) return value;
    return {};
}

const provision_group* provisioning::group(std::string_view name) const {
    for (const auto& one : groups)
        if (same_word(one.name, name)) return &one;
    return nullptr;
}

std::expected<provisioning, parse_error> parse_provisioning(std::string_view text) {
    const auto body = xml::document::read(text, xml::limits::provisioning, "provisionGroupList");
    if (!body) return std::unexpected(body.error());
    provisioning out;
    for (const auto& group : body->root().children("provisionGroup")) out.groups.push_back(read_group(group));
    return out;
}

std::string provisioning_request(std::string_view subnet) {
    static constexpr std::string_view groups[] = {
        "ServerConfiguration",
        "meetingPolicy",
        "ucPolicy",
        "publicationGrammar",
        "userSetting",
        "endpointConfiguration",
        "locationPolicy",
        "mediaConfiguration",
        "presencePolicyV2",
        "privacyPublicationGrammar",
        "persistentChatConfiguration",
        "publicProviders",
    };
    std::string out = "<provisioningGroupList xmlns=\"http://schemas.microsoft.com/2006/09/sip/provisioninggrouplist\"";
    if (!subnet.empty()) out += " subnet=\"" + xml::escape(subnet) + '"';
    out += '>';
    for (const auto name : groups) out.append("<provisioningGroup name=\"").append(name).append("\"/>");
    return out + "</provisioningGroupList>";
}

}  // namespace ucsignin::sip
