#include "auth/turn_allocation.hpp"

#include <catch2/catch.hpp>
#include <cstring>

using namespace ucsignin;
using namespace ucsignin::auth;
using net::stun::dialect;
using state = turn_allocation::state;

namespace {

using bytes = std::vector<unsigned char>;

// "user" and "password" in Base64.
relay_credentials known() { return {secret("dXNlcg=="), secret("cGFzc3dvcmQ=")}; }

struct attribute {
    unsigned type;
    std::string value;
};

const attribute realm{0x0014, "example.org"}, nonce{0x0015, "f//499k"};
const attribute their_realm{0x0015, "rtcmedia"}, their_nonce{0x0014, "0a1b2c3d"}, cookie{0x000F, "\x72\xC6\x4B\xC6"};

attribute error(int code) {
    return {0x0009, std::string{0, 0, static_cast<char>(code / 100), static_cast<char>(code % 100)} + "no"};
}

void put(bytes& into, const attribute& one, bool padded) {
    for (const std::size_t number : {std::size_t(one.type), one.value.size()}) {
        into.push_back(static_cast<unsigned char>(number >> 8));
        into.push_back(static_cast<unsigned char>(number & 0xff));
    }
    into.insert(into.end(), one.value.begin(), one.value.end());
    while (padded && into.size() % 4 != 0) into.push_back(0);
}

void fix_length(bytes& message) {
    message[2] = static_cast<unsigned char>((message.size() - 20) >> 8);
    message[3] = static_cast<unsigned char>((message.size() - 20) & 0xff);
}

// To this request; proven with the key, where there is one.
bytes answer(
    const bytes& request, bool success, const std::vector<attribute>& with, dialect of = dialect::standard,
    const std::string& key = "") {
    bytes out(request.begin(), request.begin() + 20);
    out[0] = 0x01;
    out[1] = static_cast<unsigned char>((success ? 0x00 : 0x10) | request[1]);
    for (const auto& one : with) put(out, one, of == dialect::standard);
    if (!key.empty()) {
        const auto mac = net::stun::integrity_of(of, out, key);
        put(out, {0x0008, std::string(mac.begin(), mac.end())}, of == dialect::standard);
    }
    fix_length(out);
    return out;
}

bool holds(const bytes& message, const std::string& text) {
    return std::string(message.begin(), message.end()).find(text) != std::string::npos;
}

// The challenge in the standard dialect has come.
turn_allocation challenged(std::optional<relay_credentials> by = known()) {
    turn_allocation one(std::move(by));
    one.take(answer(one.request().at(0), false, {error(401), realm, nonce}));
    return one;
}

std::string standard_key() { return net::stun::long_term_key("dXNlcg==", realm.value, "cGFzc3dvcmQ="); }

}  // namespace

TEST_CASE("an allocation is asked for twice, and given back once it is granted") {
    turn_allocation one(known());
    REQUIRE(one.request().size() == 2);
    CHECK(one.farewell().empty());
    const auto first = one.request().at(0);
    const auto challenge = answer(first, false, {error(401), realm, nonce});
    CHECK(one.is_answer(challenge));
    one.take(challenge);
    CHECK(one.so_far().first->error_code == 401);
    CHECK(one.so_far().allocation == state::asked);
    CHECK_FALSE(one.is_answer(challenge));  // a late one is no answer to what is asked now
    REQUIRE(one.request().size() == 1);
    const auto second = one.request().at(0);
    CHECK(one.farewell().size() == 1);
    for (const auto* text : {"dXNlcg==", "example.org", "f//499k"}) CHECK(holds(second, text));
    CHECK_FALSE(holds(second, "cGFzc3dvcmQ="));
    one.take(answer(second, true, {{0x0016, std::string(8, 'a')}}, dialect::standard, standard_key()));
    CHECK(one.so_far().allocation == state::granted);
    const auto third = one.request().at(0);
    CHECK(third[1] == 0x04);                                                  // Refresh
    CHECK(holds(third, std::string("\x00\x0d\x00\x04\x00\x00\x00\x00", 8)));  // LIFETIME 0
    one.take(answer(third, true, {}, dialect::standard, standard_key()));
    CHECK(one.so_far().released);
    CHECK(one.request().empty());
    CHECK(one.farewell().empty());
}

TEST_CASE("each request is proven as RFC 8489 has it") {
    const auto one = challenged();
    const auto request = one.request().at(0);
    const auto at = request.size() - 24;
    const auto mac = net::stun::integrity_of(dialect::standard, std::span(request).first(at), standard_key());
    CHECK(std::memcmp(mac.data(), request.data() + at + 4, mac.size()) == 0);
    CHECK(standard_key().size() == 16);
}

TEST_CASE("in the dialect of the Edge user and password are the bytes behind the Base64") {
    turn_allocation one(known());
    one.take(answer(one.request().at(1), false, {cookie, error(401), their_nonce, their_realm}, dialect::microsoft));
    CHECK(one.so_far().first->dialect == dialect::microsoft);
    REQUIRE(one.request().size() == 1);
    const auto second = one.request().at(0);
    CHECK(holds(second, "user"));
    CHECK_FALSE(holds(second, "dXNlcg=="));
    const auto key = net::stun::long_term_key("user", "rtcmedia", "password");
    std::string connection(20, 'c');
    one.take(
        answer(second, true, {cookie, {0x8050, connection + std::string("\0\0\0\5", 4)}}, dialect::microsoft, key));
    CHECK(one.so_far().allocation == state::granted);
    const auto third = one.request().at(0);
    CHECK(third[1] == 0x03);  // an Allocate again
    CHECK(holds(third, connection + std::string("\0\0\0\6", 4)));
    CHECK(holds(third, std::string("\x00\x0d\x00\x04\x00\x00\x00\x00", 8)));
}

TEST_CASE("who is asked again for credentials has the wrong ones, and a full relay says so") {
    const auto after = [](int code) {
        auto one = challenged();
        one.take(answer(one.request().at(0), false, {error(code), realm, nonce}));
        CHECK(one.request().empty());
        CHECK(one.so_far().code == code);
        return one.so_far().allocation;
    };
    CHECK(after(401) == state::refused);
    CHECK(after(431) == state::refused);
    CHECK(after(486) == state::quota);
    CHECK(after(508) == state::quota);
    CHECK(after(437) == state::mismatch);
    CHECK(after(500) == state::failed);
    CHECK(after(300) == state::not_tried);  // another relay has the room
}

TEST_CASE("a nonce that ran out is followed once") {
    auto one = challenged();
    one.take(answer(one.request().at(0), false, {error(438), realm, {0x0015, "newer"}}));
    CHECK(one.so_far().stale_once);
    REQUIRE(one.request().size() == 1);
    CHECK(holds(one.request().at(0), "newer"));
    one.take(answer(one.request().at(0), false, {error(438), realm, {0x0015, "newest"}}));
    CHECK(one.request().empty());
    CHECK(one.so_far().allocation == state::failed);
    CHECK(one.so_far().code == 438);
}

TEST_CASE("a grant that nobody proves is told as such, and given back all the same") {
    for (const auto* key : {"", "another key"}) {
        auto one = challenged();
        one.take(answer(one.request().at(0), true, {}, dialect::standard, key));
        CHECK(one.so_far().allocation == state::unproven);
        CHECK(one.request().size() == 1);
    }
    turn_allocation open(known());
    open.take(answer(open.request().at(0), true, {}));
    CHECK(open.so_far().allocation == state::open);
    CHECK(open.request().at(0)[1] == 0x04);
}

TEST_CASE("what leaves nothing to prove ends it") {
    const auto ends = [](std::optional<relay_credentials> by, const std::vector<attribute>& with) {
        turn_allocation one(std::move(by));
        one.take(answer(one.request().at(0), false, with));
        CHECK(one.request().empty());
        CHECK(one.so_far().allocation == state::not_tried);
        return one.so_far().why_not;
    };
    CHECK(ends(known(), {error(403)}) == "the relay asks for no credentials");
    CHECK(ends(std::nullopt, {error(401), realm, nonce}) == "there are no credentials");
    CHECK(ends(known(), {error(401), realm}) == "the relay names no realm, or no nonce");
    CHECK(
        ends(relay_credentials{secret(std::string(70000, 'u')), secret("word")}, {error(401), realm, nonce}) ==
        "the user name is too long");
    turn_allocation plain(relay_credentials{secret("no base64!"), secret("word")});
    plain.take(
        answer(plain.request().at(1), false, {cookie, error(401), their_nonce, their_realm}, dialect::microsoft));
    CHECK(plain.so_far().why_not == "the credentials are no Base64");
}

TEST_CASE("credentials are read from the answer of the relay service, or there are none") {
    const auto read = parse_relay_grant(
        R"(<r:response xmlns:r="urn:x"><r:credentialsResponse><r:credentials><r:password><![CDATA[cGFzcw==]]></r:password><r:username>dXNlcg==</r:username></r:credentials></r:credentialsResponse></r:response>)");
    REQUIRE(read);
    CHECK(read->is_granted());
    REQUIRE(read->credentials);
    CHECK(read->credentials->user.reveal() == "dXNlcg==");
    CHECK(read->credentials->password.reveal() == "cGFzcw==");
    for (const auto* none :
         {"<response/>",
          "<response><credentialsResponse><credentials><username>a</username></credentials></credentialsResponse></"
          "response>"})
        CHECK_FALSE(parse_relay_grant(none)->credentials);
    CHECK_FALSE(parse_relay_grant("?"));
}
