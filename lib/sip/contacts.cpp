// Roaming contacts: contactList (MS-SIP 3.7.5.2).

#include "sip/bodies.hpp"
#include "sip/lexical.hpp"
#include "sip/xml.hpp"

namespace ucsignin::sip {
namespace {

int number(const xml::element& of, std::string_view attribute) {
    return to_number<int>(trim(of.attribute(attribute))).value_or(0);
}

contact read_contact(const xml::element& from) {
    contact out;
    out.uri = without_scheme(from.attribute("uri"));  // lists have it without, some servers with
    out.name = from.attribute("name");
    out.subscribed = xml::is_true(from.attribute("subscribed"));
    const auto groups = from.attribute("groups");
    for (const auto id : split_list(groups, ' '))
        if (const auto group = to_number<int>(id)) out.groups.push_back(*group);
    return out;
}

}  // namespace

std::expected<contact_list, parse_error> parse_contacts(std::string_view text) {
    const auto body = xml::document::read(text, xml::limits::contacts, "contactList");
    if (!body) return std::unexpected(body.error());
    const auto root = body->root();
    contact_list out;
    out.delta = number(root, "deltaNum");
    out.ucs_mode = root.attribute("ucsmode");
    for (const auto& one : root.children("group")) out.groups.push_back({number(one, "id"), one.attribute("name")});
    for (const auto& one : root.children("contact")) out.contacts.push_back(read_contact(one));
    return out;
}

}  // namespace ucsignin::sip
