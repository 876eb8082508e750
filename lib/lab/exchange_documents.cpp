#include "lab/exchange_documents.hpp"

#include <fmt/format.h>

#include "sip/xml.hpp"
#include "trace/dates.hpp"

namespace ucsignin::lab {
namespace {

constexpr std::int64_t day = 86400, slot = 900;
constexpr int first_with_contacts = 2013;

struct version_numbers {
    int major, minor, build;
};
version_numbers numbers_of(int release) {
    switch (release) {
        case 2010: return {14, 3, 513};
        case 2013: return {15, 0, 1497};
        case 2016: return {15, 1, 2507};
        default: return {15, 2, 1258};
    }
}

std::string envelope(const exchange_settings& of, std::string_view body) {
    const auto version = numbers_of(of.version);
    return fmt::format(
        R"(<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>)"
        R"(<h:ServerVersionInfo MajorVersion="{}" MinorVersion="{}" MajorBuildNumber="{}" MinorBuildNumber="12" )"
        R"(xmlns:h="http://schemas.microsoft.com/exchange/services/2006/types"/></s:Header><s:Body>{}</s:Body></s:Envelope>)",
        version.major, version.minor, version.build, body);
}

std::string response_message(std::string_view code, std::string_view text) {
    if (code == "NoError")
        return R"(<ResponseMessage ResponseClass="Success"><ResponseCode>NoError</ResponseCode></ResponseMessage>)";
    return fmt::format(
        R"(<ResponseMessage ResponseClass="Error"><MessageText>{}</MessageText><ResponseCode>{}</ResponseCode></ResponseMessage>)",
        text, code);
}

constexpr std::string_view messages = R"(xmlns="http://schemas.microsoft.com/exchange/services/2006/messages")";
constexpr std::string_view types = R"(xmlns="http://schemas.microsoft.com/exchange/services/2006/types")";

char digit_of(const std::string& busy) {
    constexpr std::string_view words[] = {"Free", "Tentative", "Busy", "OOF", "NoData"};
    for (std::size_t i = 0; i < std::size(words); ++i)
        if (words[i] == busy) return static_cast<char>('0' + i);
    return '0';
}

// One event of an hour around this moment, where the mailbox is busy; the window is that of every client.
std::string free_busy(const mailbox& of, std::int64_t now) {
    const auto from = now / day * day - day;
    const auto at = static_cast<std::size_t>((now - from) / slot);
    std::string slots(static_cast<std::size_t>(4 * day / slot), '0');
    for (auto i = at > 2 ? at - 2 : 0; i < std::min(at + 3, slots.size()); ++i) slots[i] = digit_of(of.busy);
    const auto event = of.busy == "Free"
                           ? std::string()
                           : fmt::format(
                                 "<CalendarEvent><StartTime>{}</StartTime><EndTime>{}</EndTime><BusyType>{}</BusyType>"
                                 "</CalendarEvent>",
                                 trace::iso_time_without_zone(from + static_cast<std::int64_t>(at - 2) * slot),
                                 trace::iso_time_without_zone(from + static_cast<std::int64_t>(at + 3) * slot),
                                 of.busy);
    return fmt::format(
        R"(<FreeBusyView><FreeBusyViewType {0}>DetailedMerged</FreeBusyViewType><MergedFreeBusy {0}>{1}</MergedFreeBusy>)"
        R"(<CalendarEventArray {0}>{2}</CalendarEventArray><WorkingHours {0}><WorkingPeriodArray><WorkingPeriod>)"
        "<DayOfWeek>Monday Tuesday Wednesday Thursday Friday</DayOfWeek><StartTimeInMinutes>540</StartTimeInMinutes>"
        "<EndTimeInMinutes>1020</EndTimeInMinutes></WorkingPeriod></WorkingPeriodArray></WorkingHours></FreeBusyView>",
        types, slots, event);
}

std::string availability(const mailbox* of, std::int64_t now) {
    const auto message = of ? response_message("NoError", {})
                            : response_message("ErrorMailRecipientNotFound", "Unable to resolve the e-mail address.");
    return fmt::format(
        "<GetUserAvailabilityResponse {}><FreeBusyResponseArray><FreeBusyResponse>{}{}</FreeBusyResponse>"
        "</FreeBusyResponseArray></GetUserAvailabilityResponse>",
        messages, message, of ? free_busy(*of, now) : std::string());
}

std::string out_of_office(const mailbox& of) {
    return fmt::format(
        "<GetUserOofSettingsResponse {}>{}<OofSettings {}><OofState>{}</OofState><ExternalAudience>All"
        "</ExternalAudience></OofSettings><AllowExternalOof>All</AllowExternalOof></GetUserOofSettingsResponse>",
        messages, response_message("NoError", {}), types, of.out_of_office);
}

std::string found_items(std::string_view code, int count) {
    const bool good = code == "NoError";
    return fmt::format(
        R"(<FindItemResponse {0}><ResponseMessages><FindItemResponseMessage ResponseClass="{1}">)"
        R"(<ResponseCode>{2}</ResponseCode>{3}</FindItemResponseMessage></ResponseMessages></FindItemResponse>)",
        messages, good ? "Success" : "Error", code,
        good ? fmt::format(R"(<RootFolder TotalItemsInView="{}" IncludesLastItemInRange="true"/>)", count)
             : std::string());
}

// The groups are those that the pool has: each of its contacts names them by number.
std::string group_of_contacts(
    const std::string& number, std::string_view name, std::string_view type,
    const std::vector<contact_entry>& contacts) {
    std::string members;
    for (std::size_t i = 0; i < contacts.size(); ++i)
        if ((" " + contacts[i].groups + " ").find(" " + number + " ") != std::string::npos)
            members += fmt::format(R"(<ItemId Id="ITEM-{}"/>)", i);
    return fmt::format(
        R"(<ImGroup><DisplayName>{0}</DisplayName><GroupType>IPM.DistList.MOC.{1}</GroupType>)"
        R"(<ExchangeStoreId Id="GRP-{2}" ChangeKey="CK-{2}"/><MemberCorrelationKey>{3}</MemberCorrelationKey>)"
        "<ExtendedProperties/></ImGroup>",
        name, type, number, members);
}

std::string contact_list(const std::vector<contact_entry>& contacts) {
    std::string personas;
    for (std::size_t i = 0; i < contacts.size(); ++i) {
        const auto& one = contacts[i];
        personas += fmt::format(
            R"(<Persona><PersonaId Id="PERS-{0}"/><DisplayName>{1}</DisplayName><ImAddress>sip:{2}</ImAddress>)"
            R"(<Attributions><Attribution><Id>0</Id><SourceId Id="ITEM-{0}" ChangeKey="CK-{0}"/><DisplayName>Lync )"
            "Contacts</DisplayName><IsWritable>true</IsWritable><IsQuickContact>true</IsQuickContact><IsHidden>false"
            "</IsHidden></Attribution></Attributions></Persona>",
            i, sip::xml::escape(one.name.empty() ? one.address : one.name), sip::xml::escape(one.address));
    }
    return fmt::format(
        R"(<GetImItemListResponse ResponseClass="Success" {}><ResponseCode>NoError</ResponseCode><ImItemList {}>)"
        "<Groups>{}{}</Groups><Personas>{}</Personas></ImItemList></GetImItemListResponse>",
        messages, types, group_of_contacts("1", "Other Contacts", "OtherContacts", contacts),
        group_of_contacts("2", "Team", "UserGroup", contacts), personas);
}

std::string photo_of(const mailbox& of) {
    if (of.photo.empty())
        return fmt::format(
            R"(<GetUserPhotoResponse ResponseClass="Error" {}><MessageText>The photo was not found.</MessageText>)"
            "<ResponseCode>ErrorItemNotFound</ResponseCode></GetUserPhotoResponse>",
            messages);
    return fmt::format(
        R"(<GetUserPhotoResponse ResponseClass="Success" {}><ResponseCode>NoError</ResponseCode><HasChanged>true)"
        "</HasChanged><PictureData>{}</PictureData></GetUserPhotoResponse>",
        messages, of.photo);
}

}  // namespace

std::string autodiscover_settings_xml(const exchange_settings& of, const std::string& address) {
    const auto ews = fmt::format("https://{}/EWS/Exchange.asmx", of.host);
    const auto protocol = [&](std::string_view type) {
        return fmt::format(
            "<Protocol><Type>{0}</Type><Server>{1}</Server><ASUrl>{2}</ASUrl><EwsUrl>{2}</EwsUrl><OOFUrl>{2}</OOFUrl>"
            "</Protocol>",
            type, of.host, ews);
    };
    return fmt::format(
        R"(<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">)"
        R"(<Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"><User>)"
        "<AutoDiscoverSMTPAddress>{}</AutoDiscoverSMTPAddress></User><Account><AccountType>email</AccountType>"
        "<Action>settings</Action>{}{}</Account></Response></Autodiscover>",
        sip::xml::escape(address), protocol("EXCH"), protocol("EXPR"));
}

std::string autodiscover_error_xml(int code, std::string_view message) {
    return fmt::format(
        R"(<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">)"
        R"(<Response><Error Time="12:00:00.0000000" Id="1"><ErrorCode>{}</ErrorCode><Message>{}</Message><DebugData/></Error>)"
        "</Response></Autodiscover>",
        code, sip::xml::escape(message));
}

std::string ews_fault_xml(const exchange_settings& of, std::string_view code, std::string_view text) {
    return envelope(
        of,
        fmt::format(
            R"(<s:Fault><faultcode>a:{0}</faultcode><faultstring>{1}</faultstring><detail><e:ResponseCode )"
            R"(xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors">{0}</e:ResponseCode></detail></s:Fault>)",
            code, sip::xml::escape(text)));
}

std::string ews_xml(
    const exchange_settings& of, const mailbox* whose, const std::vector<contact_entry>& contacts,
    std::string_view request, std::string_view body, std::int64_t now) {
    if (request == "GetUserAvailabilityRequest") return envelope(of, availability(whose, now));
    if (!whose)
        return ews_fault_xml(of, "ErrorNonExistentMailbox", "The SMTP address has no mailbox associated with it.");
    if (request == "GetUserOofSettingsRequest") return envelope(of, out_of_office(*whose));
    const bool is_old = of.version < first_with_contacts;
    if (body.find("Exchange2013") != std::string_view::npos && is_old)
        return ews_fault_xml(of, "ErrorInvalidServerVersion", "The specified server version is invalid.");
    if (request == "GetUserPhoto") return envelope(of, photo_of(*whose));
    if (request == "GetImItemList") return envelope(of, contact_list(contacts));
    if (request != "FindItem")
        return ews_fault_xml(of, "ErrorSchemaValidation", "The request failed schema validation.");
    if (body.find("conversationhistory") == std::string_view::npos)
        return envelope(of, found_items("NoError", whose->unread_voicemail));
    return envelope(
        of, whose->has_history ? found_items("NoError", whose->missed) : found_items("ErrorFolderNotFound", 0));
}

}  // namespace ucsignin::lab
