#include "sip/exchange_services.hpp"

#include <algorithm>
#include <map>

#include "sip/encoding.hpp"
#include "sip/lexical.hpp"
#include "sip/xml.hpp"

namespace ucsignin::sip::ews {
namespace {

constexpr std::string_view messages = R"( xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages")";

// `version`: the oldest that knows the request; "" where every one does.
std::string envelope(std::string_view version, std::string_view body) {
    std::string out =
        R"(<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/")"
        R"( xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types")";
    out += messages;
    out += ">";
    if (!version.empty())
        out += R"(<soap:Header><t:RequestServerVersion Version=")" + std::string(version) + R"("/></soap:Header>)";
    return out + "<soap:Body>" + std::string(body) + "</soap:Body></soap:Envelope>";
}

// Counted alone, not listed.
std::string find_items(std::string_view version, std::string_view restriction, std::string_view folder) {
    return envelope(
        version, R"(<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>)"
                 R"(<m:IndexedPageItemView MaxEntriesReturned="1" Offset="0" BasePoint="Beginning"/><m:Restriction>)" +
                     std::string(restriction) + R"(</m:Restriction><m:ParentFolderIds><t:DistinguishedFolderId Id=")" +
                     std::string(folder) + R"("/></m:ParentFolderIds></m:FindItem>)");
}

int number_in(const xml::element& of, std::string_view attribute) {
    return to_number<int>(trim(of.attribute(attribute))).value_or(0);
}

void read_version(const xml::element& root, head& into) {
    const auto told = root.child("Header").child("ServerVersionInfo");
    if (!told) return;
    into.major = number_in(told, "MajorVersion");
    into.minor = number_in(told, "MinorVersion");
    into.build = number_in(told, "MajorBuildNumber");
    into.version = std::to_string(into.major) + "." + std::to_string(into.minor) + "." + std::to_string(into.build) +
                   "." + std::to_string(number_in(told, "MinorBuildNumber"));
}

// ResponseClass stands on the answer itself, or on a message within. An answer that has none has its code.
xml::element with_class(const xml::element& body) {
    for (const auto& answer : body.children()) {
        if (!answer.attribute("ResponseClass").empty()) return answer;
        for (const auto* name : {"ResponseMessage", "FindItemResponseMessage", "GetUserPhotoResponseMessage"})
            if (const auto found = answer.descendant(name)) return found;
        if (answer.child("ResponseCode")) return answer;
    }
    return {};
}

std::expected<head, parse_error> read_head(const xml::element& root) {
    head out;
    read_version(root, out);
    const auto body = root.child("Body");
    if (const auto fault = body.child("Fault")) {
        out.code = fault.descendant("ResponseCode").text();
        if (out.code.empty()) out.code = fault.child("faultcode").text();
        out.text = fault.child("faultstring").text();
        if (out.code.empty() && out.text.empty()) return std::unexpected(parse_error{0, "a fault without a reason"});
        return out;
    }
    const auto message = with_class(body);
    if (!message) return std::unexpected(parse_error{0, "no answer in the envelope"});
    out.code = message.child("ResponseCode").text();
    out.text = message.child("MessageText").text();
    const auto is_class = message.attribute("ResponseClass");
    out.succeeded = is_class.empty() ? same_word(out.code, "NoError") : !same_word(is_class, "Error");
    return out;
}

// Document and head; `take` reads the rest into the answer where it is a success.
template <class Answer, class Take>
std::expected<Answer, parse_error> read(std::string_view text, Take take) {
    const auto document = xml::document::read(text, xml::limits::exchange, "Envelope");
    if (!document) return std::unexpected(document.error());
    auto head = read_head(document->root());
    if (!head) return std::unexpected(head.error());
    Answer out;
    out.head = std::move(*head);
    if (out.head.succeeded) take(document->root().child("Body"), out);
    return out;
}

std::string hours_in_words(const xml::element& view) {
    const auto period = view.child("WorkingHours").descendant("WorkingPeriod");
    if (!period) return {};
    return period.child("DayOfWeek").text() + ", " + period.child("StartTimeInMinutes").text() + " to " +
           period.child("EndTimeInMinutes").text();
}

// Groups by the keys of their members: that of the item in the folder of contacts from which a persona is made.
using members = std::multimap<std::string, int>;

members read_groups(const xml::element& all, contact_list& into) {
    members out;
    for (const auto& group : all.children("ImGroup")) {
        const int id = static_cast<int>(into.groups.size()) + 1;
        into.groups.push_back({id, group.child("DisplayName").text()});
        for (const auto& item : group.child("MemberCorrelationKey").children("ItemId"))
            out.emplace(item.attribute("Id"), id);
    }
    return out;
}

// What a persona has of other folders, or hidden, puts it into no group.
bool is_of_the_list(const xml::element& attribution) {
    const auto quick = attribution.child("IsQuickContact").text();
    return !xml::is_true(attribution.child("IsHidden").text()) && (quick.empty() || xml::is_true(quick));
}

// More than a client lets a contact be in: whoever writes the answer does not choose how long it takes.
constexpr std::size_t most_groups = 256;

contact read_persona(const xml::element& persona, const members& places) {
    contact out;
    out.uri = without_scheme(persona.child("ImAddress").text());
    out.name = persona.child("DisplayName").text();
    for (const auto& attribution : persona.child("Attributions").children("Attribution")) {
        if (!is_of_the_list(attribution)) continue;
        const auto [first, last] = places.equal_range(attribution.child("SourceId").attribute("Id"));
        for (auto at = first; at != last && out.groups.size() < most_groups; ++at) out.groups.push_back(at->second);
    }
    std::ranges::sort(out.groups);
    out.groups.erase(std::ranges::unique(out.groups).begin(), out.groups.end());
    return out;
}

// By its first bytes: what a server calls it is another matter.
std::string_view kind_of_picture(std::string_view bytes) {
    using namespace std::string_view_literals;
    constexpr std::pair<std::string_view, std::string_view> kinds[] = {
        {"\xff\xd8\xff"sv, "image/jpeg"},
        {"\x89PNG\r\n"sv, "image/png"},
        {"GIF8"sv, "image/gif"},
        {"BM"sv, "image/bmp"}};
    for (const auto& [begins, kind] : kinds)
        if (bytes.starts_with(begins)) return kind;
    return {};
}

}  // namespace

std::string_view head::release() const {
    constexpr int first_build_of_se = 2562;
    if (major == 8) return "Exchange 2007";
    if (major == 14) return "Exchange 2010";
    if (major != 15) return "";
    switch (minor) {
        case 0: return "Exchange 2013";
        case 1: return "Exchange 2016";
        case 2: return build >= first_build_of_se ? "Exchange SE" : "Exchange 2019";
        case 20: return "Exchange Online";
        default: return "";
    }
}

std::string availability_request(std::string_view address, std::string_view from, std::string_view to) {
    constexpr std::string_view never =
        "<t:Bias>0</t:Bias><t:Time>00:00:00</t:Time><t:DayOrder>0</t:DayOrder><t:Month>0</t:Month>"
        "<t:DayOfWeek>Sunday</t:DayOfWeek>";
    return envelope(
        "", "<m:GetUserAvailabilityRequest><t:TimeZone><t:Bias>0</t:Bias><t:StandardTime>" + std::string(never) +
                "</t:StandardTime><t:DaylightTime>" + std::string(never) +
                "</t:DaylightTime></t:TimeZone><m:MailboxDataArray><t:MailboxData><t:Email><t:Address>" +
                xml::escape(address) +
                "</t:Address></t:Email><t:AttendeeType>Required</t:AttendeeType><t:ExcludeConflicts>false"
                "</t:ExcludeConflicts></t:MailboxData></m:MailboxDataArray><t:FreeBusyViewOptions><t:TimeWindow>"
                "<t:StartTime>" +
                xml::escape(from) + "</t:StartTime><t:EndTime>" + xml::escape(to) +
                "</t:EndTime></t:TimeWindow><t:MergedFreeBusyIntervalInMinutes>15</t:MergedFreeBusyIntervalInMinutes>"
                "<t:RequestedView>DetailedMerged</t:RequestedView></t:FreeBusyViewOptions>"
                "</m:GetUserAvailabilityRequest>");
}

std::expected<availability, parse_error> parse_availability(std::string_view text) {
    return read<availability>(text, [](const xml::element& body, availability& out) {
        const auto view = body.descendant("FreeBusyView");
        out.slots = view.child("MergedFreeBusy").text();
        out.events = static_cast<std::int64_t>(view.child("CalendarEventArray").children("CalendarEvent").size());
        out.working_hours = hours_in_words(view);
    });
}

std::string out_of_office_request(std::string_view address) {
    return envelope(
        "", "<m:GetUserOofSettingsRequest><t:Mailbox><t:Address>" + xml::escape(address) +
                "</t:Address></t:Mailbox></m:GetUserOofSettingsRequest>");
}

std::expected<out_of_office, parse_error> parse_out_of_office(std::string_view text) {
    return read<out_of_office>(text, [](const xml::element& body, out_of_office& out) {
        out.state = body.descendant("OofSettings").child("OofState").text();
    });
}

std::string unread_voicemail_request() {
    return find_items(
        "Exchange2010",
        R"(<t:IsEqualTo><t:FieldURI FieldURI="message:IsRead"/><t:FieldURIOrConstant><t:Constant Value="false"/>)"
        "</t:FieldURIOrConstant></t:IsEqualTo>",
        "voicemail");
}

std::string missed_request(std::string_view since) {
    const std::string of_class =
        R"(<t:Contains ContainmentMode="Prefixed" ContainmentComparison="IgnoreCase"><t:FieldURI FieldURI="item:ItemClass"/>)"
        R"(<t:Constant Value="IPM.Note.Microsoft.Missed"/></t:Contains>)";
    if (since.empty()) return find_items("Exchange2013", of_class, "conversationhistory");
    return find_items(
        "Exchange2013",
        "<t:And>" + of_class +
            R"(<t:IsGreaterThan><t:FieldURI FieldURI="item:DateTimeReceived"/><t:FieldURIOrConstant><t:Constant Value=")" +
            xml::escape(since) + R"("/></t:FieldURIOrConstant></t:IsGreaterThan></t:And>)",
        "conversationhistory");
}

std::expected<item_count, parse_error> parse_item_count(std::string_view text) {
    return read<item_count>(text, [](const xml::element& body, item_count& out) {
        out.count =
            to_number<std::int64_t>(trim(body.descendant("RootFolder").attribute("TotalItemsInView"))).value_or(0);
    });
}

std::string contacts_request() { return envelope("Exchange2013", "<m:GetImItemList/>"); }

std::expected<contacts, parse_error> parse_contacts(std::string_view text) {
    return read<contacts>(text, [](const xml::element& body, contacts& out) {
        const auto list = body.descendant("ImItemList");
        const auto places = read_groups(list.child("Groups"), out.list);
        for (const auto& persona : list.child("Personas").children("Persona")) {
            auto one = read_persona(persona, places);
            if (one.uri.empty()) ++out.without_address;
            else out.list.contacts.push_back(std::move(one));
        }
    });
}

std::string photo_request(std::string_view address) {
    return envelope(
        "Exchange2013", "<m:GetUserPhoto><m:Email>" + xml::escape(address) +
                            "</m:Email><m:SizeRequested>HR48x48</m:SizeRequested></m:GetUserPhoto>");
}

std::expected<photo, parse_error> parse_photo(std::string_view text) {
    bool is_garbled = false;
    auto out = read<photo>(text, [&](const xml::element& body, photo& into) {
        const auto picture = from_base64(body.descendant("PictureData").text());
        is_garbled = !picture;
        if (!picture) return;
        into.bytes = static_cast<std::int64_t>(picture->size());
        into.type = kind_of_picture(*picture);
    });
    if (is_garbled) return std::unexpected(parse_error{0, "the picture is not Base64"});
    return out;
}

}  // namespace ucsignin::sip::ews
