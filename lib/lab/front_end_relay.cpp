// What the A/V authentication service says: credentials as a real one forms them (part 02 section 6.3), and the relays.

#include <fmt/format.h>

#include <array>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "lab/front_end_bodies.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"
#include "sip/xml.hpp"

namespace ucsignin::lab {
namespace {

constexpr int life_min = 480;

std::string hmac_sha1(std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    HMAC(
        EVP_sha1(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
        text.size(), out.data(), &size);
    return {reinterpret_cast<const char*>(out.data()), size};
}

std::string big_endian(std::uint32_t value) {
    std::string out;
    for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(value >> shift & 0xff);
    return out;
}

std::string user_name(const auth::secret& key, std::string_view identity, std::int64_t expires) {
    // 100 ns since 1601, as Windows counts.
    const auto when = (static_cast<std::uint64_t>(expires) + 11644473600U) * 10000000U;
    std::string text("\x02\x00\x00\x24", 4);
    text += big_endian(static_cast<std::uint32_t>(when)) + big_endian(static_cast<std::uint32_t>(when >> 32));
    text += hmac_sha1(key.reveal(), identity) + big_endian(0);
    return text + hmac_sha1("1" + key.reveal(), text);
}

std::string relay_xml(const relay_settings& one, const std::string& location) {
    return fmt::format(
        "<mediaRelay><location>{}</location><hostName>{}</hostName><udpPort>{}</udpPort><tcpPort>{}</tcpPort></"
        "mediaRelay>",
        sip::xml::escape(one.location.empty() ? location : one.location), sip::xml::escape(one.host), one.udp_port,
        one.tcp_port);
}

std::string credentials_xml(const pool_state& pool, const sip::xml::element& wanted) {
    const auto location = wanted.child("location").text();
    const auto user = user_name(pool.ticket_key(), wanted.child("identity").text(), pool.now() + life_min * 60);
    std::string relays;
    for (const auto& one : pool.settings().relays) relays += relay_xml(one, location.empty() ? "internet" : location);
    return fmt::format(
        R"(<credentialsResponse credentialsRequestID="{}"><credentials><username>{}</username><password>{}</password>)"
        "<duration>{}</duration></credentials>{}</credentialsResponse>",
        sip::xml::escape(wanted.attribute("credentialsRequestID")), sip::base64(user),
        sip::base64(hmac_sha1("2" + pool.ticket_key().reveal(), user)), life_min,
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
