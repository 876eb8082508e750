// Answers of EWS as other hands write them: each says the same as the plain one, and reads the same.

#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>

#include "sip/exchange_services.hpp"

using namespace ucsignin::sip;

namespace {

constexpr std::string_view schema = "http://schemas.microsoft.com/exchange/services/2006/";

std::string enveloped(std::string_view body) {
    return R"(<?xml version="1.0" encoding="utf-8"?><Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Header>)"
           R"(<ServerVersionInfo MajorVersion="15" MinorVersion="1" MajorBuildNumber="2507" MinorBuildNumber="6"/>)"
           "</Header><Body>" +
           std::string(body) + "</Body></Envelope>";
}

// -- the forms --

std::string plain(std::string text) { return text; }

std::string prefixed(std::string text) {
    text = std::regex_replace(text, std::regex(R"(<(/?)([A-Z]))"), "<$1e:$2");
    return std::regex_replace(
        text, std::regex(R"(<e:Envelope xmlns=)"), R"(<e:Envelope xmlns:e="urn:any" xmlns:unused=)");
}

std::string spaced(std::string text) {
    text = std::regex_replace(text, std::regex(R"(>([^<>]+)<)"), ">\r\n\t $1 \r\n<");
    return std::regex_replace(text, std::regex(R"(><)"), ">\r\n  <!-- between -->\r\n  <");
}

std::string in_cdata(std::string text) {
    return std::regex_replace(text, std::regex(R"(>([^<>]+)<)"), "><![CDATA[$1]]><");
}

// Every letter e of a text, and every attribute in the other quotes.
std::string in_entities(std::string text) {
    std::string out;
    bool in_tag = false;
    for (const char c : text) {
        if (c == '<') in_tag = true;
        if (c == '>') in_tag = false;
        if (c == '"') out += '\'';
        else if (c == 'e' && !in_tag) out += "&#x65;";
        else out += c;
    }
    return out;
}

// What a later version adds is not looked at; attributes of its own come first.
std::string of_a_later_version(std::string text) {
    text = std::regex_replace(text, std::regex(R"(ResponseClass=)"), R"(xmlns:z="urn:z" z:New="1" ResponseClass=)");
    return std::regex_replace(
        text, std::regex(R"(<ResponseCode>)"), "<DescriptiveLinkKey>0</DescriptiveLinkKey><ResponseCode>");
}

struct form {
    const char* name;
    std::string (*write)(std::string);
};
constexpr form forms[] = {
    {"plain", plain},
    {"with prefixes", prefixed},
    {"with blanks and comments", spaced},
    {"in CDATA", in_cdata},
    {"in entities, in other quotes", in_entities},
    {"of a later version", of_a_later_version}};

// -- what they say --

const std::string good =
    R"(<ResponseMessage ResponseClass="Success"><ResponseCode>NoError</ResponseCode></ResponseMessage>)";

std::string availability_of(std::string_view message, std::string_view view) {
    return enveloped(
        "<GetUserAvailabilityResponse xmlns=\"" + std::string(schema) +
        "messages\"><FreeBusyResponseArray><FreeBusyResponse>" + std::string(message) + std::string(view) +
        "</FreeBusyResponse></FreeBusyResponseArray></GetUserAvailabilityResponse>");
}
const std::string view =
    "<FreeBusyView><FreeBusyViewType>DetailedMerged</FreeBusyViewType><MergedFreeBusy>00221</MergedFreeBusy>"
    "<CalendarEventArray><CalendarEvent><BusyType>Busy</BusyType></CalendarEvent></CalendarEventArray><WorkingHours>"
    "<WorkingPeriodArray><WorkingPeriod><DayOfWeek>Monday</DayOfWeek><StartTimeInMinutes>540</StartTimeInMinutes>"
    "<EndTimeInMinutes>1020</EndTimeInMinutes></WorkingPeriod></WorkingPeriodArray></WorkingHours></FreeBusyView>";

std::string away_of(std::string_view inside) {
    return enveloped("<GetUserOofSettingsResponse>" + std::string(inside) + "</GetUserOofSettingsResponse>");
}

std::string found_of(std::string_view folder) {
    return enveloped(
        R"(<FindItemResponse><ResponseMessages><FindItemResponseMessage ResponseClass="Success"><ResponseCode>NoError)"
        "</ResponseCode>" +
        std::string(folder) + "</FindItemResponseMessage></ResponseMessages></FindItemResponse>");
}

std::string list_of(std::string_view groups, std::string_view personas) {
    return enveloped(
        R"(<GetImItemListResponse ResponseClass="Success"><ResponseCode>NoError</ResponseCode><ImItemList>)" +
        std::string(groups) + std::string(personas) + "</ImItemList></GetImItemListResponse>");
}
const std::string groups =
    R"(<Groups><ImGroup><DisplayName>Other Men</DisplayName><GroupType>IPM.DistList.MOC.OtherContacts</GroupType>)"
    R"(<ExchangeStoreId Id="G" ChangeKey="C"/><MemberCorrelationKey><ItemId Id="I"/></MemberCorrelationKey></ImGroup></Groups>)";
const std::string personas =
    R"(<Personas><Persona><PersonaId Id="P"/><DisplayName>Bob Example</DisplayName><ImAddress>sip:bob@contoso.example</ImAddress>)"
    R"(<Attributions><Attribution><Id>0</Id><SourceId Id="I" ChangeKey="C"/><IsWritable>true</IsWritable>)"
    R"(<IsQuickContact>true</IsQuickContact><IsHidden>false</IsHidden></Attribution></Attributions></Persona></Personas>)";

void check_list(const std::expected<ews::contacts, parse_error>& read) {
    REQUIRE(read);
    CHECK(read->head.succeeded);
    REQUIRE(read->list.contacts.size() == 1);
    CHECK(read->list.contacts[0].uri == "bob@contoso.example");
    CHECK(read->list.contacts[0].name == "Bob Example");
    CHECK(read->list.contacts[0].groups == std::vector<int>{1});
    REQUIRE(read->list.groups.size() == 1);
    CHECK(read->list.groups[0].name == "Other Men");
}

}  // namespace

TEST_CASE("the calendar reads the same in every form") {
    for (const auto& one : forms) {
        INFO(one.name);
        for (const auto& text : {availability_of(good, view), availability_of(view, good)}) {
            const auto read = ews::parse_availability(one.write(text));
            REQUIRE(read);
            CHECK(read->head.succeeded);
            CHECK(read->head.version == "15.1.2507.6");
            CHECK(read->slots == "00221");
            CHECK(read->events == 1);
            CHECK(read->working_hours == "Monday, 540 to 1020");
        }
    }
}

TEST_CASE("a calendar without its optional parts") {
    // Exchange 2010 has no ServerVersionInfo where a device answers in its place, and a view may lack all but its type.
    const auto bare = ews::parse_availability(
        "<Envelope><Body><GetUserAvailabilityResponse><FreeBusyResponseArray><FreeBusyResponse>" + good +
        "<FreeBusyView><FreeBusyViewType>None</FreeBusyViewType></FreeBusyView></FreeBusyResponse>"
        "</FreeBusyResponseArray></GetUserAvailabilityResponse></Body></Envelope>");
    REQUIRE(bare);
    CHECK(bare->head.succeeded);
    CHECK(bare->head.release().empty());
    CHECK(bare->slots.empty());
    CHECK(bare->events == 0);
    CHECK(bare->working_hours.empty());
}

TEST_CASE("out of office reads the same in every form") {
    const std::string settings =
        "<OofSettings><OofState>Scheduled</OofState><ExternalAudience>All</ExternalAudience><Duration><StartTime>"
        "2026-03-02T00:00:00</StartTime></Duration></OofSettings>";
    for (const auto& one : forms) {
        INFO(one.name);
        for (const auto& text : {away_of(good + settings), away_of(settings + good)}) {
            const auto read = ews::parse_out_of_office(one.write(text));
            REQUIRE(read);
            CHECK(read->head.succeeded);
            CHECK(read->state == "Scheduled");
        }
        const auto none = ews::parse_out_of_office(one.write(away_of(good)));
        REQUIRE(none);
        CHECK(none->state.empty());
    }
}

TEST_CASE("a folder's count reads the same in every form, and lists what is in it or not") {
    const std::string count = R"(<RootFolder TotalItemsInView="7" IncludesLastItemInRange="true")";
    for (const auto& one : forms) {
        INFO(one.name);
        // 2010 names where to go on; 2013 and later do not, when there is nothing further.
        for (const auto& rest :
             {std::string("/>"), std::string("><Items/></RootFolder>"),
              std::string(
                  R"( IndexedPagingOffset="1"><Items><Message><ItemId Id="A"/></Message></Items></RootFolder>)")}) {
            const auto read = ews::parse_item_count(one.write(found_of(count + rest)));
            REQUIRE(read);
            CHECK(read->head.succeeded);
            CHECK(read->count == 7);
        }
    }
}

TEST_CASE("the contacts read the same in every form, whichever comes first") {
    for (const auto& one : forms) {
        INFO(one.name);
        check_list(ews::parse_contacts(one.write(list_of(groups, personas))));
        check_list(ews::parse_contacts(one.write(list_of(personas, groups))));
        const auto none = ews::parse_contacts(one.write(list_of("", "")));
        REQUIRE(none);
        CHECK(none->head.succeeded);
        CHECK(none->list.contacts.empty());
    }
}

namespace {

const std::string picture = "/9j/4AAQSkZJRgAB";  // twelve bytes, as a JPEG begins

std::string photo_of(std::string_view attributes, std::string_view inside) {
    return enveloped(
        "<GetUserPhotoResponse" + std::string(attributes) + ">" + std::string(inside) + "</GetUserPhotoResponse>");
}

}  // namespace

TEST_CASE("the photo reads the same in every form, whichever version wrote it") {
    const std::string code = "<ResponseCode>NoError</ResponseCode>",
                      data = "<PictureData>" + picture + "</PictureData>";
    const std::string success = R"( ResponseClass="Success")", changed = "<HasChanged>true</HasChanged>";
    const std::string bodies[] = {
        photo_of(success, code + changed + data), photo_of(success, code + data + changed),
        // 2016 adds a type; the documents have no ResponseClass, and a message within, as other requests have.
        photo_of(success, code + changed + data + "<ContentType>image/jpeg</ContentType>"),
        photo_of("", code + changed + data),
        photo_of(
            "", "<ResponseMessages><GetUserPhotoResponseMessage ResponseClass=\"Success\">" + code + data +
                    "</GetUserPhotoResponseMessage></ResponseMessages>")};
    for (const auto& one : forms)
        for (const auto& text : bodies) {
            const auto read = ews::parse_photo(one.write(text));
            INFO(one.name << ": " << text);
            REQUIRE(read);
            CHECK(read->head.succeeded);
            CHECK(read->head.version == "15.1.2507.6");
            CHECK(read->bytes == 12);
            CHECK(read->type == "image/jpeg");
        }
}

TEST_CASE("no photo, one of another kind, and none that can be read") {
    const std::string good_code = "<ResponseCode>NoError</ResponseCode>";
    const auto read = [&](std::string_view data) {
        return ews::parse_photo(photo_of(
            R"( ResponseClass="Success")", good_code + "<PictureData>" + std::string(data) + "</PictureData>"));
    };
    for (const auto& one : forms) {
        INFO(one.name);
        const auto none = ews::parse_photo(one.write(photo_of(
            R"( ResponseClass="Error")",
            "<MessageText>The photo was not found</MessageText><ResponseCode>ErrorItemNotFound</ResponseCode>")));
        REQUIRE(none);
        CHECK_FALSE(none->head.succeeded);
        CHECK(none->head.code == "ErrorItemNotFound");
        CHECK(none->bytes == 0);
        const auto empty = ews::parse_photo(one.write(photo_of(R"( ResponseClass="Success")", good_code)));
        REQUIRE(empty);
        CHECK(empty->head.succeeded);
        CHECK(empty->bytes == 0);
    }
    CHECK(read("iVBORw0KGgo=")->type == "image/png");
    CHECK(read("R0lGODlhAQABAA==")->type == "image/gif");
    CHECK(read("Qk0AAAAA")->type == "image/bmp");
    CHECK(read("PHN2Zz4=")->type.empty());
    CHECK(read("PHN2Zz4=")->bytes == 5);
    REQUIRE_FALSE(read("a picture!"));
    CHECK(read("a picture!").error().what == "the picture is not Base64");
    const auto no = ews::parse_photo(photo_of("", "<ResponseCode>ErrorAccessDenied</ResponseCode>"));
    REQUIRE(no);
    CHECK_FALSE(no->head.succeeded);
}

TEST_CASE("a refusal names its reason in every form") {
    for (const auto& one : forms) {
        INFO(one.name);
        const auto denied = ews::parse_availability(one.write(availability_of(
            R"(<ResponseMessage ResponseClass="Error"><MessageText>No free time</MessageText><ResponseCode>ErrorNoFreeBusyAccess)"
            "</ResponseCode></ResponseMessage>",
            "")));
        REQUIRE(denied);
        CHECK_FALSE(denied->head.succeeded);
        CHECK(denied->head.code == "ErrorNoFreeBusyAccess");
        CHECK(denied->head.text == "No free time");
    }
}
