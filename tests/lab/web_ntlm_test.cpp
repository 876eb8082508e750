#include <catch2/catch.hpp>

#include "lab/ntlm_acceptor.hpp"
#include "sip/encoding.hpp"

using namespace ucsignin;
using namespace ucsignin::lab;

namespace {

std::string_view information_in(const std::string& challenge) {
    const auto at = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(challenge[i])); };
    return std::string_view(challenge).substr(at(44) | at(45) << 8, at(40) | at(41) << 8);
}

std::string wide(std::string_view text) {
    std::string out;
    for (char c : text) out.append(1, c).append(1, '\0');
    return out;
}

// A Type 3 message: LM, NT, domain, user, workstation and session key fields, then their contents.
std::string authenticate(const std::string& nt, const std::string& domain, const std::string& user) {
    std::string head("NTLMSSP\0\3\0\0\0", 12), payload;
    const auto field = [&](const std::string& value) {
        const std::size_t offset = 64 + payload.size();
        for (std::size_t number : {value.size(), value.size()})
            head.append(1, static_cast<char>(number)).append(1, static_cast<char>(number >> 8));
        head.append(1, static_cast<char>(offset)).append(1, static_cast<char>(offset >> 8)).append(2, '\0');
        payload += value;
    };
    for (const auto& value : {std::string(), nt, wide(domain), wide(user), std::string(), std::string()}) field(value);
    return head + std::string(4, '\0') + payload;
}

}  // namespace

TEST_CASE("a challenge has what clients need: flags, a nonce and target information") {
    const ntlm_acceptor acceptor("contoso.example", "pool01.contoso.example");
    const std::string challenge = acceptor.challenge("");
    REQUIRE(challenge.starts_with(std::string("NTLMSSP\0\2\0\0\0", 12)));
    const auto information = information_in(challenge);
    CHECK(information.starts_with(std::string("\2\0\x0e\0C\0O\0N\0T\0O\0S\0O\0", 18)));
    CHECK(information.ends_with(std::string(4, '\0')));
    const std::string asks_for_signing("NTLMSSP\0\1\0\0\0\x10\0\0\x40", 16);
    CHECK((acceptor.challenge(asks_for_signing)[20] & 0x10) != 0);
    CHECK((challenge[20] & 0x10) == 0);
    CHECK(ntlm_acceptor("a.example", "b").challenge("").substr(24, 8) != challenge.substr(24, 8));
}

TEST_CASE("what is no proof is refused without reading past its end") {
    const ntlm_acceptor acceptor("contoso.example", "pool01.contoso.example");
    const auto known = [](const std::string&, const std::string&) { return std::optional<std::string>("secret"); };
    CHECK_FALSE(acceptor.verify("", known));
    CHECK_FALSE(acceptor.verify(std::string("NTLMSSP\0\3\0\0\0", 12), known));
    std::string wild("NTLMSSP\0\3\0\0\0", 12);
    wild += std::string(60, '\xff');
    CHECK_FALSE(acceptor.verify(wild, known));
}

TEST_CASE("an NTLM message is found inside SPNEGO, and an answer is wrapped like one") {
    const std::string message("NTLMSSP\0\2\0\0\0", 12);
    const std::string wrapped = wrap_for_spnego(message);
    CHECK(ntlm_message_in(wrapped) == message);
    CHECK(ntlm_message_in("none").empty());
    CHECK(
        sip::hex(wrapped) ==
        "a125"
        "3023"
        "a003"
        "0a0101"
        "a10c"
        "060a2b06010401823702020a"
        "a20e"
        "040c"
        "4e544c4d5353500002000000");
}

TEST_CASE("the published NTLMv2 response proves its password, and no other") {
    // MS-NLMP 4.2.4: server challenge 0123456789abcdef, client challenge aa*8, time 0.
    const ntlm_acceptor acceptor("contoso.example", "pool01.contoso.example", *sip::from_hex("0123456789abcdef"));
    const std::string proof = *sip::from_hex(
        "68cd0ab851e51c96aabc927bebef6a1c"
        "01010000000000000000000000000000"
        "aaaaaaaaaaaaaaaa"
        "00000000"
        "02000c0044006f006d00610069006e0001000c005300650072007600650072000000000000000000");
    const std::string message = authenticate(proof, "Domain", "User");
    const auto who = acceptor.verify(message, [](const std::string& domain, const std::string& user) {
        return domain == "Domain" && user == "User" ? std::optional<std::string>("Password") : std::nullopt;
    });
    REQUIRE(who);
    CHECK(who->user == "User");
    CHECK_FALSE(
        acceptor.verify(message, [](const auto&, const auto&) { return std::optional<std::string>("password"); }));
    CHECK_FALSE(ntlm_acceptor("contoso.example", "pool01").verify(message, [](const auto&, const auto&) {
        return std::optional<std::string>("Password");
    }));
}
