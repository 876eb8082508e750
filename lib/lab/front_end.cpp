#include "lab/front_end.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lab/front_end_bodies.hpp"
#include "lab/front_end_news.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"
#include "sip/xml.hpp"

namespace ucsignin::lab {
namespace {

constexpr std::string_view roaming_self_type = "application/vnd-microsoft-roaming-self+xml";
constexpr std::string_view provisioning_type = "application/vnd-microsoft-roaming-provisioning-v2+xml";
constexpr std::string_view contacts_type = "application/vnd-microsoft-roaming-contacts+xml";

std::string media_type(const sip::message& request) {
    const std::string value = request.header("Content-Type").value_or("");
    return sip::lower(sip::trim(std::string_view(value).substr(0, value.find(';'))));
}

bool supports(const sip::message& request, std::string_view token) {
    const auto tokens = request.list("Supported");
    return std::any_of(
        tokens.begin(), tokens.end(), [&](const std::string& one) { return sip::same_word(one, token); });
}

std::string accepted_tokens(const sip::message& request) {
    std::string out;
    for (const auto* token : {"com.microsoft.autoextend", "ms-piggyback-first-notify", "ms-benotify"})
        if (supports(request, token)) out += (out.empty() ? "" : ", ") + std::string(token);
    return out;
}

std::string service_kind(const sip::message& request) {
    const std::string type = media_type(request);
    if (type == "application/msrtc-category-publish+xml") return "publish";
    if (type == "application/msrtc-setcontainermembers+xml") return "set-container-members";
    if (type == "application/msrtc-presence-setsubscriber+xml") return "set-subscribers";
    if (type == "application/cccp+xml") return "conferencing";
    if (type == "application/soap+xml") return "soap";
    const std::string uri = sip::lower(request.request_uri);
    if (uri.find("opaque=app:locationprofile:get") != std::string::npos) return "location-profile";
    if (uri.find("opaque=srvr:mras:") != std::string::npos) return "mras";
    return {};
}

std::string server_contact(const hop& at) {
    return fmt::format("<sip:{0}:5061;transport=tls;ms-fe={0}>", at.server_name);
}

}  // namespace

std::string front_end::step_of(const sip::message& request) {
    if (request.method == "SUBSCRIBE") return sip::lower(request.header("Event").value_or(""));
    return request.method == "SERVICE" ? service_kind(request) : std::string();
}

sip::message front_end::refuse(const incoming& in, int status, int id, std::string_view reason) const {
    sip::message out = make_answer(pool_, at_, in.request, status);
    if (id != 0) add_diagnostics(out, at_, "ms-diagnostics", id, reason);
    return out;
}

sip::message front_end::with_body(const incoming& in, std::string type, std::string body) const {
    sip::message out = make_answer(pool_, at_, in.request, 200);
    out.add("Content-Type", std::move(type));
    out.body = std::move(body);
    return out;
}

answered front_end::answer(const incoming& in, notifier notify) {
    const account* who = pool_.find_address(in.user);
    if (!who || !pool_.find_registration(in.user, in.epid))
        return {refuse(in, 403, 4006, "User not found in pool"), in.by, {}};
    if (in.request.method == "SUBSCRIBE") return subscribe(in, *who, std::move(notify));
    if (in.request.method == "SERVICE") return serve(in, *who);
    if (in.request.method == "INVITE")
        return {refuse(in, 404, 4005, "Destination URI either not enabled for SIP or does not exist"), in.by, {}};
    if (in.request.method == "OPTIONS" || in.request.method == "BYE")
        return {make_answer(pool_, at_, in.request, 200), in.by, {}};
    return {make_answer(pool_, at_, in.request, 501), in.by, {}};
}

answered front_end::subscribe(const incoming& in, const account& who, notifier notify) {
    const std::string event = step_of(in.request);
    const bool in_dialog = !sip::parse_name_addr(in.request.header("To").value_or("")).parameter("tag").empty();
    if (in_dialog && in.request.header("Expires") == "0") return {unsubscribe(in, event), in.by, {}};
    if (event == "vnd-microsoft-provisioning-v2") {
        const auto accepts = in.request.list("Accept");
        if (std::none_of(accepts.begin(), accepts.end(), [](const std::string& one) {
                return sip::same_word(one, provisioning_type);
            }))
            return {make_answer(pool_, at_, in.request, 406), in.by, {}};
        return query(
            in, event, std::string(provisioning_type),
            provisioning_xml(pool_.settings(), who, provisioning_groups(in.request.body)));
    }
    if (event == "vnd-microsoft-roaming-self")
        return accept(
            in, event, std::string(roaming_self_type),
            roaming_data_xml(pool_.presence_of(who), who, pool_.settings().contacts), std::move(notify));
    if (event == "vnd-microsoft-roaming-contacts")
        return accept(in, event, std::string(contacts_type), contact_list_xml(pool_.settings()), std::move(notify));
    if (event == "presence") {
        std::vector<std::string> resources = batch_resources(in.request.body);
        const bool own = sip::same_word(bare_address(in.request.request_uri), who.address);
        const auto whom = own ? asked_of::own_pool : asked_of::where_they_live;
        if (resources.empty()) resources.push_back(bare_address(in.request.request_uri));
        std::string body = presence_multipart(pool_, who.address, resources, whom);
        answered out = accept(in, event, presence_type(), std::move(body), std::move(notify));
        if (auto* made = pool_.find_subscription(in.request.header("Call-ID").value_or("")))
            made->about = std::move(resources);
        out.reply.add("Require", "eventlist");
        return out;
    }
    return {refuse(in, 489, 0, ""), in.by, {}};
}

sip::message front_end::unsubscribe(const incoming& in, const std::string& event) {
    if (!pool_.unsubscribe(in.request.header("Call-ID").value_or(""))) {
        sip::message gone = make_answer(pool_, at_, in.request, 481);
        add_diagnostics(gone, at_, "ms-diagnostics-public", 2014, "Subscription dialog does not exist");
        return gone;
    }
    sip::message out = make_answer(pool_, at_, in.request, 200);
    out.add("Expires", "0");
    out.add("Event", event);
    out.add("subscription-state", "terminated;expires=0");
    return out;
}

// One answer and no dialog: Expires: 0 (MS-SIPREGE 2.2.2.1).
answered front_end::query(const incoming& in, std::string event, std::string type, std::string body) {
    sip::message out = with_body(in, std::move(type), std::move(body));
    out.add("Contact", server_contact(at_));
    out.add("Expires", "0");
    out.add("Event", std::move(event));
    out.add("subscription-state", "terminated;expires=0");
    out.add("ms-piggyback-cseq", "1");
    if (const auto tokens = accepted_tokens(in.request); !tokens.empty()) out.add("Supported", tokens);
    return {std::move(out), in.by, {}};
}

answered front_end::accept(const incoming& in, std::string event, std::string type, std::string body, notifier notify) {
    const std::string state = fmt::format("active;expires={}", subscription_s);
    sip::message out = make_answer(pool_, at_, in.request, 200);
    out.add("Contact", server_contact(at_));
    out.add("Expires", std::to_string(subscription_s));
    out.add("Event", event);
    out.add("subscription-state", state);
    if (const auto tokens = accepted_tokens(in.request); !tokens.empty()) out.add("Supported", tokens);

    subscription made{
        in.user,
        in.epid,
        event,
        in.request.header("Call-ID").value_or(""),
        in.request.header("From").value_or(""),
        out.header("To").value_or(""),
        sip::parse_name_addr(in.request.header("Contact").value_or("")).uri,
        1,
        {},
        std::move(notify)};
    if (supports(in.request, "ms-piggyback-first-notify")) {
        out.add("ms-piggyback-cseq", "1");
        out.add("Content-Type", std::move(type));
        out.body = std::move(body);
        pool_.subscribe(std::move(made));
        return {std::move(out), in.by, {}};
    }
    made.sequence = 0;
    answered both{std::move(out), in.by, {}};
    both.then.push_back(
        notification(made, supports(in.request, "ms-benotify"), std::move(type), std::move(body), state));
    pool_.subscribe(std::move(made));
    return both;
}

answered front_end::serve(const incoming& in, const account& who) {
    const std::string kind = service_kind(in.request);
    if (kind == "publish") return {publish(in, who), in.by, {}};
    if (kind == "set-container-members" || kind == "set-subscribers")
        return {make_answer(pool_, at_, in.request, 200), in.by, {}};
    if (kind == "location-profile") return {give_location_profile(in), in.by, {}};
    if (kind == "mras")
        return {
            with_body(in, "application/msrtc-media-relay-auth+xml", media_relay_xml(pool_, in.request.body)),
            in.by,
            {}};
    if (kind == "soap")
        return {
            with_body(
                in, "application/SOAP+xml",
                R"(<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><m:addGroup xmlns:m="http://schemas.microsoft.com/winrtc/2002/11/sip"><m:groupID>1</m:groupID></m:addGroup></s:Body></s:Envelope>)"),
            in.by,
            {}};
    if (kind == "conferencing") {
        const auto document = sip::xml::document::read(in.request.body, sip::xml::limits::request);
        if (!document || !document->root().find("getConferencingCapabilities"))
            return {refuse(in, 400, 4001, "XML parse failure"), in.by, {}};
        return {
            with_body(
                in, "application/cccp+xml",
                conferencing_xml(who, pool_.settings(), document->root().attribute("requestId"))),
            in.by,
            {}};
    }
    return {refuse(in, 404, 4007, "Resource is unknown in this deployment"), in.by, {}};
}

sip::message front_end::publish(const incoming& in, const account& who) {
    const auto wanted = parse_publish(in.request.body, pool_.now());
    if (!wanted) return refuse(in, 400, 4001, "XML parse failure");
    if (bare_address(wanted->user) != who.address) return refuse(in, 403, 2005, "From user not found");
    presentity& presence = pool_.presence_of(who);
    const publish_outcome outcome = presence.publish(wanted->publications, in.epid, pool_.now());
    if (outcome.read_only) return refuse(in, 403, 2003, "Category publication failed: read-only category");
    if (!outcome.conflicts.empty()) {
        sip::message conflict = refuse(in, 409, 2044, "Publication version out of date");
        conflict.add("Content-Type", "application/msrtc-fault+xml");
        conflict.body = publish_fault_xml(outcome.conflicts);
        return conflict;
    }
    pool_.say(fmt::format("presence of {} is now {}", who.address, presence.aggregate()));
    tell_of_presence(pool_, who, in.epid, outcome.touched);
    return with_body(in, std::string(roaming_self_type), roaming_delta_xml(presence, outcome.touched));
}

// MS-SIPRE 3.8.5.1: the profile by name, or the user's own; neither is ambiguous.
sip::message front_end::give_location_profile(const incoming& in) {
    std::string name;
    for (const auto part : sip::split_list(in.request.request_uri, ';')) {
        const auto [key, value] = sip::split_parameter(part);
        if (key == "default" && name.empty()) name = pool_.settings().dial_plan;
        if (key == "phone-context") name = value;
    }
    if (name.empty()) return make_answer(pool_, at_, in.request, 485);
    if (!sip::same_word(name, pool_.settings().dial_plan)) return refuse(in, 404, 14000, "Location profile not found");
    return with_body(in, "application/ms-location-profile-definition+xml", location_profile_xml(pool_.settings()));
}

}  // namespace ucsignin::lab
