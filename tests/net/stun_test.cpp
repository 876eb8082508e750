#include "net/stun.hpp"

#include <algorithm>
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

// RFC 5769 2.1: a Binding request of short-term credentials, with SOFTWARE, PRIORITY, ICE-CONTROLLED, USERNAME,
// MESSAGE-INTEGRITY, FINGERPRINT.
const bytes sample_request{
    0x00, 0x01, 0x00, 0x58, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87,
    0xdf, 0xae, 0x80, 0x22, 0x00, 0x10, 0x53, 0x54, 0x55, 0x4e, 0x20, 0x74, 0x65, 0x73, 0x74, 0x20, 0x63, 0x6c,
    0x69, 0x65, 0x6e, 0x74, 0x00, 0x24, 0x00, 0x04, 0x6e, 0x00, 0x01, 0xff, 0x80, 0x29, 0x00, 0x08, 0x93, 0x2f,
    0xf9, 0xb1, 0x51, 0x26, 0x3b, 0x36, 0x00, 0x06, 0x00, 0x09, 0x65, 0x76, 0x74, 0x6a, 0x3a, 0x68, 0x36, 0x76,
    0x59, 0x20, 0x20, 0x20, 0x00, 0x08, 0x00, 0x14, 0x9a, 0xea, 0xa7, 0x0c, 0xbf, 0xd8, 0xcb, 0x56, 0x78, 0x1e,
    0xf2, 0xb5, 0xb2, 0xd3, 0xf2, 0x49, 0xc1, 0xb5, 0x71, 0xa2, 0x80, 0x28, 0x00, 0x04, 0xe5, 0x7a, 0x3b, 0xcf};
constexpr std::size_t sample_integrity_at = 76;

// RFC 5769 2.4: the same of long-term credentials: USERNAME, NONCE, REALM, MESSAGE-INTEGRITY.
const bytes long_term_request{0x00, 0x01, 0x00, 0x60, 0x21, 0x12, 0xa4, 0x42, 0x78, 0xad, 0x34, 0x33, 0xc6, 0xad, 0x72,
                              0xc0, 0x29, 0xda, 0x41, 0x2e, 0x00, 0x06, 0x00, 0x12, 0xe3, 0x83, 0x9e, 0xe3, 0x83, 0x88,
                              0xe3, 0x83, 0xaa, 0xe3, 0x83, 0x83, 0xe3, 0x82, 0xaf, 0xe3, 0x82, 0xb9, 0x00, 0x00, 0x00,
                              0x15, 0x00, 0x1c, 0x66, 0x2f, 0x2f, 0x34, 0x39, 0x39, 0x6b, 0x39, 0x35, 0x34, 0x64, 0x36,
                              0x4f, 0x4c, 0x33, 0x34, 0x6f, 0x4c, 0x39, 0x46, 0x53, 0x54, 0x76, 0x79, 0x36, 0x34, 0x73,
                              0x41, 0x00, 0x14, 0x00, 0x0b, 0x65, 0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65, 0x2e, 0x6f, 0x72,
                              0x67, 0x00, 0x00, 0x08, 0x00, 0x14, 0xf6, 0x70, 0x24, 0x65, 0x6d, 0xd6, 0x4a, 0x3e, 0x02,
                              0xb8, 0xe0, 0x71, 0x2e, 0x85, 0xc9, 0xa2, 0x8c, 0xa8, 0x96, 0x66};
constexpr std::string_view long_term_user = "\xe3\x83\x9e\xe3\x83\x88\xe3\x83\xaa\xe3\x83\x83\xe3\x82\xaf\xe3\x82\xb9";

stun::digest digest_in(const bytes& of, std::size_t at) {
    stun::digest out{};
    std::copy_n(of.begin() + static_cast<std::ptrdiff_t>(at), out.size(), out.begin());
    return out;
}

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

TEST_CASE("MESSAGE-INTEGRITY of the RFC's own examples", "[net][stun]") {
    const auto of = [](const bytes& message, std::size_t at, std::string_view key) {
        return stun::integrity_of(dialect::standard, std::span(message).first(at), key);
    };
    CHECK(
        of(sample_request, sample_integrity_at, "VOkJxbRl1RmTxUk/WvJxBt") ==
        digest_in(sample_request, sample_integrity_at + 4));
    const auto key = stun::long_term_key(long_term_user, "example.org", "TheMatrIX");
    CHECK(key.size() == 16);
    const auto at = long_term_request.size() - 24;
    CHECK(of(long_term_request, at, key) == digest_in(long_term_request, at + 4));
    CHECK(of(with(long_term_request, 30, 0x00), at, key) != digest_in(long_term_request, at + 4));
}

TEST_CASE("an answer is proven by the key, and by no other", "[net][stun]") {
    const auto read = stun::parse(binding_success, dialect::standard, id);
    REQUIRE(read);
    REQUIRE(read->integrity_at);
    CHECK(stun::is_proven(binding_success, *read, "VOkJxbRl1RmTxUk/WvJxBt"));
    CHECK_FALSE(stun::is_proven(binding_success, *read, "VOkJxbRl1RmTxUk/WvJxBu"));
    const auto bare = stun::parse(standard_401, dialect::standard, id);
    REQUIRE(bare);
    CHECK_FALSE(stun::is_proven(standard_401, *bare, ""));
}

TEST_CASE("Microsoft's MESSAGE-INTEGRITY is over whole blocks of 64 bytes", "[net][stun]") {
    // 48 bytes and 16 of zeros, with the length that counts the attribute: HMAC-SHA1 by another program.
    bytes message{0x00, 0x03, 0x00, 0x34};
    message.resize(48);
    const auto padded = stun::integrity_of(dialect::microsoft, message, "key");
    const stun::digest expected{0x0c, 0x2a, 0x22, 0x56, 0x50, 0x8d, 0xde, 0xf0, 0xbd, 0xbb,
                                0x55, 0x70, 0x74, 0xc7, 0x50, 0xb9, 0x09, 0xce, 0x9c, 0xa3};
    CHECK(padded == expected);
    CHECK(stun::integrity_of(dialect::standard, message, "key") != padded);
    message.resize(64);
    CHECK(
        stun::integrity_of(dialect::standard, message, "key") ==
        stun::integrity_of(dialect::microsoft, message, "key"));
}

TEST_CASE("a request with credentials says who asks, then proves it", "[net][stun]") {
    const stun::proof by{"user", "example.org", "f//499k", "key"};
    const auto standard = stun::allocate_request(dialect::standard, id, by);
    CHECK(standard.size() % 4 == 0);
    const auto text = std::string(standard.begin(), standard.end());
    const auto realm = text.find(std::string("\x00\x14\x00\x0b", 4) + "example.org"),
               nonce = text.find(std::string("\x00\x15\x00\x07", 4) + "f//499k"),
               mac = text.find(std::string("\x00\x08\x00\x14", 4));
    CHECK(realm < nonce);
    CHECK(nonce < mac);
    CHECK(mac == standard.size() - 24);
    CHECK(digest_in(standard, mac + 4) == stun::integrity_of(dialect::standard, std::span(standard).first(mac), "key"));
    const auto microsoft = stun::allocate_request(dialect::microsoft, id, by);
    const auto theirs = std::string(microsoft.begin(), microsoft.end());
    CHECK(theirs.find(std::string("\x00\x0f\x00\x04\x72\xc6\x4b\xc6", 8)) == 20);
    CHECK(theirs.find(std::string("\x00\x15\x00\x0b", 4) + "example.org") != std::string::npos);
    CHECK(theirs.find(std::string("\x00\x14\x00\x07", 4) + "f//499k") != std::string::npos);
}

TEST_CASE("what stands behind MESSAGE-INTEGRITY says nothing, and what is too long is not kept", "[net][stun]") {
    auto later = binding_success;
    const bytes more{0x00, 0x09, 0x00, 0x04, 0x00, 0x00, 0x04, 0x01};
    later.insert(later.end(), more.begin(), more.end());
    later[3] = static_cast<unsigned char>(later.size() - 20);
    const auto read = stun::parse(later, dialect::standard, id);
    REQUIRE(read);
    CHECK_FALSE(read->error_code);
    bytes endless(standard_401.begin(), standard_401.begin() + 20);
    endless.insert(endless.end(), {0x00, 0x15, 0x03, 0x00});
    endless.resize(endless.size() + 0x300, 'n');
    endless[2] = 0x03;
    endless[3] = 0x04;
    const auto long_nonce = stun::parse(endless, dialect::standard, id);
    REQUIRE(long_nonce);
    CHECK(long_nonce->has_nonce);
    CHECK(long_nonce->nonce.empty());
}

TEST_CASE("no two transactions have one id, and none of the draft begins with the cookie of the RFC", "[net][stun]") {
    const auto one = stun::random_id(), other = stun::random_id();
    CHECK(one != other);
    CHECK(one[0] < 0x20);
}
