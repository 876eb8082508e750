#include "lab/front_end_bodies.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sip/lexical.hpp"
#include "sip/xml.hpp"

namespace ucsignin::lab {
namespace {

const contact_entry* find_contact(const pool_settings& settings, std::string_view address) {
    const auto found = std::find_if(settings.contacts.begin(), settings.contacts.end(), [&](const contact_entry& one) {
        return sip::same_word(one.address, address);
    });
    return found == settings.contacts.end() ? nullptr : &*found;
}

std::string contact_categories(const contact_entry& who, std::int64_t now) {
    const std::string activity = who.activity.empty()
                                     ? std::string()
                                     : fmt::format(R"(<activity token="{}"/>)", sip::xml::escape(who.activity));
    const std::string name = sip::xml::escape(who.name.empty() ? who.address : who.name);
    return fmt::format(
        R"(<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="sip:{0}">)"
        R"(<category name="contactCard" instance="0" publishTime="{1}" container="200" version="4" expireType="static">)"
        R"(<contactCard xmlns="http://schemas.microsoft.com/2006/09/sip/contactcard"><identity><name><displayName>{2}</displayName></name><email>{0}</email></identity></contactCard></category>)"
        R"(<category name="state" instance="1" publishTime="{1}" container="200" version="12" expireType="user">)"
        R"(<state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="aggregateState"><availability>{3}</availability>{4}<device>computer</device></state></category>)"
        R"(<category name="note"/><category name="calendarData"/></categories>)",
        sip::xml::escape(who.address), publish_time(now), name, who.availability, activity);
}

// A part ends in a line end of its own, before the one that belongs to the boundary: libpurple takes the last byte off.
std::string mime_part(std::string_view id, std::string_view type, std::string_view body) {
    return fmt::format(
        "--{}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: {}\r\nContent-Type: {}\r\n\r\n{}\r\n\r\n",
        presence_boundary, id, type, body);
}

bool shows(const contact_entry* who, asked_of whom) {
    return who && (who->state == "active" || (who->state == "resubscribe" && whom == asked_of::where_they_live));
}

std::string resource_xml(const std::string& address, const contact_entry* who, asked_of whom) {
    std::string instance = R"(<instance id="0" state="terminated" reason="noresource"/>)";
    if (shows(who, whom))
        instance = fmt::format(R"(<instance id="0" state="active" cid="{}"/>)", sip::xml::escape(address));
    else if (who && who->state == "terminated")
        instance = fmt::format(R"(<instance id="0" state="terminated" reason="{}"/>)", sip::xml::escape(who->reason));
    else if (who)
        instance = fmt::format(
            R"(<instance id="0" state="{}"{}/>)", sip::xml::escape(who->state),
            who->pool_fqdn.empty() ? std::string()
                                   : fmt::format(R"( poolFqdn="{}")", sip::xml::escape(who->pool_fqdn)));
    return fmt::format(R"(<resource uri="sip:{}">{}</resource>)", sip::xml::escape(address), instance);
}

// Who is named in it, persons and domains: without sip:, and version 0 while it is empty (part 02 section 3.2).
std::string container_xml(int id, const std::vector<std::string>& names) {
    if (names.empty()) return fmt::format(R"(<container id="{}" version="0"/>)", id);
    std::string members;
    for (const auto& one : names)
        members += fmt::format(
            R"(<member type="{}" value="{}"/>)", one.find('@') == std::string::npos ? "domain" : "user",
            sip::xml::escape(one));
    return fmt::format(R"(<container id="{}" version="1">{}</container>)", id, members);
}

// What the watcher sees of a user who signed in: as the scenario has the contact, but for the state.
std::optional<contact_entry> entry_of(pool_state& pool, const std::string& watcher, const std::string& address) {
    const contact_entry* listed = find_contact(pool.settings(), address);
    const account* who = pool.find_address(address);
    if (!who || !pool.was_present(*who)) return listed ? std::optional(*listed) : std::nullopt;
    contact_entry out = listed ? *listed : contact_entry{.address = who->address, .name = who->display_name};
    const auto& presence = pool.presence_of(*who);
    const auto container = container_of(*who, watcher);
    out.availability = presence.availability_in(container);
    out.activity = presence.activity_in(container);
    return out;
}

}  // namespace

std::string presence_type() {
    return fmt::format(
        R"(multipart/related; type="application/rlmi+xml";start=resourceList;boundary={})", presence_boundary);
}

std::string roaming_data_xml(
    const presentity& presence, const account& who, const std::vector<contact_entry>& contacts) {
    std::string subscribers, acting;
    for (const auto& one : who.delegates)
        acting += fmt::format(R"(<delegate uri="{}" publish="false" redelegate="false"/>)", sip::xml::escape(one));
    for (const auto& one : contacts)
        if (one.state == "active")
            subscribers += fmt::format(
                R"(<subscriber user="{}" displayName="{}" acknowledged="true" type="sameEnterprise"/>)",
                sip::xml::escape(one.address), sip::xml::escape(one.name.empty() ? one.address : one.name));
    return R"(<roamingData xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">)" +
           presence.categories_xml() +
           R"(<containers xmlns="http://schemas.microsoft.com/2006/09/sip/containers">)"
           R"(<container id="100" version="1"><member type="federated"/></container>)"
           R"(<container id="200" version="3"><member type="sameEnterprise"/></container>)" +
           container_xml(300, who.workgroup) + container_xml(400, who.personal) + container_xml(32000, who.blocked) +
           "</containers>"
           R"(<subscribers xmlns="http://schemas.microsoft.com/2006/09/sip/presence-subscribers">)" +
           subscribers +
           "</subscribers>"
           R"(<delegates xmlns="http://schemas.microsoft.com/2007/09/sip/delegates" version="1">)" +
           acting + "</delegates></roamingData>";
}

std::string roaming_delta_xml(const presentity& who, const std::set<std::string>& touched) {
    return R"(<roamingData xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">)" +
           who.categories_xml(touched) + "</roamingData>";
}

// A migrated user's list is in Exchange: what is here is empty (part 02 section 4.4).
std::string contact_list_xml(const pool_settings& settings) {
    const std::string mode = settings.ucs_mode.empty()
                                 ? std::string()
                                 : fmt::format(R"( ucsmode="{}")", sip::xml::escape(settings.ucs_mode));
    std::string out = fmt::format(
        R"(<contactList deltaNum="685"{}><group id="1" name="~" externalURI=""/><group id="2" name="Team" externalURI=""/>)",
        mode);
    const bool migrated = sip::same_word(settings.ucs_mode, "migrated");
    for (const auto& one : settings.contacts)
        if (!migrated)
            out += fmt::format(
                R"(<contact uri="{}" name="{}" groups="{}" subscribed="true" externalURI=""/>)",
                sip::xml::escape(one.address), sip::xml::escape(one.name), sip::xml::escape(one.groups));
    return out + "</contactList>";
}

std::vector<std::string> batch_resources(std::string_view request_xml) {
    const auto document = sip::xml::document::read(request_xml, sip::xml::limits::request);
    std::vector<std::string> out;
    if (!document) return out;
    const auto list = document->root().find("adhocList");
    for (const auto& one : list.children("resource")) out.push_back(bare_address(one.attribute("uri")));
    return out;
}

std::string presence_multipart(
    pool_state& pool, const std::string& watcher, const std::vector<std::string>& resources, asked_of whom) {
    std::string list, parts;
    for (const auto& address : resources) {
        const auto entry = entry_of(pool, watcher, address);
        const auto* who = entry ? &*entry : nullptr;
        list += resource_xml(address, who, whom);
        if (shows(who, whom))
            parts += mime_part(address, "application/msrtc-event-categories+xml", contact_categories(*who, pool.now()));
    }
    const std::string head = fmt::format(
        R"(<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="sip:{}" version="0" fullState="false">{}</list>)",
        sip::xml::escape(watcher), list);
    return mime_part("resourceList", "application/rlmi+xml", head) + parts +
           fmt::format("--{}--\r\n", presence_boundary);
}

std::string location_profile_xml(const pool_settings& settings) {
    static const std::vector<sip::dial_rule> ordinary{
        {R"(^(\d{6})$)", "+441785$1"},
        {R"(^0([1-9])(\d*)$)", "+44$1$2"},
        {R"(^(00)?([1-9])(\d{5,})$)", "+$2$3"},
        {"^(999$|112$|123$|101$)", "+$1"},
        {R"(^\+440(\d{10}\d?\d?))", "+44$1"}};
    std::string rules;
    for (const auto& one : settings.dial_rules.empty() ? ordinary : settings.dial_rules)
        rules += fmt::format(
            "<Rule><Pattern>{}</Pattern><Translation>{}</Translation>"
            "<InternalEnterpriseExtension>false</InternalEnterpriseExtension></Rule>",
            sip::xml::escape(one.pattern), sip::xml::escape(one.translation));
    return fmt::format(
        R"(<LocationProfileDescription xmlns="http://schemas.microsoft.com/2007/03/locationProfileDescription"><Name>{}</Name>{}<ExternalAccessPrefix>9</ExternalAccessPrefix><OptimizeDeviceDialing>true</OptimizeDeviceDialing></LocationProfileDescription>)",
        sip::xml::escape(settings.dial_plan), rules);
}

std::string conferencing_xml(const account& who, const pool_settings& settings, const std::string& request_id) {
    return fmt::format(
        R"(<response xmlns="urn:ietf:params:xml:ns:cccp" requestId="{0}" C3PVersion="1" from="sip:{1};gruu;opaque=app:conf:focusfactory" to="sip:{1}" code="success">)"
        R"(<getConferencingCapabilities><mcu-types><mcuType>chat</mcuType><mcuType>audio-video</mcuType><mcuType>data-conf</mcuType><mcuType>applicationsharing</mcuType><mcuType>phone-conf</mcuType></mcu-types>)"
        R"(<pstn-bridging><access-numbers><internal-url>https://dialin.{2}</internal-url><external-url>https://dialin.{2}</external-url>)"
        R"(<region name="Berlin"><access-number><number>+49 30 5550-900</number><language-info><language>de-DE</language></language-info></access-number></region>)"
        R"(<default-region>Berlin</default-region></access-numbers></pstn-bridging></getConferencingCapabilities></response>)",
        sip::xml::escape(request_id), sip::xml::escape(who.address), sip::xml::escape(settings.sip_domain));
}

}  // namespace ucsignin::lab
