#include <catch2/catch.hpp>

#include "lab/web_services_ntlm.hpp"
#include "sip/encoding.hpp"

using namespace ucsignin;
using namespace ucsignin::lab;

namespace {

std::string_view information_in(const std::string& challenge) {
    const auto at = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(challenge[i])); };
    return std::string_view(challenge).substr(at(44) | at(45) << 8, at(40) | at(41) << 8);
}

}  // namespace

TEST_CASE("a challenge has what clients need: flags, a nonce and target information") {
    const ntlm_acceptor acceptor("contoso.example", "pool01.contoso.example");
    const std::string challenge = acceptor.challenge();
    REQUIRE(challenge.starts_with(std::string("NTLMSSP\0\2\0\0\0", 12)));
    const auto information = information_in(challenge);
    CHECK(information.starts_with(std::string("\2\0\x0e\0C\0O\0N\0T\0O\0S\0O\0", 18)));
    CHECK(information.ends_with(std::string(4, '\0')));
    CHECK(ntlm_acceptor("a.example", "b").challenge().substr(24, 8) != challenge.substr(24, 8));
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
    CHECK(sip::hex(wrapped) == "a123" "3021" "a003" "0a0101" "a10c" "060a2b06010401823702020a" "a20e" "040c" "4e544c4d5353500002000000");
}
