#include "net/dns.hpp"

#include <catch2/catch.hpp>
#include <initializer_list>
#include <stdexcept>

using namespace ucsignin::net;

namespace {

using wire = std::vector<unsigned char>;

wire bytes(std::string_view text) { return {text.begin(), text.end()}; }

wire join(std::initializer_list<wire> parts) {
    wire out;
    for (auto const& part : parts) out.insert(out.end(), part.begin(), part.end());
    return out;
}

// id 0x1234, response, RD, RA
wire header(
    unsigned char questions, unsigned char answers, unsigned char authority = 0, unsigned char additional = 0,
    unsigned char high_flags = 0x81, unsigned char rcode = 0) {
    return {0x12,      0x34, high_flags, static_cast<unsigned char>(0x80 | rcode), 0, questions, 0, answers, 0,
            authority, 0,    additional};
}

wire const question_a = join({bytes("\3sip\7contoso\3com"), {0, 0, 1, 0, 1}});  // at offset 12; contoso.com is at 16

// type, class IN, ttl 300, data
wire record(unsigned char type, const wire& data) {
    return join({{0, type, 0, 1, 0, 0, 1, 0x2c, 0, static_cast<unsigned char>(data.size())}, data});
}

void check_rejected(const wire& packet, std::size_t offset, const std::string& what) {
    auto const read = dns::parse(packet);
    INFO(what);
    REQUIRE_FALSE(read);
    CHECK(read.error().offset == offset);
    CHECK(read.error().what == what);
}

}  // namespace

TEST_CASE("an A answer with a compressed name is read", "[net][dns]") {
    auto const read = dns::parse(join({header(1, 1), question_a, {0xc0, 12}, record(1, {192, 0, 2, 1})}));
    REQUIRE(read);
    CHECK(read->id == 0x1234);
    CHECK(read->response);
    CHECK(read->recursion_desired);
    CHECK(read->recursion_available);
    CHECK_FALSE(read->truncated);
    REQUIRE(read->questions.size() == 1);
    CHECK(read->questions[0].name == "sip.contoso.com");
    REQUIRE(read->answers.size() == 1);
    CHECK(read->answers[0].name == "sip.contoso.com");
    CHECK(read->answers[0].type == dns::type::a);
    CHECK(read->answers[0].ttl == 300);
    CHECK(read->answers[0].text == "192.0.2.1");
}

TEST_CASE("an SRV answer is read, with a compressed target too", "[net][dns]") {
    auto const data = join({{0, 10, 0, 20, 0x13, 0xc5}, {3, 'd', 'i', 'r', 0xc0, 16}});
    auto const read = dns::parse(join({header(1, 1), question_a, {0xc0, 12}, record(33, data)}));
    REQUIRE(read);
    auto const& record = read->answers.at(0);
    CHECK(record.text == "10 20 5061 dir.contoso.com");
    CHECK(record.service.priority == 10);
    CHECK(record.service.weight == 20);
    CHECK(record.service.port == 5061);
    CHECK(record.service.target == "dir.contoso.com");
}

TEST_CASE("an SRV to the root has an empty target", "[net][dns]") {
    auto const read = dns::parse(join({header(1, 1), question_a, {0xc0, 12}, record(33, {0, 0, 0, 0, 0, 0, 0})}));
    REQUIRE(read);
    CHECK(read->answers.at(0).service.target.empty());
    CHECK(read->answers.at(0).text == "0 0 0 .");
}

TEST_CASE("AAAA, CNAME, NS, SOA, TXT and unknown types are read as text", "[net][dns]") {
    wire const six{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    wire const soa = join(
        {{2, 'n', 's', 0xc0, 16, 1, 'h', 0xc0, 16}, {0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5}});
    auto const read = dns::parse(join(
        {header(1, 6),
         question_a,
         {0xc0, 12},
         record(28, six),
         {0xc0, 12},
         record(5, {0xc0, 16}),
         {0xc0, 16},
         record(2, {0xc0, 12}),
         {0xc0, 16},
         record(6, soa),
         {0xc0, 16},
         record(16, join({{3}, bytes("a\"b"), {0}})),
         {0xc0, 16},
         record(99, {0xde, 0xad})}));
    REQUIRE(read);
    CHECK(read->answers[0].text == "2001:db8::1");
    CHECK(read->answers[1].text == "contoso.com");
    CHECK(read->answers[2].text == "sip.contoso.com");
    CHECK(read->answers[3].text == "ns.contoso.com h.contoso.com 1 2 3 4 5");
    CHECK(read->answers[4].text == "\"a\\\"b\" \"\"");
    CHECK(read->answers[5].text == "\\# 2 dead");
}

TEST_CASE("names come out in lower case, with odd bytes escaped", "[net][dns]") {
    auto const read = dns::parse(join({header(1, 0), bytes("\3SIP\4a.b\\"), {3, 0, ' ', 0xff, 0}, {0, 1, 0, 1}}));
    REQUIRE(read);
    CHECK(read->questions[0].name == "sip.a\\.b\\\\.\\000\\032\\255");
    CHECK(dns::is_name(read->questions[0].name));
}

TEST_CASE("compression pointers that loop or lead forwards are refused", "[net][dns]") {
    check_rejected(join({header(1, 0), {0xc0, 12}, {0, 1, 0, 1}}), 12, "compression pointer does not lead backwards");
    check_rejected(
        join({header(1, 0), {0xc0, 14}, {0xc0, 12}, {0, 1, 0, 1}}), 12, "compression pointer does not lead backwards");
    // Two names that point at each other: the way back is the loop.
    check_rejected(
        join({header(2, 0), {1, 'a', 0xc0, 20}, {0, 1, 0, 1}, {1, 'b', 0xc0, 12}, {0, 1, 0, 1}}), 14,
        "compression pointer does not lead backwards");
    check_rejected(
        join({header(1, 1), question_a, {1, 'x', 0xc0, 33}, record(1, {1, 2, 3, 4})}), 35,
        "compression pointer does not lead backwards");
}

TEST_CASE("a packet cut anywhere is an error with an offset within it, never a crash", "[net][dns]") {
    auto const whole = join(
        {header(1, 2),
         question_a,
         {0xc0, 12},
         record(1, {192, 0, 2, 1}),
         {0xc0, 12},
         record(33, {0, 1, 0, 2, 0, 3, 0xc0, 16})});
    REQUIRE(dns::parse(whole));
    for (std::size_t length = 0; length < whole.size(); ++length) {
        auto const read = dns::parse(std::span(whole).first(length));
        INFO(length);
        REQUIRE_FALSE(read);
        CHECK(read.error().offset <= length);
    }
}

TEST_CASE("a truncated answer keeps the records that are whole", "[net][dns]") {
    auto packet = join({header(1, 2, 0, 0, 0x83), question_a, {0xc0, 12}, record(1, {192, 0, 2, 1}), {0xc0, 12, 0, 1}});
    auto const read = dns::parse(packet);
    REQUIRE(read);
    CHECK(read->truncated);
    CHECK(read->questions.size() == 1);
}

TEST_CASE("records whose data doesn't fit their type are refused", "[net][dns]") {
    check_rejected(
        join({header(1, 1), question_a, {0xc0, 12}, record(1, {192, 0, 2})}), 45, "address of a wrong length");
    check_rejected(
        join({header(1, 1), question_a, {0xc0, 12}, record(33, {0, 1, 0, 2, 0, 3})}), 45, "SRV is too short");
    check_rejected(
        join({header(1, 1), question_a, {0xc0, 12}, record(33, {0, 1, 0, 2, 0, 3, 9, 'x'})}), 51,
        "label runs past the end");
    check_rejected(
        join({header(1, 1), question_a, {0xc0, 12}, record(5, {0xc0, 12, 0})}), 47, "more than a name in the record");
    check_rejected(join({header(1, 1), question_a, {0xc0, 12}, record(16, {5, 'x'})}), 45, "text runs past its record");
    check_rejected(join({header(1, 0), {0x40, 0}}), 12, "label of an unknown kind");
}

TEST_CASE("a header that counts more records than there can be takes no memory for them", "[net][dns]") {
    check_rejected({0, 0, 0x81, 0x80, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 12, "name runs past the end");
}

TEST_CASE("a name of more than 255 bytes is refused", "[net][dns]") {
    wire name;
    for (int i = 0; i < 5; ++i) name = join({name, {63}, wire(63, 'a')});
    check_rejected(join({header(1, 0), name, {0, 0, 1, 0, 1}}), 12 + 64 * 3, "name is longer than 255 bytes");
}

TEST_CASE("an OPT record adds its part of the rcode", "[net][dns]") {
    auto const read = dns::parse(join({header(0, 0, 0, 1), {0, 0, 41, 4, 0xd0, 1, 0, 0, 0, 0, 0}}));
    REQUIRE(read);
    CHECK(read->rcode == 16);
    CHECK(dns::rcode_name(read->rcode) == "BADVERS");
    CHECK(read->additional[0].text == "1232");
}

TEST_CASE("records of another class are kept unread", "[net][dns]") {
    auto const read = dns::parse(join({header(1, 1), question_a, {0xc0, 12, 0, 1, 0, 3, 0, 0, 0, 0, 0, 1, 7}}));
    REQUIRE(read);
    CHECK(read->answers[0].text == "\\# 1 07");
}

TEST_CASE("what is written is read back the same", "[net][dns]") {
    dns::message m;
    m.id = 7;
    m.response = m.authoritative = m.truncated = m.recursion_desired = m.recursion_available = m.checking_disabled =
        m.authentic_data = true;
    m.rcode = 3;
    m.questions = {{"_sip._tls.contoso.com", dns::type::srv}};
    m.answers = {
        {"a.b", dns::type::cname, 5, "c.d", {}},
        {"c.d", dns::type::a, 5, "192.0.2.1", {}},
        {"c.d", dns::type::aaaa, 5, "2001:db8::1", {}},
        {"c.d", dns::type::srv, 5, "1 2 3 t.x", {1, 2, 3, "t.x"}},
        {"c.d", dns::type::txt, 5, "\"one\" \"t\\\"w\\\\o\\007\"", {}}};
    m.authority = {
        {"contoso.com", dns::type::soa, 6, "ns.x h.x 1 2 3 4 5", {}}, {"contoso.com", dns::type::ns, 6, "ns.x", {}}};
    m.additional = {{"x.y", static_cast<dns::type>(99), 1, "\\# 3 0a0b0c", {}}, {"", dns::type::opt, 0, "4096", {}}};
    auto const read = dns::parse(dns::serialize(m));
    REQUIRE(read);
    CHECK(dns::serialize(*read) == dns::serialize(m));
    CHECK(read->checking_disabled);
    CHECK(read->authentic_data);
    CHECK(read->authoritative);
    REQUIRE(read->answers.size() == m.answers.size());
    for (std::size_t i = 0; i < m.answers.size(); ++i) CHECK(read->answers[i].text == m.answers[i].text);
    CHECK(read->authority[0].text == m.authority[0].text);
    CHECK(read->additional[0].text == m.additional[0].text);
}

TEST_CASE("an extended rcode goes over the wire by way of OPT", "[net][dns]") {
    dns::message m;
    m.response = true;
    m.rcode = 23;
    m.additional = {{"", dns::type::opt, 0, "1232", {}}};
    CHECK(dns::parse(dns::serialize(m))->rcode == 23);
}

TEST_CASE("a text that is no name cannot be written", "[net][dns]") {
    for (auto const& name :
         {std::string("a..b"), std::string(".a"), std::string(64, 'a'), std::string("a\\"), std::string("\\999")}) {
        INFO(name);
        CHECK_FALSE(dns::is_name(name));
        dns::message m;
        m.questions = {{name, dns::type::a}};
        CHECK_THROWS_AS(dns::serialize(m), std::invalid_argument);
    }
    CHECK(dns::is_name(""));
    CHECK(dns::is_name("."));
    CHECK(dns::is_name("contoso.com."));
}

TEST_CASE("a record whose text doesn't fit its type is a broken invariant", "[net][dns]") {
    for (auto const type : {dns::type::a, dns::type::aaaa, dns::type::soa, static_cast<dns::type>(99)}) {
        dns::message m;
        m.answers = {{"x", type, 0, "nonsense", {}}};
        CHECK_THROWS_AS(dns::serialize(m), std::invalid_argument);
    }
}

TEST_CASE("codes have the names that IANA gives them", "[net][dns]") {
    CHECK(dns::rcode_name(0) == "NOERROR");
    CHECK(dns::rcode_name(3) == "NXDOMAIN");
    CHECK(dns::rcode_name(17) == "RCODE17");
    CHECK(dns::to_string(dns::type::srv) == "SRV");
}

TEST_CASE("an option that runs past the OPT record ends the options, not the message", "[net][dns]") {
    dns::message with;
    with.response = true;
    with.additional = {{"", dns::type::opt, 0, "1232", {}}};
    with.extended_errors = {{6, "bogus"}, {22, ""}};
    auto bytes = dns::serialize(with);
    auto const whole = dns::parse(bytes);
    REQUIRE(whole.has_value());
    REQUIRE(whole->extended_errors.size() == 2);
    CHECK(whole->extended_errors[0].code == 6);
    CHECK(whole->extended_errors[0].text == "bogus");
    CHECK(whole->extended_errors[1].code == 22);
    bytes[bytes.size() - 3] = 200;  // the length of the second option
    auto const cut = dns::parse(bytes);
    REQUIRE(cut.has_value());
    CHECK(cut->extended_errors.size() == 1);
}
