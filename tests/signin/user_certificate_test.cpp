#include "signin/registration/user_certificate.hpp"

#include <catch2/catch.hpp>

#include "reached.hpp"

using namespace ucsignin;
using signin::registration::request_with;

TEST_CASE("without a key, or with one that signs nothing, there is a reason in place of a request", "[signin]") {
    const auto without = request_with(std::unexpected("too little memory"), "alice@contoso.example");
    REQUIRE_FALSE(without);
    CHECK(without.error() == "no key for a certificate: too little memory");
    const auto with_none = request_with(auth::key_ptr{}, "alice@contoso.example");
    REQUIRE_FALSE(with_none);
    CHECK(with_none.error().starts_with("no certificate request for alice@contoso.example: "));
    tests::reached("registration.user_certificate", "no_key");
}

TEST_CASE("an address of any length is asked for", "[signin]") {
    const auto key = *auth::generate_key();
    for (const auto length : {1, 64, 65, 200}) CHECK(request_with(key, std::string(length, 'a') + "@contoso.example"));
}
