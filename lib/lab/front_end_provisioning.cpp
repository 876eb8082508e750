// In-band provisioning: the groups with the values of a plain deployment (part 02 sections 2.3 to 2.15). Written as a
// template in which %domain%, %pool%, ... are names of the pool.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lab/front_end_bodies.hpp"
#include "sip/xml.hpp"

namespace ucsignin::lab {
namespace {

struct group {
    std::string_view name, xml;
};

// clang-format off
constexpr std::array<group, 12> groups = {{
    {"ServerConfiguration", R"(<provisionGroup name="ServerConfiguration">
<ucMaxVideoRateAllowed>Hd720p-1.5M</ucMaxVideoRateAllowed>
<absInternalServerUrl>https://%web_internal%:443/abs/handler</absInternalServerUrl>
<absExternalServerUrl>https://%web_external%:443/abs/handler</absExternalServerUrl>
<absWebServiceEnabled>true</absWebServiceEnabled>
<ucPC2PCAVEncryption>SupportEncryption</ucPC2PCAVEncryption>
<organization/><consoleDownloadInternalUrl/><consoleDownloadExternalUrl/><helpdeskInternalUrl/><helpdeskExternalUrl/>
<dlxInternalUrl>https://%web_internal%:443/groupexpansion/service.svc</dlxInternalUrl>
<dlxExternalUrl>https://%web_external%:443/groupexpansion/service.svc</dlxExternalUrl>
<dlxEnabled>true</dlxEnabled>
<lisInternalUrl>https://%web_internal%:443/locationinformation/liservice.svc</lisInternalUrl>
<ucDiffServVoice>40</ucDiffServVoice><ucVoice802_1p>0</ucVoice802_1p>
<ucEnforcePinLock>true</ucEnforcePinLock><ucMinPinLength>6</ucMinPinLength><ucPhoneTimeOut>10</ucPhoneTimeOut>
<ucExchangeMWIPoll>3</ucExchangeMWIPoll><ucEnableSIPSecurityMode>High</ucEnableSIPSecurityMode>
<ucEnableUserLogging>false</ucEnableUserLogging><loggingLevel>Off</loggingLevel>
<ucPortRangeEnabled>true</ucPortRangeEnabled>
<ucMinMediaPort>50000</ucMinMediaPort><ucMaxMediaPort>50039</ucMaxMediaPort>
<ucMinSipDynamicPort>7100</ucMinSipDynamicPort><ucMaxSipDynamicPort>7102</ucMaxSipDynamicPort>
<ucMinAudioPort>50000</ucMinAudioPort><ucMaxAudioPort>50019</ucMaxAudioPort>
<ucMinVideoPort>50020</ucMinVideoPort><ucMaxVideoPort>50039</ucMaxVideoPort>
<ucMinAppSharingPort>50040</ucMinAppSharingPort><ucMaxAppSharingPort>50059</ucMaxAppSharingPort>
<ucMinFileTransferPort>50060</ucMinFileTransferPort><ucMaxFileTransferPort>50079</ucMaxFileTransferPort>
<qosEnabled>false</qosEnabled><enableBWPolicyCheck>false</enableBWPolicyCheck>
<poolUri>sip:%pool%@%domain%;gruu;opaque=srvr:HomeServer:TWFkZVVwUG9vbElkMDAxAA</poolUri>
<mrasUri>sip:%edge%@%domain%;gruu;opaque=srvr:MRAS:TWFkZVVwTXJhc0lkMDAxAA</mrasUri>
<qosUri>sip:%pool%@%domain%;gruu;opaque=srvr:HomeServer:TWFkZVVwUG9vbElkMDAxAA</qosUri>
<botSipUriForTestCall>sip:%pool%@%domain%;gruu;opaque=srvr:Microsoft.Rtc.Applications.testbot:TWFkZVVwQm90SWQwMDAxAA</botSipUriForTestCall>
<ucLocationProfile>%dial_plan%</ucLocationProfile>
<focusFactoryUri>sip:%user%;gruu;opaque=app:conf:focusfactory</focusFactoryUri>
<voiceMailUri>sip:%user%;opaque=app:voicemail</voiceMailUri>
</provisionGroup>)"},
    {"meetingPolicy", R"(<provisionGroup name="meetingPolicy"><instance>
<property name="AllowIPAudio"><![CDATA[true]]></property><property name="AllowIPVideo"><![CDATA[true]]></property>
<property name="MeetingSize"><![CDATA[250]]></property><property name="EnableAppDesktopSharing"><![CDATA[true]]></property>
<property name="AllowedAppDesktopSharingLevel"><![CDATA[Desktop]]></property><property name="EnablePSTNConferencing"><![CDATA[true]]></property>
</instance></provisionGroup>)"},
    {"ucPolicy", R"(<provisionGroup name="ucPolicy"><instance>
<property name="Name">Users in Berlin</property>
<property name="AllowSimultaneousRinging"><![CDATA[true]]></property><property name="AllowCallForwarding"><![CDATA[true]]></property>
<property name="EnableCallTransfer"><![CDATA[true]]></property><property name="EnableDelegation"><![CDATA[true]]></property>
<property name="EnableBWPolicyOverride"><![CDATA[false]]></property>
<property name="PhoneRouteUsages"><element>Internal</element><element>Local</element></property>
</instance></provisionGroup>)"},
    {"publicationGrammar", R"(<provisionGroup name="publicationGrammar"><containerManifestList minSupportedClientVersion="4.0" majorVersion="1" minorVersion="0"><containerManifest><containers><container id="200"/></containers></containerManifest></containerManifestList></provisionGroup>)"},
    {"userSetting", R"(<provisionGroup name="userSetting"><disableFileTransfer>false</disableFileTransfer><ucUserLocationProfile>%dial_plan%</ucUserLocationProfile></provisionGroup>)"},
    {"endpointConfiguration", R"(<provisionGroup name="endpointConfiguration"><propertyEntryList>
<property name="PhotoUsage">AllPhotos</property><property name="MaxPhotoSizeKB">30</property>
<property name="AbsUsage">WebSearchAndFileDownload</property><property name="EnableIMAutoArchiving">true</property>
<property name="EnableCallLogAutoArchiving">true</property><property name="ExchangeContactStoreAllowed">false</property>
<property name="EnableTracing">false</property>
</propertyEntryList></provisionGroup>)"},
    {"locationPolicy", R"(<provisionGroup name="locationPolicy"><propertyEntryList><property name="EnhancedEmergencyServicesEnabled">false</property><property name="LocationPolicyTagID">user-tagid</property><property name="LocationRequired">no</property></propertyEntryList></provisionGroup>)"},
    {"mediaConfiguration", R"(<provisionGroup name="mediaConfiguration"><propertyEntryList><property name="bypassEnabled">false</property><property name="internalBypassMode">Off</property><property name="externalBypassMode">Off</property></propertyEntryList></provisionGroup>)"},
    {"presencePolicyV2", R"(<provisionGroup name="presencePolicyV2"><propertyEntryList><property name="EnablePrivacyMode">false</property></propertyEntryList></provisionGroup>)"},
    {"privacyPublicationGrammar", R"(<provisionGroup name="privacyPublicationGrammar"><containerManifestList minSupportedClientVersion="4.0" majorVersion="1" minorVersion="0"/></provisionGroup>)"},
    {"persistentChatConfiguration", R"(<provisionGroup name="persistentChatConfiguration"><propertyEntryList><property name="EnablePersistentChat">false</property></propertyEntryList></provisionGroup>)"},
    {"publicProviders", R"(<provisionGroup name="publicProviders"><propertyEntryList><property name="publicProviders"><![CDATA[<PublicProviders><PublicProvider Name="Skype" ProxyFqdn="federation.messenger.example" IconUrl="" NameDecorationDomain="msn.com" NameDecorationRoutingDomain="push.messenger.example" NameDecorationExcludedDomainList="hotmail.com,live.com,outlook.com"/></PublicProviders>]]></property></propertyEntryList></provisionGroup>)"},
}};
// clang-format on

void replace_all(std::string& text, std::string_view what, const std::string& with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

// An element of ServerConfiguration or userSetting, or a property of the others: in the place of the one of that name,
// or behind all others.
void set_value(std::string& group, const std::string& name, const std::string& value) {
    const bool by_property = group.find("<property ") != std::string::npos;
    const auto open = by_property ? fmt::format("<property name=\"{}\">", name) : "<" + name + ">";
    const std::string close = by_property ? "</property>" : "</" + name + ">";
    const auto text = open + sip::xml::escape(value) + close;
    const auto begin = group.find(open), end = group.find(close, begin);
    if (begin != std::string::npos) group.replace(begin, end + close.size() - begin, text);
    else group.insert(group.rfind("</", by_property ? group.rfind("</") - 1 : std::string::npos), text);
}

std::string changed(const group& one, const provisioning_changes& by) {
    std::string xml(one.xml);
    for (const auto& [group, name, value] : by.set)
        if (group == one.name) set_value(xml, name, value);
    return xml;
}

}  // namespace

std::set<std::string> provisioning_groups(std::string_view request_xml) {
    std::set<std::string> out;
    const auto document = sip::xml::document::read(request_xml, sip::xml::limits::request);
    if (!document) return out;
    for (const auto& one : document->root().children("provisioningGroup")) out.insert(one.attribute("name"));
    return out;
}

std::string provisioning_xml(const pool_settings& settings, const account& who, const std::set<std::string>& wanted) {
    std::string out =
        R"(<provisionGroupList xmlns="http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification">)";
    const auto is_there = [&](std::string_view name) {
        const auto& gone = settings.provisioning.remove;
        return (wanted.empty() || wanted.contains(std::string(name))) && std::ranges::find(gone, name) == gone.end();
    };
    for (const auto& one : groups)
        if (is_there(one.name)) out.append(changed(one, settings.provisioning)).append("\n");
    out += "</provisionGroupList>";
    replace_all(out, "%domain%", sip::xml::escape(settings.sip_domain));
    replace_all(out, "%pool%", sip::xml::escape(settings.pool));
    replace_all(out, "%edge%", sip::xml::escape(settings.edge_host));
    replace_all(out, "%web_internal%", sip::xml::escape(settings.web_internal));
    replace_all(out, "%web_external%", sip::xml::escape(settings.web_external));
    replace_all(
        out, "%dial_plan%",
        sip::xml::escape(settings.dial_plan_named.empty() ? settings.dial_plan : settings.dial_plan_named));
    replace_all(out, "%user%", sip::xml::escape(who.address));
    return out;
}

}  // namespace ucsignin::lab
