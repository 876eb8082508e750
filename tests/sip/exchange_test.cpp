// Autodiscover and Web Services of Exchange: what is sent is well-formed, and what comes is read however it is written.

#include <catch2/catch.hpp>

#include "sip/exchange_autodiscover.hpp"
#include "sip/exchange_services.hpp"
#include "sip/xml.hpp"

using namespace ucsignin;
using namespace ucsignin::sip;
using kind = exchange_autodiscover::kind;

namespace {

exchange_autodiscover found(std::string_view text) {
    const auto read = parse_exchange_autodiscover(text);
    REQUIRE(read);
    return *read;
}

std::string account(std::string_view inside) {
    return "<Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006\"><Response "
           "xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a\"><Account>" +
           std::string(inside) + "</Account></Response></Autodiscover>";
}

std::string soap(std::string_view body, std::string_view header = {}) {
    return "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header>" + std::string(header) +
           "</s:Header><s:Body>" + std::string(body) + "</s:Body></s:Envelope>";
}

std::string version(int major, int minor, int build) {
    return "<h:ServerVersionInfo xmlns:h=\"urn:x\" MajorVersion=\"" + std::to_string(major) + "\" MinorVersion=\"" +
           std::to_string(minor) + "\" MajorBuildNumber=\"" + std::to_string(build) + "\" MinorBuildNumber=\"7\"/>";
}

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE("the addresses of Exchange, in five ways of writing them") {
    const texts one{"https://mail.contoso.example/EWS/Exchange.asmx"};
    const std::string url = "https://mail.contoso.example/EWS/Exchange.asmx";
    const auto exch = "<Protocol><Type>EXCH</Type><EwsUrl>" + url + "</EwsUrl></Protocol>";
    CHECK(found(account("<Action>settings</Action>" + exch)).ews_urls == one);
    // A byte order mark, prefixes instead of default namespaces, blanks around the values.
    CHECK(
        found(
            "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<a:Autodiscover xmlns:a=\"urn:a\"><b:Response "
            "xmlns:b=\"urn:b\"><b:Account><b:Protocol><b:Type> exch </b:Type><b:EwsUrl>\r\n  " +
            url + "\r\n</b:EwsUrl></b:Protocol></b:Account></b:Response></a:Autodiscover>")
            .ews_urls == one);
    // Exchange 2007 has no EwsUrl.
    CHECK(found(account("<Protocol><Type>EXPR</Type><ASUrl>" + url + "</ASUrl></Protocol>")).ews_urls == one);
    // As attribute-less types of later versions nest them.
    CHECK(
        found(
            account(
                "<Protocol Type=\"mapiHttp\"/><Protocol><Type>WEB</Type><Internal><Protocol><Type>EXCH</Type><ASUrl>" +
                url + "</ASUrl></Protocol></Internal></Protocol>"))
            .ews_urls == one);
    CHECK(
        found(account("<Protocol><Type>EXHTTP</Type><EwsUrl><![CDATA[" + url + "]]></EwsUrl></Protocol>")).ews_urls ==
        one);
}

TEST_CASE("the address for clients inside comes before that for clients outside, each once") {
    const auto both = found(
        account("<Protocol><Type>EXPR</Type><EwsUrl>https://out/</EwsUrl></Protocol>"
                "<Protocol><Type>EXCH</Type><EwsUrl>https://in/</EwsUrl></Protocol>"
                "<Protocol><Type>WEB</Type><EwsUrl>https://out/</EwsUrl></Protocol>"));
    CHECK(both.ews_urls == texts{"https://in/", "https://out/"});
    CHECK(found(account("<Action>settings</Action>")).ews_urls.empty());
}

TEST_CASE("Autodiscover leads on, or names an error") {
    const auto elsewhere = found(account("<Action>redirectAddr</Action><RedirectAddr>a@b.example</RedirectAddr>"));
    CHECK(elsewhere.what == kind::other_address);
    CHECK(elsewhere.leads_to == "a@b.example");
    const auto there = found(account("<Action>RedirectUrl</Action><RedirectUrl>https://b/x</RedirectUrl>"));
    CHECK(there.what == kind::other_url);
    CHECK(there.leads_to == "https://b/x");
    const auto error = [](std::string_view code) {
        return found(
            "<Autodiscover><Response><Error Time=\"1\" Id=\"2\"><ErrorCode>" + std::string(code) +
            "</ErrorCode><Message>no</Message></Error></Response></Autodiscover>");
    };
    CHECK(error("500").tells_of_no_mailbox());
    CHECK(error("501").tells_of_no_mailbox());
    CHECK_FALSE(error("600").tells_of_no_mailbox());
    CHECK(error("603").what == kind::error);
    CHECK(error("603").message == "no");
    CHECK_FALSE(parse_exchange_autodiscover("<Autodiscover/>"));
    CHECK_FALSE(parse_exchange_autodiscover("<html><body>Autodiscover</body></html>"));
    CHECK_FALSE(parse_exchange_autodiscover(""));
}

TEST_CASE("what is sent to Exchange is well-formed, whatever the address holds") {
    const std::string odd = "a\"<&>'@contoso.example";
    for (const auto& text :
         {exchange_autodiscover_request(odd),
          ews::availability_request(odd, "2026-03-01T00:00:00Z", "2026-03-04T23:59:59Z"),
          ews::out_of_office_request(odd), ews::unread_voicemail_request(), ews::missed_request(""),
          ews::missed_request("2026-03-01T00:00:00Z"), ews::contacts_request(), ews::photo_request(odd)}) {
        const auto read = xml::document::read(text, xml::limits::request);
        REQUIRE(read);
        if (text.find("contoso") != std::string::npos) CHECK(text.find(xml::escape(odd)) != std::string::npos);
    }
}

TEST_CASE("the calendar, in five ways of writing it") {
    const auto view = [](std::string_view slots) {
        return "<FreeBusyView><MergedFreeBusy>" + std::string(slots) +
               "</MergedFreeBusy><CalendarEventArray><CalendarEvent/><CalendarEvent/></CalendarEventArray>"
               "<WorkingHours><WorkingPeriodArray><WorkingPeriod><DayOfWeek>Monday</DayOfWeek><StartTimeInMinutes>540"
               "</StartTimeInMinutes><EndTimeInMinutes>1020</EndTimeInMinutes></WorkingPeriod></WorkingPeriodArray>"
               "</WorkingHours></FreeBusyView>";
    };
    const auto answer = [&](std::string_view message, std::string_view more) {
        return soap(
            "<GetUserAvailabilityResponse><FreeBusyResponseArray><FreeBusyResponse>" + std::string(message) +
                std::string(more) + "</FreeBusyResponse></FreeBusyResponseArray></GetUserAvailabilityResponse>",
            version(15, 2, 1258));
    };
    constexpr auto good =
        "<ResponseMessage ResponseClass=\"Success\"><ResponseCode>NoError</ResponseCode></ResponseMessage>";
    const auto plain = ews::parse_availability(answer(good, view("0022")));
    REQUIRE(plain);
    CHECK(plain->head.succeeded);
    CHECK(plain->slots == "0022");
    CHECK(plain->events == 2);
    CHECK(plain->working_hours == "Monday, 540 to 1020");
    CHECK(plain->head.version == "15.2.1258.7");
    CHECK(plain->head.release() == "Exchange 2019");
    // A warning is a success with a remark; no view at all; a view before the message.
    const auto warned = ews::parse_availability(answer(
        "<ResponseMessage ResponseClass=\"Warning\"><ResponseCode>NoError</ResponseCode></ResponseMessage>", ""));
    REQUIRE(warned);
    CHECK(warned->head.succeeded);
    CHECK(warned->slots.empty());
    const auto turned = ews::parse_availability(answer(view("3"), good));
    REQUIRE(turned);
    CHECK(turned->slots == "3");
    const auto refused = ews::parse_availability(answer(
        "<ResponseMessage ResponseClass=\"Error\"><MessageText>no</MessageText><ResponseCode>ErrorNoFreeBusyAccess"
        "</ResponseCode></ResponseMessage>",
        ""));
    REQUIRE(refused);
    CHECK_FALSE(refused->head.succeeded);
    CHECK(refused->head.code == "ErrorNoFreeBusyAccess");
    const auto fault = ews::parse_availability(
        soap("<s:Fault><faultcode>a:ErrorServerBusy</faultcode><faultstring>busy</faultstring><detail>"
             "<e:ResponseCode xmlns:e=\"urn:e\">ErrorServerBusy</e:ResponseCode></detail></s:Fault>"));
    REQUIRE(fault);
    CHECK(fault->head.code == "ErrorServerBusy");
    CHECK(fault->head.text == "busy");
    CHECK_FALSE(ews::parse_availability(soap("")));
    CHECK_FALSE(ews::parse_availability(soap("<s:Fault/>")));
    CHECK_FALSE(ews::parse_availability("<html/>"));
}

TEST_CASE("releases by their versions") {
    const auto release = [](int major, int minor, int build = 1000) {
        return std::string(ews::head{.major = major, .minor = minor, .build = build}.release());
    };
    CHECK(release(8, 3) == "Exchange 2007");
    CHECK(release(14, 3) == "Exchange 2010");
    CHECK(release(15, 0) == "Exchange 2013");
    CHECK(release(15, 1) == "Exchange 2016");
    CHECK(release(15, 2, 1258) == "Exchange 2019");
    CHECK(release(15, 2, 2562) == "Exchange SE");
    CHECK(release(15, 20) == "Exchange Online");
    CHECK(release(15, 9).empty());
    CHECK(release(16, 0).empty());
}

TEST_CASE("out of office, folders and contacts of a mailbox") {
    constexpr auto message =
        "<ResponseMessage ResponseClass=\"Success\"><ResponseCode>NoError</ResponseCode></ResponseMessage>";
    const auto away = ews::parse_out_of_office(soap(
        "<GetUserOofSettingsResponse>" + std::string(message) +
        "<OofSettings><OofState>Scheduled</OofState></OofSettings></GetUserOofSettingsResponse>"));
    REQUIRE(away);
    CHECK(away->state == "Scheduled");
    const auto count = ews::parse_item_count(soap(
        "<m:FindItemResponse xmlns:m=\"urn:m\"><m:ResponseMessages><m:FindItemResponseMessage "
        "ResponseClass=\"Success\">"
        "<m:ResponseCode>NoError</m:ResponseCode><m:RootFolder TotalItemsInView=\" 7 \"/></m:FindItemResponseMessage>"
        "</m:ResponseMessages></m:FindItemResponse>"));
    REQUIRE(count);
    CHECK(count->count == 7);
    const auto list = ews::parse_contacts(soap(
        "<GetImItemListResponse ResponseClass=\"Success\"><ResponseCode>NoError</ResponseCode><ImItemList><Groups>"
        "<ImGroup/><ImGroup/></Groups><Personas><Persona><DisplayName>Bob</"
        "DisplayName><ImAddress>sip:bob@contoso.example"
        "</ImAddress></Persona><Persona><ImAddress>carol@contoso.example</ImAddress></Persona><Persona/></Personas>"
        "</ImItemList></GetImItemListResponse>"));
    REQUIRE(list);
    CHECK(list->list.groups.size() == 2);
    REQUIRE(list->list.contacts.size() == 2);
    CHECK(list->list.contacts[0].uri == "bob@contoso.example");
    CHECK(list->list.contacts[1].uri == "carol@contoso.example");
    CHECK(list->list.contacts[0].groups.empty());
    CHECK(list->without_address == 1);
}

TEST_CASE("a contact of the mailbox is in the groups that name its item, and in no more than a list can have") {
    const auto item = [](std::string_view id) { return "<ItemId Id=\"" + std::string(id) + "\"/>"; };
    const auto group = [&](std::string_view name, std::string_view items) {
        return "<ImGroup><DisplayName>" + std::string(name) + "</DisplayName><MemberCorrelationKey>" +
               std::string(items) + "</MemberCorrelationKey></ImGroup>";
    };
    const auto attribution = [](std::string_view id, std::string_view more) {
        return "<Attribution><SourceId Id=\"" + std::string(id) + "\"/>" + std::string(more) + "</Attribution>";
    };
    const auto persona = [](std::string_view address, std::string_view attributions) {
        return "<Persona><ImAddress>" + std::string(address) + "</ImAddress><Attributions>" +
               std::string(attributions) + "</Attributions></Persona>";
    };
    const auto read = [](std::string_view groups, std::string_view personas) {
        const auto list = ews::parse_contacts(soap(
            "<GetImItemListResponse ResponseClass=\"Success\"><ResponseCode>NoError</ResponseCode><ImItemList>"
            "<Groups>" +
            std::string(groups) + "</Groups><Personas>" + std::string(personas) +
            "</Personas></ImItemList></GetImItemListResponse>"));
        REQUIRE(list);
        return list->list;
    };
    constexpr auto quick = "<IsQuickContact>true</IsQuickContact><IsHidden>false</IsHidden>";
    const auto list = read(
        group("Team", item("a") + item("b")) + group("Others", item("a") + item("nobody")),
        persona("bob@contoso.example", attribution("x", quick) + attribution("a", quick)) +
            persona("carol@fabrikam.example", attribution("b", "")) +
            persona("dave@contoso.example", attribution("a", "<IsHidden>true</IsHidden>")) +
            persona("erin@contoso.example", attribution("a", "<IsQuickContact>false</IsQuickContact>")));
    REQUIRE(list.groups.size() == 2);
    CHECK(list.groups[1].name == "Others");
    REQUIRE(list.contacts.size() == 4);
    CHECK(list.contacts[0].groups == std::vector<int>{1, 2});
    CHECK(list.contacts[1].groups == std::vector<int>{1});
    CHECK(list.contacts[2].groups.empty());
    CHECK(list.contacts[3].groups.empty());
    std::string many;
    for (int i = 0; i < 300; ++i) many += group("same", item("a"));
    CHECK(read(many, persona("bob@contoso.example", attribution("a", quick))).contacts[0].groups.size() == 256);
}
