#include "sip/bodies.hpp"

#include <catch2/catch.hpp>

#include "sip/xml.hpp"

using namespace ucsignin::sip;

namespace {

constexpr auto groups =
    R"(<provisionGroupList xmlns="http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification">
 <provisionGroup name="ServerConfiguration">
  <absWebServiceEnabled> true </absWebServiceEnabled><organization/>
  <ucMinAudioPort>50000</ucMinAudioPort>
 </provisionGroup>
 <provisionGroup name="ucPolicy"><instance>
  <property name="AllowCallForwarding"><![CDATA[true]]></property>
  <property name="PhoneRouteUsages"><element>Local</element><element>Long</element></property>
 </instance></provisionGroup>
 <provisionGroup name="endpointConfiguration"><propertyEntryList><property name="PhotoUsage">AllPhotos</property></propertyEntryList></provisionGroup>
 <provisionGroup name="publicProviders"><propertyEntryList><property name="publicProviders"><![CDATA[<PublicProviders><PublicProvider Name="x" ProxyFqdn="fed.x.example"/><PublicProvider><Name>y</Name></PublicProvider></PublicProviders>]]></property></propertyEntryList></provisionGroup>
 <p:provisionGroup xmlns:p="http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification" name="publicationGrammar"><containerManifestList majorVersion="2" minorVersion="0"><containerManifest/><containerManifest/></containerManifestList></p:provisionGroup>
</provisionGroupList>)";

constexpr auto self = R"(<roamingData xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">
 <categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="sip:alice@contoso.example">
  <category name="userProperties" instance="0" publishTime="2026-03-02T08:00:01.217" container="1" version="7" expireType="static"><userProperties><telephonyMode>Uc</telephonyMode></userProperties></category>
  <category name="state" instance="1" publishTime="t" container="3" version="30" expireType="user"><state xsi:type="aggregateState" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><availability>18500</availability></state></category>
  <category name="state" instance="1" publishTime="t" container="2" version="31" expireType="user"><state xsi:type="x:aggregateState" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.microsoft.com/2006/09/sip/state"><availability>3500</availability></state></category>
  <category name="state" instance="2415919104" container="2" version="1" expireType="endpoint"><state/></category>
  <category name="note"/>
 </categories>
 <containers><container id="100"/><container id="200"/></containers>
 <subscribers><subscriber user="bob@contoso.example"/></subscribers>
 <delegates version="1"/>
</roamingData>)";

}  // namespace

TEST_CASE("provisioning is flattened from all four shapes, values trimmed and names without case") {
    const auto p = parse_provisioning(groups);
    REQUIRE(p);
    REQUIRE(p->groups.size() == 5);
    const auto* server = p->group("serverconfiguration");
    REQUIRE(server != nullptr);
    CHECK(server->setting("ABSWEBSERVICEENABLED") == "true");
    CHECK(server->setting("organization").empty());
    CHECK(server->settings.size() == 3);
    CHECK(server->setting("absent").empty());
    CHECK(p->group("ucPolicy")->setting("AllowCallForwarding") == "true");
    CHECK(p->group("ucPolicy")->setting("PhoneRouteUsages") == "Local, Long");
    CHECK(p->group("endpointConfiguration")->setting("photousage") == "AllPhotos");
    CHECK(p->group("publicationGrammar")->setting("containerManifestList.majorVersion") == "2");
    CHECK(p->group("publicationGrammar")->setting("containerManifestList.count") == "2");
    CHECK(p->group("absent") == nullptr);
}

TEST_CASE("public providers inside CDATA are listed beside the raw value") {
    const auto p = parse_provisioning(groups);
    const auto& settings = p->group("publicProviders")->settings;
    REQUIRE(settings.size() == 3);
    CHECK(settings[0].second.starts_with("<PublicProviders>"));
    CHECK(settings[1].second == "x fed.x.example");
    CHECK(settings[2].second == "y");
}

TEST_CASE("the provisioning request asks for twelve groups, with the subnet when it is known") {
    const auto document = xml::document::read(
        provisioning_request("192.0.2.0"), xml::limits::provisioning, "provisioningGroupList");
    REQUIRE(document);
    CHECK(document->root().attribute("subnet") == "192.0.2.0");
    CHECK(document->root().children("provisioningGroup").size() == 12);
    CHECK(provisioning_request("").find("subnet") == std::string::npos);
}

TEST_CASE("roaming self gives categories, counts, and the state that others see") {
    const auto r = parse_roaming_self(self);
    REQUIRE(r);
    CHECK(r->has_categories);
    CHECK(r->categories.size() == 5);
    CHECK(r->containers == 2);
    CHECK(r->subscribers == 1);
    CHECK(r->delegates.empty());
    CHECK(r->aggregate_availability() == 3500);
    const auto* state = r->find("state", 1, 2);
    REQUIRE(state != nullptr);
    CHECK(state->version == 31);
    CHECK(state->state_type == "aggregateState");
    CHECK(state->expire_type == "user");
    CHECK(r->find("state", 2415919104U, 2)->availability == -1);
    CHECK(r->find("userProperties", 0, 1)->xml.find("<telephonyMode>Uc</telephonyMode>") != std::string::npos);
    CHECK(r->find("note", 0, 0)->xml.empty());
    CHECK(r->find("state", 9, 9) == nullptr);
}

TEST_CASE("a value element taken out of its document is a document of its own") {
    const auto r = parse_roaming_self(self);
    const auto* properties = r->find("userProperties", 0, 1);
    const auto alone = xml::document::read(properties->xml, xml::limits::presence);
    REQUIRE(alone);
    CHECK(alone->root().child("telephonyMode").text() == "Uc");
}

TEST_CASE("roaming self without categories or state says so") {
    const auto r = parse_roaming_self("<roamingData><containers/></roamingData>");
    REQUIRE(r);
    CHECK_FALSE(r->has_categories);
    CHECK(r->aggregate_availability() == -1);
}

TEST_CASE("the roaming self request asks for four kinds of data") {
    CHECK(
        xml::document::read(roaming_self_request(), xml::limits::presence, "roamingList")
            ->root()
            .children("roaming")
            .size() == 4);
}

TEST_CASE("contacts are read with groups, and without sip: whatever the server writes") {
    const auto c = parse_contacts(R"(<contactList deltaNum="685" ucsmode="notmigrated">
     <group id="1" name="~" externalURI=""/><group id="2" name="Team &amp; co" externalURI=""/>
     <contact uri="bob@contoso.example" name="" groups="1 2 " subscribed="true" externalURI=""/>
     <contact uri="SIP:carol@fabrikam.example" name="Carol" groups="x" subscribed="false"><contactExtension/></contact>
    </contactList>)");
    REQUIRE(c);
    CHECK(c->delta == 685);
    CHECK(c->ucs_mode == "notmigrated");
    CHECK(c->groups[1].name == "Team & co");
    REQUIRE(c->contacts.size() == 2);
    CHECK(c->contacts[0].groups == std::vector<int>{1, 2});
    CHECK(c->contacts[0].subscribed);
    CHECK(c->contacts[1].uri == "carol@fabrikam.example");
    CHECK(c->contacts[1].groups.empty());
    CHECK(parse_contacts("<contactList/>")->ucs_mode.empty());
    CHECK_FALSE(parse_contacts("<contactDelta deltaNum=\"2\" prevDeltaNum=\"1\"/>"));
}

TEST_CASE("a dial plan is read with its rules in order") {
    const auto l = parse_location_profile(
        R"(<LocationProfileDescription xmlns="http://schemas.microsoft.com/2007/03/locationProfileDescription">
     <Name>Berlin</Name><Rule><Pattern>^(1\d{3})$</Pattern><Translation>+49305550$1;ext=$1</Translation><InternalEnterpriseExtension>true</InternalEnterpriseExtension></Rule>
     <Rule><Pattern>^00(\d+)$</Pattern><Translation>+$1</Translation></Rule>
     <ExternalAccessPrefix>9</ExternalAccessPrefix><OptimizeDeviceDialing>True</OptimizeDeviceDialing></LocationProfileDescription>)");
    REQUIRE(l);
    CHECK(l->name == "Berlin");
    REQUIRE(l->rules.size() == 2);
    CHECK(l->rules[0].pattern == "^(1\\d{3})$");
    CHECK(l->rules[0].internal_extension);
    CHECK(l->rules[1].translation == "+$1");
    CHECK_FALSE(l->rules[1].internal_extension);
    CHECK(l->external_access_prefix == "9");
    CHECK(l->optimize_device_dialing);
}

TEST_CASE("a publication holds machineState in containers 2 and 3 and nothing else") {
    const auto document = xml::document::read(
        publish_request("sip:alice@contoso.example", {821697324, 4, 5, 3500}), xml::limits::presence, "publish");
    REQUIRE(document);
    const auto publications = document->root().child("publications");
    CHECK(publications.attribute("uri") == "sip:alice@contoso.example");
    const auto both = publications.children("publication");
    REQUIRE(both.size() == 2);
    CHECK(both[0].attribute("container") == "2");
    CHECK(both[0].attribute("version") == "4");
    CHECK(both[1].attribute("container") == "3");
    CHECK(both[1].attribute("version") == "5");
    for (const auto& one : both) {
        CHECK(one.attribute("categoryName") == "state");
        CHECK(one.attribute("instance") == "821697324");
        CHECK(one.attribute("expireType") == "endpoint");
        CHECK(one.child("state").attribute("type") == "machineState");
        CHECK(one.child("state").child("availability").text() == "3500");
    }
}

TEST_CASE("the instance of machineState follows from the epid") {
    CHECK(machine_state_instance("0fa1b2c3d4e5") == 821697324);
    CHECK(machine_state_instance("") >> 28 == 3);
    CHECK(machine_state_instance("x") != machine_state_instance("y"));
}

TEST_CASE("a version conflict names the publications and what the server has") {
    const auto c = parse_publish_fault(R"(<Fault><Faultcode>Client.BadCall.WrongDelta</Faultcode><details>
      <operation index="1" version="0" curVersion="6"/><operation index="3" version="0" curVersion="9"/><operation/></details></Fault>)");
    REQUIRE(c);
    REQUIRE(c->size() == 2);
    CHECK((*c)[0].index == 1);
    CHECK((*c)[1].current == 9);
    CHECK(parse_publish_fault("<fault/>")->empty());
    CHECK_FALSE(parse_publish_fault("<x/>"));
}

TEST_CASE("bodies that are no XML, have a DTD, or another root are refused with an offset") {
    for (const char* bad : {"", "text", "<roamingData>", "<a/>", "<roamingData/><x/>", "<roamingData a='1' a='2'/>"}) {
        INFO(bad);
        CHECK_FALSE(parse_roaming_self(bad));
        CHECK_FALSE(parse_provisioning(bad));
        CHECK_FALSE(parse_location_profile(bad));
        CHECK_FALSE(parse_contacts(bad));
    }
    const auto broken = parse_roaming_self("<roamingData><a></b></roamingData>");
    REQUIRE_FALSE(broken);
    CHECK(broken.error().offset > 10);
    CHECK(broken.error().offset <= 34);
    const auto bomb = parse_roaming_self(
        "<!DOCTYPE a [<!ENTITY x 'y'><!ENTITY z '&x;&x;'>]><roamingData>&z;</roamingData>");
    REQUIRE_FALSE(bomb);
    CHECK(bomb.error().what == "a document type declaration");
    CHECK_FALSE(parse_roaming_self("<!DOCTYPE roamingData SYSTEM 'file:///etc/passwd'><roamingData/>"));
    CHECK_FALSE(parse_roaming_self("<roamingData>&undefined;</roamingData>"));
}

TEST_CASE("text is escaped for elements and attributes") {
    CHECK(xml::escape("a<b>&\"c'") == "a&lt;b&gt;&amp;&quot;c'");
    CHECK(xml::escape(std::string("a\0\x01z", 4)) == "a  z");
}

TEST_CASE("an element is found at or below another, and its canonical form may leave a descendant out") {
    const auto read = xml::document::read(R"(<r><a z="1" b='2'>x<s><a/></s></a></r>)", xml::limits::request);
    REQUIRE(read);
    const auto a = read->root().find("a");
    CHECK(a.find("a").attribute("z") == "1");
    CHECK_FALSE(a.find("r"));
    CHECK_FALSE(xml::element().find("a"));
    CHECK(xml::canonical(a) == R"(<a b="2" z="1">x<s><a></a></s></a>)");
    CHECK(xml::canonical(a, a.child("s")) == R"(<a b="2" z="1">x</a>)");
    CHECK(xml::canonical({}).empty());
}
