// What the A/V authentication service says: credentials, and the relays.

#include <fmt/format.h>

#include "lab/front_end_bodies.hpp"
#include "lab/relay_credentials.hpp"
#include "sip/lexical.hpp"
#include "sip/xml.hpp"

namespace ucsignin::lab {
namespace {

constexpr int life_min = 480;

std::string relay_xml(const relay_settings& one, const std::string& location) {
    return fmt::format(
        "<mediaRelay><location>{}</location><hostName>{}</hostName><udpPort>{}</udpPort><tcpPort>{}</tcpPort></"
        "mediaRelay>",
        sip::xml::escape(one.location.empty() ? location : one.location), sip::xml::escape(one.host), one.udp_port,
        one.tcp_port);
}

std::string credentials_xml(const pool_state& pool, const sip::xml::element& wanted) {
    const auto location = wanted.child("location").text();
    const auto login = issue_relay_login(pool, wanted.child("identity").text(), life_min);
    std::string relays;
    for (const auto& one : pool.settings().relays) relays += relay_xml(one, location.empty() ? "internet" : location);
    return fmt::format(
        R"(<credentialsResponse credentialsRequestID="{}"><credentials><username>{}</username><password>{}</password>)"
        "<duration>{}</duration></credentials>{}</credentialsResponse>",
        sip::xml::escape(wanted.attribute("credentialsRequestID")), sip::xml::escape(login.user),
        sip::xml::escape(login.password), life_min,
        relays.empty() ? "" : "<mediaRelayList>" + relays + "</mediaRelayList>");
}

}  // namespace

std::string media_relay_xml(const pool_state& pool, std::string_view request_xml) {
    const auto request = sip::xml::document::read(request_xml, sip::xml::limits::request, "request");
    const auto asked = request ? request->root() : sip::xml::element();
    const auto wanted = asked.child("credentialsRequest");
    const auto reason = wanted ? pool.settings().mras_reason : std::string("Request Malformed");
    const bool granted = sip::same_word(reason, "OK");
    return fmt::format(
        R"(<?xml version="1.0"?><response xmlns="http://schemas.microsoft.com/2006/09/sip/mrasp" requestID="{}" )"
        R"(version="{}" serverVersion="2.0" to="{}" from="{}" reasonPhrase="{}">{}</response>)",
        sip::xml::escape(asked.attribute("requestID")), sip::xml::escape(asked.attribute("version")),
        sip::xml::escape(asked.attribute("to")), sip::xml::escape(asked.attribute("from")), sip::xml::escape(reason),
        granted ? credentials_xml(pool, wanted) : std::string());
}

}  // namespace ucsignin::lab
