#include "net/stun.hpp"

#include <catch2/catch.hpp>

using namespace ucsignin::net;
using stun::dialect;

namespace {

using bytes = std::vector<unsigned char>;

constexpr stun::transaction_id id{0x01, 0x02, 0x03, 0x04, 0xb7, 0xe7, 0xa7, 0x01,
                                  0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae};

// 401 of a TURN server (RFC 8656 18, RFC 5389 15): ERROR-CODE, REALM "example.org" and NONCE "f//499k", padded.
const bytes standard_401{
    0x01, 0x13, 0x00, 0x30,                                                                          //
    0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae,  //
    0x00, 0x09, 0x00, 0x10, 0x00, 0x00, 0x04, 0x01, 'U',  'n',  'a',  'u',  't',  'h',  'o',  'r',  'i', 'z',
    'e',  'd',  0x00, 0x14, 0x00, 0x0b, 'e',  'x',  'a',  'm',  'p',  'l',  'e',  '.',  'o',  'r',  'g', 0x00,  //
    0x00, 0x15, 0x00, 0x07, 'f',  '/',  '/',  '4',  '9',  '9',  'k',  0x00};

// The same of an A/V Edge (MS-TURN 2.2.2): cookie first, the numbers of realm and nonce the other way round.
const bytes microsoft_401{
    0x01, 0x13, 0x00, 0x37,                                                                          //
    0x01, 0x02, 0x03, 0x04, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae,  //
    0x00, 0x0f, 0x00, 0x04, 0x72, 0xc6, 0x4b, 0xc6,                                                  //
    0x00, 0x09, 0x00, 0x10, 0x00, 0x00, 0x04, 0x01, 'U',  'n',  'a',  'u',  't',  'h',  'o',  'r',
    'i',  'z',  'e',  'd',  0x00, 0x15, 0x00, 0x07, 'r',  't',  'c',  'm',  'e',  'd',  'i',  //
    0x00, 0x14, 0x00, 0x04, 'n',  'o',  'n',  'c',                                            //
    0x80, 0x08, 0x00, 0x04, 0x00, 0x00, 0x00, 0x02};

// RFC 5769 2.2, an answer to a Binding request: success, with attributes that say nothing here.
const bytes binding_success{
    0x01, 0x01, 0x00, 0x3c,                                                                          //
    0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae,  //
    0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63, 0x74, 0x6f, 0x72, 0x20,  //
    0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43,                          //
    0x00, 0x08, 0x00, 0x14, 0x2b, 0x91, 0xf5, 0x99, 0xfd, 0x9e, 0x90, 0xc3, 0x8c, 0x74, 0x89, 0xf9,
    0x2a, 0xf9, 0xba, 0x53, 0xf0, 0x6b, 0xe7, 0xd7,  //
    0x80, 0x28, 0x00, 0x04, 0xc0, 0x7d, 0x4c, 0x96};

bytes with(bytes of, std::size_t at, unsigned char value) {
    of.at(at) = value;
    return of;
}

}  // namespace

TEST_CASE("an Allocate without credentials, byte by byte", "[net][stun]") {
    CHECK(stun::allocate_request(dialect::standard, id) == bytes{0x00, 0x03, 0x00, 0x08, 0x21, 0x12, 0xa4,
                                                                 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34,
                                                                 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae, 0x00,
                                                                 0x19, 0x00, 0x04, 0x11, 0x00, 0x00, 0x00});
    CHECK(stun::allocate_request(dialect::microsoft, id) == bytes{0x00, 0x03, 0x00, 0x10, 0x01, 0x02, 0x03, 0x04,
                                                                  0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,
                                                                  0xfa, 0x87, 0xdf, 0xae, 0x00, 0x0f, 0x00, 0x04,
                                                                  0x72, 0xc6, 0x4b, 0xc6, 0x80, 0x08, 0x00, 0x04,
                                                                  0x00, 0x00, 0x00, 0x01});
}

TEST_CASE("a server that wants credentials is alive, in either dialect", "[net][stun]") {
    const auto standard = stun::parse(standard_401, dialect::standard, id);
    REQUIRE(standard);
    CHECK_FALSE(standard->success);
    CHECK(standard->error_code == 401);
    CHECK(standard->realm == "example.org");
    CHECK(standard->has_nonce);
    const auto microsoft = stun::parse(microsoft_401, dialect::microsoft, id);
    REQUIRE(microsoft);
    CHECK(microsoft->error_code == 401);
    CHECK(microsoft->realm == "rtcmedi");
    CHECK(microsoft->has_nonce);
    const auto success = stun::parse(binding_success, dialect::standard, id);
    REQUIRE(success);
    CHECK(success->success);
    CHECK_FALSE(success->error_code);
}

TEST_CASE("what is not an answer to this request is none", "[net][stun]") {
    const auto none = [](const bytes& in, dialect of) { return !stun::parse(in, of, id).has_value(); };
    CHECK(none(with(standard_401, 19, 0xff), dialect::standard));  // of another transaction
    CHECK(none(with(standard_401, 4, 0x22), dialect::standard));   // without the cookie
    CHECK(none(standard_401, dialect::microsoft));
    CHECK(none(microsoft_401, dialect::standard));
    CHECK(none(with(standard_401, 0, 0x00), dialect::standard));  // an indication
    CHECK(none(with(standard_401, 0, 0x81), dialect::standard));  // no STUN
    CHECK(none(stun::allocate_request(dialect::standard, id), dialect::standard));
}

TEST_CASE("every cut and every wrong length is an error with its offset", "[net][stun]") {
    for (const auto* whole : {&standard_401, &microsoft_401})
        for (std::size_t size = 0; size < whole->size(); ++size) {
            const bytes cut(whole->begin(), whole->begin() + static_cast<std::ptrdiff_t>(size));
            for (const auto of : {dialect::standard, dialect::microsoft}) {
                const auto read = stun::parse(cut, of, id);
                REQUIRE_FALSE(read);
                CHECK(read.error().offset <= size);
            }
        }
    const auto longer = stun::parse(with(standard_401, 43, 0xff), dialect::standard, id);
    REQUIRE_FALSE(longer);
    CHECK(longer.error().offset == 40);
}

TEST_CASE("no two transactions have one id, and none of the draft begins with the cookie of the RFC", "[net][stun]") {
    const auto one = stun::random_id(), other = stun::random_id();
    CHECK(one != other);
    CHECK(one[0] < 0x20);
}
