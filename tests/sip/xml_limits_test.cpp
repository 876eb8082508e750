#include "sip/xml_limits.hpp"

#include <catch2/catch.hpp>

#include "sip/bodies.hpp"
#include "sip/xml.hpp"

using namespace ucsignin::sip;

namespace {

constexpr xml::limit small{1000, 4, 10, 3, 6, 3};

std::string why(std::string_view text, const xml::limit& of = small) {
    const auto ok = xml::check_limits(text, of);
    return ok ? "" : ok.error().what;
}

std::string many(int count, std::string_view one) {
    std::string out;
    for (int i = 0; i < count; ++i) out += one;
    return out;
}

std::string attributes(int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += " a" + std::to_string(i) + "=''";
    return out;
}

std::string wide(std::string_view text, bool big_endian) {
    std::string out = big_endian ? "\xfe\xff" : "\xff\xfe";
    for (const char c : text) {
        if (big_endian) out += '\0';
        out += c;
        if (!big_endian) out += '\0';
    }
    return out;
}

}  // namespace

TEST_CASE("each limit of a document has its word") {
    CHECK(why("<a b='1' c='2' d='3'><!-- x --><e/></a>").empty());
    CHECK(why("<a>" + std::string(1000, 'x') + "</a>") == "more than 1000 bytes");
    CHECK(why("<a><a><a><a/></a></a></a>").empty());
    CHECK(why("<a><a><a><a><a/></a></a></a></a>") == "more than 4 elements inside one another");
    CHECK(why("<r>" + many(9, "<e/>") + "</r>").empty());
    for (const char* node : {"<e/>", "<!---->", "<?p?>", "<![CDATA[]]>", "<e></e>"})
        CHECK(why("<r>" + many(10, node) + "</r>") == "more than 10 elements and comments");
    CHECK(why("<a b='1' c='2' d='3' e='4'/>") == "more than 3 attributes in one element");
    CHECK(why("<r>" + many(3, "<a b='1' c='2'/>") + "</r>").empty());
    CHECK(why("<r>" + many(3, "<a b='1' c='2' d=''/>") + "</r>") == "more than 6 attributes");
    CHECK(why("<r xmlns='1'>" + many(3, "<a xmlns:b='1'/>") + "</r>").empty());  // each out of scope before the next
    CHECK(why("<r xmlns='1' xmlns:x='2'><a xmlns='1'><a xmlns='1'/></a></r>") == "more than 3 namespaces in one place");
    CHECK(xml::check_limits("<a b='1'\nc='2' d='3' e='4'/>", small).error().offset == 22);
}

TEST_CASE("quotes, comments and CDATA are no markup") {
    CHECK(why("<a b='a=b c=d e=f g=h > /' c=\"'\"/>").empty());
    CHECK(why("<a><!-- <b a='1' a='2' a='3' a='4'> --><![CDATA[<b a='1' a='2' a='3' a='4'>]]>a=b=c=d=e</a>").empty());
    CHECK(why("\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?>\n<a/>").empty());
    CHECK(why("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe4</a>").empty());
}

// What libxml2 would read in another way than the scan does, and so be led around it.
TEST_CASE("nothing hides from the scan") {
    const auto much = attributes(50);
    CHECK(why("<a b=\"<c" + much + ">\"/>") == "a < inside a tag");
    CHECK(why("<a '<c" + much + ">'/>") == "a < inside a tag");
    CHECK(why("<a <c" + much + "/>") == "a < inside a tag");
    CHECK(why("<a><!-- \x01 <c" + much + "> --></a>") == "a character that XML does not allow");
    CHECK(why("<a><!-- \xef\xbf\xbf <c" + much + "> --></a>") == "a character that XML does not allow");
    CHECK(why("<a><!-- \xed\xa0\x80 <c" + much + "> --></a>") == "a character that XML does not allow");
    for (const char* bad : {"\xc0\xbc", "\xe0\x80\xbc", "\xf0\x80\x80\xbc", "\xf4\x90\x80\x80", "\xff", "\xe4", "\xc3"})
        CHECK(why(std::string("<a>") + bad + "</a>") == "a character that XML does not allow");
    CHECK(why("<a>\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80 \xef\xbf\xbd</a>").empty());
    CHECK(why("<a><? <c" + much + "?></a>") == "a processing instruction without a name");
    CHECK(why("<!DOCTYPE a><a/>") == "a document type declaration");
    CHECK(why("<?xml version='1.0' encoding='UTF-7'?><a/>") == "an encoding that is not supported here");
    CHECK(why("\x4c\x6f\xa7\x94") == "not XML");  // EBCDIC
    CHECK(why(std::string("\0\0\0<", 4)) == "not XML");
    CHECK(why(std::string("<\0\0\0", 4)) == "a character that XML does not allow");
    for (const char* half : {"<a", "<a b='", "<a b='c>", "</a", "<!-- ", "<![CDATA[", "<?p ", "<"})
        CHECK_FALSE(why(half).empty());
}

TEST_CASE("UTF-16 is counted as UTF-8 is") {
    for (const bool big_endian : {false, true}) {
        CHECK(why(wide("<?xml version='1.0' encoding='utf-16'?><a/>", big_endian)).empty());
        CHECK(why(wide("<a b='1' c='2' d='3' e='4'/>", big_endian)) == "more than 3 attributes in one element");
        CHECK(xml::document::read(wide("<a b='1'/>", big_endian), small)->root().attribute("b") == "1");
    }
    CHECK(why(std::string("\xff\xfe<\0a\0>\0\x3d\xd8\x00\xde<\0/\0a\0>\0", 20)).empty());  // a pair
    CHECK(
        why(std::string("\xff\xfe<\0a\0>\0\x3d\xd8<\0/\0a\0>\0", 18)) ==
        "a character that XML does not allow");  // a half
    CHECK(why(std::string("\xff\xfe<\0a\0>\0\xff\xff<\0/\0a\0>\0", 18)) == "a character that XML does not allow");
    CHECK(why(std::string("<\0?\0x\0m\0l\0", 10)) == "the text ends before ?>");  // by its first bytes, without a mark
}

TEST_CASE("four megabytes of attributes are refused before libxml2 compares each with all the others") {
    const auto page = "<a" + attributes(380000) + "/>";
    REQUIRE(page.size() < 4 * 1024 * 1024 + 700000);
    CHECK(
        parse_provisioning("<provisionGroupList" + attributes(370000) + "/>").error().what ==
        "more than 64 attributes in one element");
    CHECK(parse_roaming_self(page).error().what.starts_with("more than "));
    CHECK(
        parse_contacts("<contactList>" + many(1000, "<a" + attributes(64) + "/>") + "</contactList>").error().what ==
        "more than 60000 attributes");
    CHECK(parse_publish_fault("<Fault" + attributes(9000) + "/>").error().what == "more than 65536 bytes");
}

TEST_CASE("what real servers send keeps to the limits with room to spare") {
    std::string contacts = "<contactList deltaNum='1' xmlns='http://schemas.microsoft.com/2006/09/sip/contacts'>";
    for (int i = 0; i < 2000; ++i)
        contacts += "<contact uri='user" + std::to_string(i) +
                    "@contoso.example' name='' groups='1 2 3' subscribed='true' "
                    "externalURI=''><contactExtension><contactSettings contactId='" +
                    std::string(36, 'a') + "'/><tags><tag id='1'/></tags></contactExtension></contact>";
    CHECK(parse_contacts(contacts + "</contactList>")->contacts.size() == 2000);

    std::string long_one =
        "<provisionGroupList "
        "xmlns='http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification'><provisionGroup "
        "name='ucPolicy'><instance>";
    while (long_one.size() < 4 * 1024 * 1024 - 2000)
        long_one += "<property name='p'>" + std::string(1000, 'x') + "</property>";
    CHECK(
        parse_provisioning(long_one + "</instance></provisionGroup></provisionGroupList>")
            ->group("ucPolicy")
            ->settings.size() > 4000);
}
