// What in-band provisioning, roaming self and the contact list mean at the nodes that ask for nothing themselves. The
// bodies are written as MS-SIPREGE 2.2.2.5 and MS-PRES 2.2.2 show them.

#include <catch2/catch.hpp>

#include "provisioning_told.hpp"
#include "sip/line_uri.hpp"
#include "trace/evidence_provisioning.hpp"

using namespace ucsignin;
using namespace ucsignin::signin::provisioning;
using namespace ucsignin::signin::provisioning::tests_of;
using trace::outcome;
namespace ev = trace::ev;

namespace {

std::string provisioned(const std::string& groups) {
    return R"(<p:provisionGroupList xmlns:p="http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification">)" +
           groups + "</p:provisionGroupList>";
}
std::string server(const std::string& elements) {
    return R"(<p:provisionGroup name="ServerConfiguration">)" + elements + "</p:provisionGroup>";
}
std::string entries(const std::string& group, const std::string& properties) {
    return "<p:provisionGroup name=\"" + group + "\"><propertyEntryList>" + properties +
           "</propertyEntryList></p:provisionGroup>";
}
std::string property(const std::string& name, const std::string& value) {
    return "<property name=\"" + name + "\"><![CDATA[" + value + "]]></property>";
}

decided configured(const std::string& node, const std::string& groups, const std::string& self = "<roamingData/>") {
    return at(
        node, told()
                  .answered(asked::configuration, 200, provisioned(groups))
                  .answered(asked::roaming_self, 200, self)
                  .answered(asked::location_profile, 200, "<LocationProfileDescription/>"));
}
std::string policy(const char* name) { return std::string("provisioning.server_configuration.") + name; }

std::string self_with(const std::string& categories) {
    return "<roamingData><categories uri=\"sip:alice@contoso.example\">" + categories + "</categories></roamingData>";
}
std::string properties_of_user(const std::string& inner) {
    return self_with(
        R"(<category name="userProperties" instance="0" container="1" version="7" expireType="static"><userProperties>)" +
        inner + "</userProperties></category>");
}
decided with_self(const std::string& node, const std::string& body) {
    return at(node, told().answered(asked::roaming_self, 200, body));
}

constexpr auto ranges =
    "<ucPortRangeEnabled>True</ucPortRangeEnabled><ucMinAudioPort>50000</ucMinAudioPort>"
    "<ucMaxAudioPort>50019</ucMaxAudioPort>";

}  // namespace

TEST_CASE("media ports: ranges, any port, and ranges that exclude one another") {
    const auto node = std::string("provisioning.media_ports");
    const auto some = configured(node, server(ranges));
    CHECK(some.branch.name() == "ranges");
    CHECK(some.summary == "audio 50000-50019");
    REQUIRE(some.groups.size() == 1);
    CHECK(some.groups[0].size() == 3);
    CHECK(configured(node, server("<ucPortRangeEnabled>false</ucPortRangeEnabled>")).branch.name() == "default");
    CHECK(configured(node, server("<organization/>")).summary == "no ranges: any port from 1024 on");
    // That of all kinds counts where none has its own.
    CHECK(
        configured(
            node, server("<ucPortRangeEnabled>1</ucPortRangeEnabled><ucMinMediaPort>5350</ucMinMediaPort>"
                         "<ucMaxMediaPort>5389</ucMaxMediaPort>"))
            .summary == "any 5350-5389");
    const auto wrong = [&](const std::string& more) {
        const auto found = configured(node, server(ranges + more));
        CHECK(found.branch.name() == "contradictory");
        CHECK(found.how == outcome::warning);
        CHECK(noted<std::string>(found, ev::contradiction).size() == 1);
        return found.summary;
    };
    CHECK(
        wrong("<ucMinVideoPort>50010</ucMinVideoPort><ucMaxVideoPort>50029</ucMaxVideoPort>") ==
        "audio 50000-50019 overlaps video 50010-50029");
    CHECK(
        wrong("<ucMinVideoPort>50040</ucMinVideoPort><ucMaxVideoPort>50020</ucMaxVideoPort>") ==
        "video 50040-50020: the first port is above the last");
    CHECK(
        wrong("<ucMinVideoPort>50020</ucMinVideoPort><ucMaxVideoPort>50020</ucMaxVideoPort>") ==
        "video 50020-50020: one port is too few");
    CHECK(wrong("<ucMinVideoPort>many</ucMinVideoPort>") == "the ports of video are 'many' to ''");
    CHECK(configured(node, server("<ucPortRangeEnabled>true</ucPortRangeEnabled>")).branch.name() == "contradictory");
    // One range for all is how a new pool has it.
    CHECK(
        configured(
            node,
            server(
                std::string(ranges) + "<ucMinVideoPort>50000</ucMinVideoPort><ucMaxVideoPort>50019</ucMaxVideoPort>"))
            .branch.name() == "ranges");
    CHECK(
        at(node, told().answered(asked::configuration, 200, "<other/>")).summary == "the configuration can't be read");
}

TEST_CASE("each policy: present, absent, and the same setting with two values") {
    struct row {
        const char *node, *group, *setting;
    };
    const auto one = GENERATE(
        row{"conferencing", "meetingPolicy", "AllowIPAudio"}, row{"qos", "mediaConfiguration", "bypassEnabled"},
        row{"client", "endpointConfiguration", "PhotoUsage"}, row{"voice", "ucPolicy", "AllowCallForwarding"},
        row{"e911", "locationPolicy", "EnhancedEmergencyServicesEnabled"},
        row{"cac", "ucPolicy", "EnableBWPolicyOverride"}, row{"location", "locationPolicy", "LocationPolicyTagID"},
        row{"pstn_usages", "ucPolicy", "PhoneRouteUsages"},
        row{"persistent_chat", "persistentChatConfiguration", "EnablePersistentChat"},
        row{"photo_url", "endpointConfiguration", "PhotoUsage"},
        row{"voicemail", "ServerConfiguration", "voiceMailUri"}, row{"user_data", "userSetting", "disableFileTransfer"},
        row{"call_via_work", "userSetting", "EnableCallViaWork"});
    CAPTURE(one.node);
    const auto node = policy(one.node);
    const auto here = configured(node, entries(one.group, property(one.setting, "no")));
    CHECK(here.branch.name() == "present");
    CHECK(here.how == outcome::ok);
    CHECK(here.groups.size() == 1);
    const auto gone = configured(node, entries(one.group, ""));
    CHECK(gone.branch.name() == "absent");
    CHECK(gone.how == outcome::expected);
    // Groups in two pieces, names in another case.
    std::string upper(one.setting);
    for (auto& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const auto both = configured(
        node, entries(one.group, property(one.setting, "no")) + entries(one.group, property(upper, "yes")));
    CHECK(both.branch.name() == "contradictory");
    CHECK(noted<std::string>(both, ev::contradiction) == texts{upper + " is both 'no' and 'yes'"});
    CHECK(
        configured(node, entries(one.group, property(one.setting, "no") + property(upper, "NO"))).branch.name() ==
        "present");
    CHECK(
        at(node, told().answered(asked::configuration, 200, "<other/>").answered(asked::roaming_self, 200, no_self))
            .branch.name() == "absent");
}

TEST_CASE("settings that exclude one another within a policy") {
    const auto wrong = [](const char* node, const std::string& groups, const std::string& self = no_self) {
        return configured(policy(node), groups, self).branch.name() == "contradictory";
    };
    CHECK(wrong("qos", server("<qosEnabled>true</qosEnabled>")));
    CHECK_FALSE(wrong("qos", server("<qosEnabled>true</qosEnabled><ucPortRangeEnabled>true</ucPortRangeEnabled>")));
    CHECK(wrong("location", entries("locationPolicy", property("LocationRequired", "Disclaimer"))));
    CHECK_FALSE(wrong(
        "location", entries(
                        "locationPolicy", property("LocationRequired", "disclaimer") +
                                              property("EmergencyServiceDisclaimer", "No emergency calls."))));
    const auto chat_on = property("EnablePersistentChat", "1");
    CHECK(wrong("persistent_chat", entries("persistentChatConfiguration", chat_on)));
    CHECK_FALSE(wrong(
        "persistent_chat",
        entries("persistentChatConfiguration", chat_on + property("DefaultPersistentChatPoolUri", "sip:gc@x"))));
    CHECK(wrong("call_via_work", entries("ucPolicy", property("UseAdminCallbackNumber", "true"))));
    const auto voice = entries("ucPolicy", property("AllowCallForwarding", "true"));
    CHECK(wrong("voice", voice, properties_of_user("<telephonyMode>Uc</telephonyMode>")));
    CHECK_FALSE(wrong("voice", voice, properties_of_user("<telephonyMode>None</telephonyMode>")));
    CHECK_FALSE(wrong("voice", voice));
}

TEST_CASE("federation: with whom, as far as provisioning says") {
    const auto node = std::string("provisioning.federation");
    const auto provider = entries(
        "publicProviders",
        property("publicProviders", R"(<PublicProviders><PublicProvider Name="Skype"/></PublicProviders>)"));
    const auto blocked = entries("endpointConfiguration", property("BlockConversationFromFederatedContacts", "true"));
    const auto on = configured(node, provider);
    CHECK(on.branch.name() == "on");
    CHECK(noted<std::string>(on, ev::public_provider) == texts{"Skype"});
    CHECK(configured(node, blocked).branch.name() == "off");
    CHECK(configured(node, provider + blocked).branch.name() == "partly");
    CHECK(configured(node, "").branch.name() == "partly");
    CHECK(at(node, told().answered(asked::configuration, 200, "<other/>")).branch.name() == "partly");
}

TEST_CASE("the dial plan: the user's before that of the location, and whether its rules came") {
    const auto plan = [](const std::string& user, const std::string& place, const std::string& delivered) {
        return at(
            "provisioning.dial_plan", told()
                                          .answered(
                                              asked::configuration, 200,
                                              provisioned(
                                                  server("<ucLocationProfile>" + place + "</ucLocationProfile>") +
                                                  R"(<p:provisionGroup name="userSetting"><ucUserLocationProfile>)" +
                                                  user + "</ucUserLocationProfile></p:provisionGroup>"))
                                          .answered(
                                              asked::location_profile, 200,
                                              "<LocationProfileDescription><Name>" + delivered +
                                                  "</Name><Rule><Pattern>^1$</Pattern><Translation>+1</Translation></"
                                                  "Rule></LocationProfileDescription>"));
    };
    const auto mine = plan("Berlin", "Global", "berlin");
    CHECK(mine.branch.name() == "user");
    REQUIRE(mine.decision);
    CHECK(mine.decision->chosen == "the user's own");
    const auto of_place = plan("", "Berlin", "Berlin");
    CHECK(of_place.branch.name() == "location");
    REQUIRE(of_place.decision);
    CHECK(of_place.decision->chosen == "that of the location");
    CHECK(of_place.decision->considered[0].why == "none is assigned");
    const auto unnamed = plan("", "", "Berlin");
    CHECK(unnamed.branch.name() == "location");
    CHECK(unnamed.decision->chosen == "that of the location");
    CHECK(plan("", "", "").decision->chosen.empty());
    CHECK(plan("", "", "").branch.name() == "none");
    const auto other = plan("Berlin", "", "Hamburg");
    CHECK(other.branch.name() == "contradictory");
    CHECK(other.summary == "provisioning names Berlin, the rules that came are those of Hamburg");
    // The same, said differently.
    CHECK(plan("Tag:Berlin", "", "Berlin").branch.name() == "user");
    CHECK(plan("Berlin", "", "Berlin.contoso.example").branch.name() == "user");
    CHECK(plan("", "DefaultProfile", "Global").branch.name() == "location");
}

TEST_CASE("delegates and notes: some, none, unreadable") {
    const auto some = with_self(
        "provisioning.delegates",
        R"(<roamingData><d:delegates xmlns:d="x" version="1"><d:delegate uri="sip:bob@contoso.example" publish="false"/></d:delegates></roamingData>)");
    CHECK(some.branch.name() == "some");
    CHECK(noted<std::string>(some, ev::delegate) == texts{"bob@contoso.example"});
    CHECK(with_self("provisioning.delegates", no_self).branch.name() == "none");
    CHECK(with_self("provisioning.delegates", "<other/>").branch.name() == "refused");
    const auto note = [](const char* name, const char* instance, const char* container) {
        return std::string("<category name=\"") + name + "\" instance=\"" + instance + "\" container=\"" + container +
               "\" version=\"1\"><note><body type=\"personal\">Gone fishing</body></note></category>";
    };
    const auto read = with_self(
        "provisioning.notes", self_with(
                                  note("note", "0", "200") + note("note", "0", "300") +
                                  note("noteHistory", "7", "200") + note("noteHistory", "8", "200")));
    CHECK(read.branch.name() == "read");
    CHECK(read.summary == "a personal note, 2 before it");
    CHECK(noted<std::int64_t>(read, ev::notes) == numbers{3});
    REQUIRE((read.decision && read.decision->considered.size() == 2));
    CHECK(read.decision->chosen == "in the pool");
    CHECK(read.decision->considered[1].option == "in Exchange");
    CHECK(read.decision->considered[1].verdict == trace::verdict::passed_over);
    CHECK(with_self("provisioning.notes", self_with(R"(<category name="note"/>)")).branch.name() == "none");
    CHECK(with_self("provisioning.notes", "<other/>").branch.name() == "none");
}

TEST_CASE("voicemail: counts, a mailbox without them, no mailbox") {
    const auto node = std::string("provisioning.voicemail");
    const auto count = with_self(
        node, self_with(R"(<category name="mwi" instance="0" container="1" version="2"><mwi messageWaiting="true" )"
                        R"(unreadVoiceMailCount="2" readVoiceMailCount="8"/></category>)"));
    CHECK(count.branch.name() == "count");
    CHECK(count.summary == "2 not yet heard, 8 heard");
    CHECK(noted<std::int64_t>(count, ev::voicemail_unread) == numbers{2});
    const auto silent = with_self(node, properties_of_user("<exumEnabled>3</exumEnabled>"));
    CHECK(silent.branch.name() == "refused");
    CHECK(silent.how == outcome::expected);
    CHECK(with_self(node, properties_of_user("<exumEnabled>2</exumEnabled>")).branch.name() == "no_um");
    const auto untold = with_self(node, no_self);
    CHECK(untold.branch.name() == "no_um");
    CHECK(untold.facts.empty());  // nothing is noted that the server did not say
    CHECK(with_self(node, "<other/>").branch.name() == "refused");
}

TEST_CASE("the line: number and extension, none, malformed") {
    const auto node = std::string("provisioning.line");
    const auto parsed = with_self(
        node, properties_of_user("<lines><line lineType=\"Uc\">TEL:+49(30)5550-1001;ext=1001</line></lines>"
                                 "<telephonyMode>Uc</telephonyMode><exumURL>EUM:alice@contoso.example</exumURL>"));
    CHECK(parsed.branch.name() == "parsed");
    CHECK(parsed.summary == "+493055501001 extension 1001, Enterprise Voice");
    CHECK(noted<std::string>(parsed, ev::telephony_mode) == texts{"Uc"});
    REQUIRE(parsed.groups.size() == 1);
    CHECK(parsed.groups[0].size() == 3);
    CHECK(
        with_self(node, properties_of_user("<lines><line>tel:+493055500;ext=1001</line></lines>")).summary ==
        "main number +493055500 extension 1001");
    const auto none = with_self(node, properties_of_user("<telephonyMode>None</telephonyMode>"));
    CHECK(none.branch.name() == "none");
    CHECK(none.summary == "no line, no Enterprise Voice");
    CHECK(with_self(node, no_self).summary == "the server tells no line");
    const auto odd = with_self(node, properties_of_user("<lines><line>+49 30</line></lines>"));
    CHECK(odd.branch.name() == "malformed");
    CHECK(odd.summary == "+49 30 is no tel URI");
}

TEST_CASE("contacts: their groups, and of which kind each is") {
    const std::string list =
        R"(<contactList deltaNum="5"><group id="2" name="Team"/>)"
        R"(<contact uri="bob@CONTOSO.example" groups="1 2 "/><contact uri="sip:carol@fabrikam.example" groups="2"/>)";
    const auto known = told().answered(asked::contacts, 200, list + "</contactList>");
    CHECK(at("provisioning.contact_groups", known).branch.name() == "yes");
    const auto stranger = at(
        "provisioning.contact_groups",
        told().answered(
            asked::contacts, 200, list + R"(<contact uri="dave@contoso.example" groups="9"/></contactList>)"));
    CHECK(stranger.branch.name() == "unknown_groups");
    REQUIRE(stranger.groups.size() == 1);
    CHECK(std::get<std::string>(stranger.groups[0][0].value) == "dave@contoso.example");
    const auto kinds = [&](const std::string& more) {
        return at(
            "provisioning.contact_kinds",
            told()
                .answered(asked::contacts, 200, list + more + "</contactList>")
                .answered(
                    asked::configuration, 200,
                    provisioned(entries(
                        "publicProviders",
                        property(
                            "publicProviders",
                            R"(<PublicProviders><PublicProvider><Name>Skype</Name><NameDecorationDomain>msn.com</NameDecorationDomain></PublicProvider></PublicProviders>)")))));
    };
    const auto federated = kinds("");
    CHECK(federated.branch.name() == "federated");
    CHECK(federated.summary == "1 of the enterprise, 1 of partners, 0 public");
    CHECK(kinds(R"(<contact uri="erin(live.com)@msn.com" groups="1"/>)").branch.name() == "public");
    const auto alone = at(
        "provisioning.contact_kinds", told()
                                          .answered(asked::contacts, 200, R"(<contactList deltaNum="1"/>)")
                                          .answered(asked::configuration, 200, provisioned("")));
    CHECK(alone.branch.name() == "same");
    CHECK(alone.summary == "no contacts");
}

TEST_CASE("a line URI is read as RFC 3966 and real servers write it") {
    const auto read = [](std::string_view text) {
        const auto line = sip::parse_line_uri(text);
        return line ? line->number + " " + line->extension + " " + line->phone_context : line.error().what;
    };
    CHECK(read("tel:+493055501001") == "+493055501001  ");
    CHECK(read("tel:%2B49-30-5550-1001;EXT=1001;x=y") == "+493055501001 1001 ");
    CHECK(read("tel:1001;phone-context=dialstring;partition=a") == "1001  dialstring");
    CHECK(read("sip:+49@contoso.example") == "is no tel URI");
    CHECK(read("tel:") == "holds no number");
    CHECK(read("tel:+") == "holds no number");
    CHECK(read("tel:+49x") == "holds no number");
    CHECK(read("tel:+49;ext=ab") == "its extension is no number");
    CHECK(read("tel:" + std::string(300, '1')) == "longer than 256 characters");
}
