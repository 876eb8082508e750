// Each answer of stage 5 in forms that a server may choose as well: whatever its XML is written like, it reads the
// same. The bodies are typed from the protocol's documents, whose section stands with each; they are not the lab's.

#include <catch2/catch.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <ranges>

#include "sip/bodies.hpp"
#include "sip/contact_presence.hpp"
#include "sip/lexical.hpp"
#include "sip/media_relay.hpp"
#include "sip/multipart.hpp"
#include "sip/xml.hpp"

using namespace ucsignin::sip;

namespace {

// -- what a body says, as one text --

std::string said(const provisioning& p) {
    std::string out;
    for (const auto& group : p.groups) {
        out += "[" + group.name + "]";
        for (const auto& [name, value] : group.settings) out += fmt::format("{}={};", name, value);
    }
    return out;
}

std::string said(const user_properties& of) {
    std::string out = fmt::format("{} {} {}", of.telephony_mode, of.um_enabled, of.um_address);
    for (const auto& line : of.lines) out += fmt::format(" {} {}", line.uri, line.type);
    return out;
}

std::string said(const contact_card& card) {
    auto out = fmt::format(" {} {} {}", card.name, card.email, card.voicemail);
    if (card.communications_on) out += *card.communications_on ? " can be called" : " cannot be called";
    if (const auto& p = card.photo)
        out += fmt::format(" {} '{}' {} '{}' '{}'", p->type, p->url, p->hash, p->ews_url, p->address);
    return out;
}

std::string said(const roaming_self& self) {
    std::string out = fmt::format(
        "{} {} {} {} {} {};", self.containers, self.subscribers, fmt::join(self.delegates, ","), self.notes,
        self.kept_notes, self.aggregate_availability());
    for (const auto& c : self.categories)
        out += fmt::format(
            "{} {} {} {} {} {} {} {};", c.name, c.instance, c.container, c.version, c.expire_type, c.publish_time,
            c.state_type, c.availability);
    if (self.properties) out += said(*self.properties);
    if (self.messages)
        out += fmt::format(" {} {} {}", self.messages->waiting, self.messages->unread, self.messages->read);
    if (self.card) out += said(*self.card);
    return out;
}

std::string said(const contact_list& list) {
    auto out = fmt::format("{} {};", list.delta, list.ucs_mode);
    for (const auto& group : list.groups) out += fmt::format("{} {};", group.id, group.name);
    for (const auto& one : list.contacts)
        out += fmt::format("{} {} {} {};", one.uri, one.name, fmt::join(one.groups, ","), one.subscribed);
    return out;
}

std::string said(const location_profile& plan) {
    auto out = fmt::format("{} {} {};", plan.name, plan.external_access_prefix, plan.optimize_device_dialing);
    for (const auto& rule : plan.rules)
        out += fmt::format("{} {} {};", rule.pattern, rule.translation, rule.internal_extension);
    return out;
}

std::string said(const media_relay_answer& answer) {
    auto out = fmt::format("{} {} {};", answer.reason, answer.is_granted(), answer.duration_min);
    for (const auto& relay : answer.relays)
        out += fmt::format("{} {} {} {};", relay.location, relay.host, relay.udp_port, relay.tcp_port);
    return out;
}

// In the order of addresses: parts may come in any.
std::string said(const contact_presence& told) {
    std::string out;
    for (const auto& [address, place] : told.by_address) {
        const auto& one = told.contacts[place];
        out += fmt::format(
            "{} {} {} {} {} {};", address, one.state, one.reason, one.pool, one.availability, one.activity);
    }
    return out;
}

std::string said(const std::vector<version_conflict>& all) {
    std::string out;
    for (const auto& one : all) out += fmt::format("{} {};", one.index, one.current);
    return out;
}

template <auto Parse>
std::string read(std::string_view body) {
    const auto value = Parse(first_document(body));
    return value ? said(*value) : "unreadable: " + value.error().what;
}
template <>
std::string read<parse_contact_presence>(std::string_view body) {
    const auto value = parse_contact_presence(body);
    return value ? said(*value) : "unreadable: " + value.error().what;
}

// -- the bodies --

struct known_answer {
    const char* name;
    std::string (*read)(std::string_view);
    std::string body;
    std::string shows;  // part of what it says
};

// Protocol 02, 2.15, with the shapes A to C of 2.2.
const std::string provisioning_body =
    R"(<provisionGroupList xmlns="http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification">
<provisionGroup name="ServerConfiguration"><absWebServiceEnabled>true</absWebServiceEnabled><organization/><ucPortRangeEnabled>true</ucPortRangeEnabled><ucMinMediaPort>50000</ucMinMediaPort><ucMaxMediaPort>50039</ucMaxMediaPort><helpdeskInternalUrl>https://help.contoso.example/?a=1&amp;b=2</helpdeskInternalUrl></provisionGroup>
<provisionGroup name="meetingPolicy"><instance><property name="AllowIPAudio"><![CDATA[true]]></property><property name="MeetingSize"><![CDATA[250]]></property></instance></provisionGroup>
<provisionGroup name="userSetting"><disableFileTransfer>false</disableFileTransfer><ucUserLocationProfile>Berlin</ucUserLocationProfile></provisionGroup>
<provisionGroup name="endpointConfiguration"><propertyEntryList><property name="PhotoUsage">AllPhotos</property></propertyEntryList></provisionGroup>
<provisionGroup name="publicProviders"><propertyEntryList><property name="publicProviders"><![CDATA[<PublicProviders><PublicProvider Name="x" ProxyFqdn="fed.x.example"/></PublicProviders>]]></property></propertyEntryList></provisionGroup>
</provisionGroupList>)";

// Protocol 02, 3.2; delegates as 05, correction 8.
const std::string self_body = R"(<roamingData xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">
<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="sip:alice@contoso.example">
<category name="contactCard" instance="0" publishTime="2026-03-02T08:00:01.217" container="200" version="4" expireType="static"><contactCard xmlns="http://schemas.microsoft.com/2006/09/sip/contactcard"><identity><name><displayName>Alice Example</displayName></name><email>alice@contoso.example</email></identity></contactCard></category>
<category name="userProperties" instance="0" publishTime="2026-03-02T08:00:01.217" container="1" version="7" expireType="static"><userProperties><lines><line lineType="Uc">tel:+493055501001;ext=1001</line></lines><telephonyMode>Uc</telephonyMode><exumEnabled>1</exumEnabled><exumURL>EUM:alice@contoso.example;phone-context=UMPlan.contoso.example</exumURL></userProperties></category>
<category name="state" instance="1" publishTime="2026-03-02T07:59:59.010" container="2" version="31" expireType="user"><state xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="aggregateState" xmlns="http://schemas.microsoft.com/2006/09/sip/state"><availability>18500</availability></state></category>
<category name="mwi" instance="0" publishTime="2026-03-02T07:10:00.000" container="1" version="2" expireType="static"><mwi xmlns="http://schemas.microsoft.com/2006/09/sip/mwi" messageWaiting="true" unreadVoiceMailCount="2" readVoiceMailCount="8"/></category>
</categories>
<containers xmlns="http://schemas.microsoft.com/2006/09/sip/containers"><container id="100" version="1"><member type="federated"/></container><container id="200" version="3"/></containers>
<subscribers xmlns="http://schemas.microsoft.com/2006/09/sip/presence-subscribers"><subscriber user="bob@contoso.example" displayName="Bob Example" acknowledged="true" type="sameEnterprise"/></subscribers>
<delegates xmlns="http://schemas.microsoft.com/2007/09/sip/delegates" version="1"><delegate uri="bob@contoso.example" publish="false" redelegate="false"/></delegates>
</roamingData>)";

// Protocol 02, 3.5, 8.7 and 8.10: what of the card the directory has (0), and what clients publish (4 to 6), in which a
// pointer to Exchange stands in the place of the photo's address.
const std::string card_body = R"(<roamingData xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">
<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="sip:alice@contoso.example">
<category name="contactCard" instance="0" publishTime="2026-03-02T08:00:01.217" container="200" version="4" expireType="static"><contactCard xmlns="http://schemas.microsoft.com/2006/09/sip/contactcard"><identity><name><displayName>Alice Example</displayName></name><email>alice@contoso.example</email></identity><company>Contoso</company><phone type="work"><uri>tel:+493055501001</uri></phone></contactCard></category>
<category name="contactCard" instance="4" publishTime="2026-03-02T08:00:01.217" container="200" version="1" expireType="static"><contactCard xmlns="http://schemas.microsoft.com/2006/09/sip/contactcard"><url type="voiceMail">sip:alice@contoso.example;opaque=app:voicemail</url></contactCard></category>
<category name="contactCard" instance="5" publishTime="2026-03-02T08:00:01.217" container="200" version="1" expireType="static"><contactCard xmlns="http://schemas.microsoft.com/2006/09/sip/contactcard" isUCEnabled="true"/></category>
<category name="contactCard" instance="6" publishTime="2026-03-02T08:00:01.217" container="200" version="2" expireType="static"><contactCard xmlns="http://schemas.microsoft.com/2006/09/sip/contactcard"><title>Engineer</title><office>Berlin</office><photo type="enterprise"><uri>&lt;ewsUrl&gt;https://mail.contoso.example/EWS/Exchange.asmx/WSSecurity&lt;/ewsUrl&gt;&lt;primarySMTP&gt;alice@contoso.example&lt;/primarySMTP&gt;</uri><hash>4Zt9yA==</hash></photo></contactCard></category>
<category name="contactCard" instance="6" publishTime="2026-03-02T08:00:01.217" container="32000" version="1" expireType="static"><contactCard xmlns="http://schemas.microsoft.com/2006/09/sip/contactcard"/></category>
</categories></roamingData>)";

// Protocol 02, 4.1.
const std::string contacts_body =
    R"(<contactList xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-contacts" deltaNum="17" ucsmode="disabled">
<group id="1" name="~" externalURI=""/><group id="2" name="R&amp;D &lt;Berlin>" externalURI=""/>
<contact uri="bob@contoso.example" name="" groups="1 2" subscribed="true" externalURI=""/>
<contact uri="carol@fabrikam.example" name="Carol, Fabrikam" groups="1" subscribed="false" externalURI=""><contactExtension><contactSettings contactId="3f0c6a0e-1111-4222-8333-944455556666"/></contactExtension></contact>
</contactList>)";

// Protocol 02, 5.3.
const std::string plan_body =
    R"(<LocationProfileDescription xmlns="http://schemas.microsoft.com/2007/03/locationProfileDescription">
<Name>Berlin</Name>
<Rule><Pattern>^(1\d{3})$</Pattern><Translation>+49305550$1;ext=$1</Translation><InternalEnterpriseExtension>true</InternalEnterpriseExtension><ApplicableForDeviceDialing>true</ApplicableForDeviceDialing></Rule>
<Rule><Pattern>^0([1-9]\d{5,})$</Pattern><Translation>+49$1</Translation><InternalEnterpriseExtension>false</InternalEnterpriseExtension></Rule>
<ExternalAccessPrefix>9</ExternalAccessPrefix><OptimizeDeviceDialing>true</OptimizeDeviceDialing>
</LocationProfileDescription>)";

// Protocol 02, 6.2.
const std::string relay_body =
    R"(<response xmlns="http://schemas.microsoft.com/2006/09/sip/mrasp" requestID="9017" version="1.0" serverVersion="2.0" to="sip:edge01.contoso.example@contoso.example;gruu;opaque=srvr:MRAS:TWFkZQ" from="sip:alice@contoso.example" reasonPhrase="OK"><credentialsResponse credentialsRequestID="9018"><credentials><username>AgAAJAAAAAEB2kYx</username><password>q3Vd0o7sJt6b2m5c1x9zYw0fQ2E=</password><duration>480</duration></credentials><mediaRelayList><mediaRelay><location>internet</location><hostName>av.contoso.example</hostName><udpPort>3478</udpPort><tcpPort>443</tcpPort></mediaRelay></mediaRelayList></credentialsResponse></response>)";

// Protocol 02, 7.3: a list, and one document about a contact, each by itself.
const std::string list_body =
    R"(<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="sip:alice@contoso.example" version="0" fullState="false"><resource uri="sip:bob@contoso.example"><instance id="0" state="active" cid="bob@contoso.example"/></resource><resource uri="sip:carol@fabrikam.example"><instance id="0" state="resubscribe"/></resource><resource uri="sip:erin@contoso.example"><instance id="0" state="terminated" reason="rejected"/></resource></list>)";
const std::string bob_body =
    R"(<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="sip:bob@contoso.example"><category name="state" instance="1" publishTime="2026-03-02T08:31:44.020" container="200" version="12" expireType="user"><state xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="aggregateState" xmlns="http://schemas.microsoft.com/2006/09/sip/state"><availability>6500</availability><activity token="in-a-meeting" minAvailability="6500" maxAvailability="8999"/></state></category><category name="note"/></categories>)";

// Protocol 02, 3.8.
const std::string fault_body =
    R"(<Fault><Faultcode>Client.BadCall.WrongDelta</Faultcode><details><operation index="1" version="0" curVersion="6"/><operation index="3" version="0" curVersion="9"/></details></Fault>)";

const std::vector<known_answer>& all_answers() {
    static const std::vector<known_answer> all{
        {"provisioning", read<parse_provisioning>, provisioning_body, "ucMaxMediaPort=50039"},
        {"roaming self", read<parse_roaming_self>, self_body, "tel:+493055501001;ext=1001 Uc"},
        {"contact card", read<parse_roaming_self>, card_body,
         "app:voicemail can be called enterprise '' 4Zt9yA== 'https://mail.contoso.example/EWS/Exchange.asmx' "
         "'alice@contoso.example'"},
        {"contacts", read<parse_contacts>, contacts_body, "carol@fabrikam.example Carol, Fabrikam 1 false"},
        {"dial plan", read<parse_location_profile>, plan_body, "^0([1-9]\\d{5,})$ +49$1 false"},
        {"relay credentials", read<parse_media_relay>, relay_body, "internet av.contoso.example 3478 443"},
        {"list of contacts", read<parse_contact_presence>, list_body, "erin@contoso.example terminated rejected"},
        {"state of a contact", read<parse_contact_presence>, bob_body, "6500 in-a-meeting"},
        {"version conflict", read<parse_publish_fault>, fault_body, "3 9;"}};
    return all;
}

// -- the forms --

struct style {
    std::string prefix = {};  // of every element
    std::string before = {};  // each child: blanks, comments
    bool reversed = false, single_quotes = false, cdata = false, numbered = false, padded = false, other_case = false;
};

bool is_boolean(std::string_view text) { return text == "true" || text == "false"; }

std::string in_other_case(const std::string& text) {
    if (!is_boolean(text)) return text;
    return text == "true" ? "True" : "FALSE";
}

// The first character as a reference by number.
std::string numbered(const std::string& text) {
    if (text.empty() || static_cast<unsigned char>(text.front()) > 127) return xml::escape(text);
    return fmt::format("&#x{:X};{}", static_cast<int>(text.front()), xml::escape(text.substr(1)));
}

std::string written_text(std::string text, const style& by) {
    if (by.other_case) text = in_other_case(text);
    if (text.empty()) return text;
    auto out = by.numbered ? numbered(text) : xml::escape(text);
    if (by.cdata && text.find("]]>") == std::string::npos) out = "<![CDATA[" + text + "]]>";
    return by.padded ? "\n\t " + out + " \r\n" : out;
}

std::string written_attribute(const std::string& name, std::string value, const style& by) {
    if (by.other_case) value = in_other_case(value);
    const char quote = by.single_quotes ? '\'' : '"';
    return fmt::format(
        " {}{}={}{}{}", by.padded ? "\n " : "", name, quote, by.numbered ? numbered(value) : xml::escape(value), quote);
}

std::string written(const xml::element& from, const style& by, bool is_root = true) {
    const auto name = by.prefix.empty() ? from.name() : by.prefix + ":" + from.name();
    std::vector<std::string> attributes;
    for (const auto& [key, value] : from.attributes()) attributes.push_back(written_attribute(key, value, by));
    if (is_root && !by.prefix.empty())
        attributes.push_back(written_attribute("xmlns:" + by.prefix, "urn:any", style{}));
    if (by.reversed) std::ranges::reverse(attributes);
    std::string out = fmt::format("<{}{}>", name, fmt::join(attributes, ""));
    const auto children = from.children();
    if (children.empty()) out += written_text(from.text(), by);
    for (const auto& child : children) out += by.before + written(child, by, false);
    return out + fmt::format("</{}>", name);
}

struct form {
    const char* name;
    std::function<std::string(const std::string&)> of;
};

std::function<std::string(const std::string&)> rewritten(style by) {
    return [by](const std::string& body) {
        const auto document = xml::document::read(body, xml::limits::provisioning);
        REQUIRE(document);
        return written(document->root(), by);
    };
}

std::string wrapped(const std::string& body, const std::string& end) {
    return "--b_1" + end + "Content-Type: application/octet-stream" + end + end + body + end + "--b_1--" + end;
}

const std::vector<form>& all_forms() {
    static const std::vector<form> all{
        {"prefixes", rewritten({.prefix = "q"})},
        {"attributes in another order and quotes", rewritten({.reversed = true, .single_quotes = true})},
        {"CDATA", rewritten({.cdata = true})},
        {"characters by number", rewritten({.numbered = true})},
        {"blanks and comments", rewritten({.before = "\r\n  <!-- <Fault/> -->\n", .padded = true})},
        {"booleans in another case", rewritten({.other_case = true})},
        {"byte order mark and declaration",
         [](const std::string& body) { return "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + body; }},
        {"one part of several", [](const std::string& body) { return wrapped(body, "\r\n"); }},
        {"one part, bare line feeds", [](const std::string& body) { return wrapped(body, "\n"); }},
        {"all at once", [](const std::string& body) {
             const style by{
                 .prefix = "ns0",
                 .before = "\n",
                 .reversed = true,
                 .single_quotes = true,
                 .numbered = true,
                 .padded = true};
             return wrapped(rewritten(by)(body), "\r\n");
         }}};
    return all;
}

std::string multipart(std::initializer_list<std::string> parts) {
    std::string out;
    for (const auto& part : parts) out += "--p\r\nContent-Type: text/plain\r\n\r\n" + part + "\r\n";
    return out + "--p--\r\n";
}

}  // namespace

TEST_CASE("every answer of stage 5 reads the same in every form", "[foreign]") {
    for (const auto& answer : all_answers()) {
        const auto usual = answer.read(answer.body);
        INFO(answer.name << ": " << usual);
        CHECK(usual.find(answer.shows) != std::string::npos);
        for (const auto& one : all_forms()) {
            const auto body = one.of(answer.body);
            INFO(one.name << ": " << body);
            CHECK(body != answer.body);
            CHECK(lower(answer.read(body)) == lower(usual));
        }
    }
}

TEST_CASE("parts about contacts may come in any order, the list last", "[foreign]") {
    const auto read_all = read<parse_contact_presence>;
    const auto carol = std::string(
        R"(<p:presence xmlns:p="urn:ietf:params:xml:ns:pidf" entity="sip:carol@fabrikam.example"><p:tuple id="1"><p:status><p:basic>open</p:basic></p:status></p:tuple></p:presence>)");
    const auto usual = read_all(multipart({list_body, bob_body, carol}));
    CHECK(usual.find("in-a-meeting") != std::string::npos);
    CHECK(usual.find("resubscribe") != std::string::npos);
    for (const auto& body :
         {multipart({bob_body, carol, list_body}), multipart({carol, list_body, bob_body}),
          "a word before\r\n" + multipart({carol, bob_body, list_body}) + "and one behind"})
        CHECK(read_all(body) == usual);
}

TEST_CASE("what is optional may be missing, and older servers leave more out", "[foreign]") {
    struct row {
        std::string (*read)(std::string_view);
        std::string usual, older;
    };
    const auto without = [](std::string body, std::initializer_list<std::string_view> parts) {
        for (const auto part : parts) {
            const auto at = body.find(part);
            REQUIRE(at != std::string::npos);
            body.erase(at, part.size());
        }
        return body;
    };
    // An address in place of a name, and no ports: 6.2. Live and Communications Server called versions otherwise.
    const row rows[] = {
        {read<parse_media_relay>, relay_body,
         without(relay_body, {"<udpPort>3478</udpPort>", "<tcpPort>443</tcpPort>", R"( serverVersion="2.0")"})},
        {read<parse_media_relay>, relay_body,
         R"(<response reasonPhrase="OK" version="1.0"><credentialsResponse><credentials><username>AgAA</username><password>q3Vd</password><duration>480</duration><realm>rtcmedia</realm></credentials><mediaRelayList><mediaRelay><location>internet</location><directIPAddress>av.contoso.example</directIPAddress></mediaRelay></mediaRelayList></credentialsResponse></response>)"},
        // 5.3: what a rule is for is optional, absent is false.
        {read<parse_location_profile>, plan_body,
         without(
             plan_body, {"<ApplicableForDeviceDialing>true</ApplicableForDeviceDialing>",
                         "<InternalEnterpriseExtension>false</InternalEnterpriseExtension>"})},
        // 4.1: links to more data, and the contact's own.
        {read<parse_contacts>, contacts_body,
         without(
             contacts_body,
             {R"( externalURI="")", R"( externalURI="")", R"( externalURI="")", R"( externalURI="")",
              R"(<contactExtension><contactSettings contactId="3f0c6a0e-1111-4222-8333-944455556666"/></contactExtension>)"})},
        // 4.1: some servers write the scheme, and a blank behind the last group.
        {read<parse_contacts>, contacts_body,
         R"(<contactList deltaNum="17" ucsmode="disabled"><group id="1" name="~"/><group id="2" name="R&amp;D &lt;Berlin&gt;"/><contact uri="sip:bob@contoso.example" groups="1 2 " subscribed="1"/><contact uri="sip:carol@fabrikam.example" name="Carol, Fabrikam" groups="1"/></contactList>)"},
        // 3.2: the newer attributes of a subscriber, members of a container, a prefix in xsi:type.
        {read<parse_roaming_self>, self_body,
         without(
             self_body, {R"( displayName="Bob Example" acknowledged="true" type="sameEnterprise")",
                         R"(<member type="federated"/>)", R"( publish="false" redelegate="false")"})},
        // 8.7: the pointer as elements, its path without the last part, and no prolog of other people's clients.
        {read<parse_roaming_self>, card_body,
         [] {
             auto body = card_body;
             const auto from = body.find("&lt;ewsUrl"), to = body.find("</uri>", from);
             body.replace(
                 from, to - from,
                 "<e:ewsUrl xmlns:e=\"urn:x\">https://mail.contoso.example/EWS/Exchange.asmx</e:ewsUrl>"
                 "<primarySMTP>alice@contoso.example</primarySMTP>");
             return body;
         }()},
        // 3.8: all that counts is where and what.
        {read<parse_publish_fault>, fault_body,
         R"(<fault><operation curVersion="6" index="1"/><operation curVersion=" 9 " index="3"/></fault>)"}};
    for (const auto& [read_as, usual, older] : rows) {
        INFO(older);
        CHECK(older != usual);
        CHECK(read_as(older) == read_as(usual));
    }
    // 2.2: before properties had entry lists, settings were elements; the values are the same.
    const auto old_groups = parse_provisioning(
        R"(<provisionGroupList><provisionGroup name="meetingPolicy"><AllowIPAudio>true</AllowIPAudio><MeetingSize>250</MeetingSize></provisionGroup></provisionGroupList>)");
    const auto now = parse_provisioning(provisioning_body);
    REQUIRE((old_groups && now));
    for (const auto* name : {"AllowIPAudio", "MeetingSize"})
        CHECK(old_groups->group("meetingPolicy")->setting(name) == now->group("MeetingPolicy")->setting(name));
}
