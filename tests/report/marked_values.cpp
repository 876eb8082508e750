#include "marked_values.hpp"

#include <algorithm>
#include <cctype>

namespace ucsignin::report::samples {
namespace {

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::string percent_encoded(const std::string& text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const unsigned char c : text) (out += '%') += {digits[c / 16], digits[c % 16]};
    return out;
}

std::string base64(const std::string& text) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i + 3 <= text.size(); i += 3) {
        const auto byte = [&](std::size_t n) { return static_cast<unsigned>(static_cast<unsigned char>(text[i + n])); };
        const auto bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (const int shift : {18, 12, 6, 0}) out += alphabet[bits >> shift & 63];
    }
    return out;
}

std::vector<marked_value> make() {
    const std::vector<std::string> name{"zq7marker"}, person{"zelda", "quastel"}, both{"zq7marker", "zelda", "quastel"},
        number{"5557788", "555-7788", "555.7788", "555 7788"};
    return {
        {"a host", "zq7marker.quastel.test", both},
        {"a host of a role", "sip.zq7marker.quastel.test", both},
        {"a host without a domain", "zq7marker", name},
        {"a host and its port", "zq7marker.quastel.test:50611", both},
        {"a wildcard", "*.zq7marker.quastel.test", both},
        {"a service record", "_zq7marker._tcp.quastel.test", both},
        {"a customer's host in the cloud", "zq7marker.online.lync.com", name},
        {"an IPv4 address", "131.177.88.99", {"131.177", "88.99"}},
        {"a private IPv4 address", "10.177.88.99:5061", {"177.88", "88.99"}},
        {"a link-local IPv4 address", "169.254.177.88", {"177.88"}},
        {"an IPv6 address", "[2a01:177:88::99]:443", {"2a01", "177:88"}},
        {"an IPv6 address with its adapter", "fe80::177:88ff:fe99%zq7marker", {"zq7marker", "177:88"}},
        {"a SIP address", "sip:zelda.quastel@quastel.test", both},
        {"a gruu", "sip:zelda@quastel.test;opaque=user:epid:Zq7marker0aV;gruu", both},
        {"a URI of a telephone", "tel:+49305557788;ext=1001", number},
        {"a SIP address of a telephone", "sip:+49305557788@quastel.test;user=phone", {"5557788", "quastel"}},
        {"a distinguished name", "CN=zq7marker.quastel.test,OU=Quastel Works,O=Zq7marker GmbH,C=DE", both},
        {"a distinguished name of a person", "CN=Zelda Quastel, CN=Users, DC=quastel, DC=test", both},
        {"a chain", "0 CN = zelda <- O = Quastel Root, CN = Zq7marker CA", both},
        {"an unknown type in a distinguished name", "ZQ7MARKER=Quastel", both},
        {"a URL",
         "https://zq7marker.quastel.test:8443/users/zelda?sipuri=zelda@quastel.test&name=Zelda%20Quastel#zq7marker",
         both},
        {"a URL without a domain", "http://zq7marker/quastel", both},
        {"a URL with a user", "ftp://zelda:zq7marker@quastel.test/zq7marker", both},
        {"a URL of a directory", "ldap://zq7marker.quastel.test/CN=Zelda Quastel,DC=quastel", both},
        {"a URL of an unknown scheme", "zq7marker://quastel/zelda", both},
        {"a URL of a file", "file:///home/zelda/zq7marker.pac", both},
        {"an encoded URL", "https%3A%2F%2Fzq7marker.quastel.test%2Fzelda", both},
        {"a path of Windows", "C:\\Users\\Zelda Quastel\\AppData\\zq7marker.json", both},
        {"a share", "\\\\zq7marker\\zelda$\\quastel.txt", both},
        {"an escaped path of Windows", "C:\\\\Users\\\\zelda\\\\zq7marker", both},
        {"a home folder", "/home/zelda/.cache/ucsignin/zq7marker0123456789abcdef/server.json", both},
        {"a home folder, in short", "~zelda/zq7marker.pem", both},
        {"a relative path", "../zelda/zq7marker/report.json", both},
        {"a GUID", "{7E1DA2B3-77AA-4bcd-9e0f-112233445566}", {"7e1da2b3", "4bcd", "112233445566"}},
        {"an instance", "\"<urn:uuid:7e1da2b3-77aa-4bcd-9e0f-112233445566>\"", {"7e1da2b3", "4bcd", "112233445566"}},
        {"a log-in", "QUASTEL\\zelda", person},
        {"a log-in of a computer", "QUASTEL\\zq7marker$", both},
        {"a log-in, escaped", "QUASTEL\\\\zelda", person},
        {"a person", "Zelda Quastel", person},
        {"a person, last name first", "Quastel, Zelda", person},
        {"a person in small letters", "zelda quastel", person},
        {"a person in capitals", "ZELDA QUASTEL", person},
        {"a person of other letters",
         "\xc5\xbb"
         "elda Qu\xc3\xa4stel",
         {"elda", "stel"}},
        {"a mailbox", "zelda.quastel+zq7marker@quastel.test", both},
        {"a mailbox with a name", "\"Zelda Quastel\" <zelda@quastel.test>", person},
        {"an encoded mailbox", "zelda%40quastel.test", person},
        {"a telephone number", "+49 30 5557788", number},
        {"a telephone number with brackets", "+49 (30) 555-7788", number},
        {"a telephone number without a plus", "0049 30 5557788", number},
        {"a telephone number of a town", "030/5557788", number},
        {"a telephone number in North America", "(425) 555-7788", number},
        {"a telephone number with dots", "425.555.7788", number},
        {"a telephone number with hyphens", "425-555-7788", number},
        {"a telephone number with blanks", "49 30 555 7788", number},
        {"a telephone number in one", "4930555778800", {"5557788"}},
        {"a hash", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", {"9f86d081", "0b822cd1"}},
        {"a fingerprint", "AB:12:34:56:78:90:CD:EF:77:88", {"12:34", "56:78"}},
        {"a MAC address", "00-12-34-56-77-88", {"12-34", "56-77"}},
        {"a serial number", "77:88:99:11:22:33:44:55", {"77:88", "22:33"}},
        {"a dump of bytes", "5a 65 6c 64 61 20 51", {"65 6c", "64 61"}},
        {"letters as numbers", "%5A%45%4C%44%41 &#90;&#69;&#76;&#68;&#65; &#x5a;&#x45;", {"%45", "#69", "#x45"}},
        {"letters, some as numbers", "z%71%37marker &#122;q7marker", {"q7marker", "7marker", "marker"}},
        {"Base64", "WmVsZGEgUXVhc3RlbA==", {"wmvszgeg", "uxvhc3rlba"}},
        {"a header of a gateway", "1.1 zq7marker.quastel.test (squid/5.7), 1.1 zq7marker:8080", both},
        {"an answer of a PAC script", "PROXY zq7marker.quastel.test:8080; PROXY zq7marker:8080; DIRECT", both},
        {"a header of a server", "Microsoft-IIS/10.0 (zq7marker)", name},
        {"a setting", "ServerConfiguration/zq7marker = Zelda Quastel", both},
        {"a page",
         "<html><head><title>Quastel Works</title></head><body onload='zq7marker()'>Hello Zelda!</body></html>", both},
        {"a piece of JSON",
         R"({"user":"zelda","server":"zq7marker","phone":"+49305557788"})",
         {"zelda", "zq7marker", "5557788"}},
        {"a line of a hosts file",
         "10.177.88.99\tzq7marker.quastel.test zq7marker # Zelda",
         {"177.88", "zq7marker", "zelda", "quastel"}},
        {"a person by name and log-in", "User Zelda Quastel (QUASTEL\\zelda) is disabled", person},
    };
}

}  // namespace

const std::vector<marked_value>& marked_values() {
    static const auto all = make();
    return all;
}

std::string sentences_with(const std::string& value) {
    return "the server says: " + value + " is not enabled for this, see '" + value + "'.\n(" + value +
           "): no answer in time; source=\"" + value + "\", [" + value + "]";
}

std::vector<std::string> markers_left(const std::string& text, const std::vector<std::string>& markers) {
    std::vector<std::string> left;
    const auto small = lower(text);
    for (const auto& m : markers) {
        bool found = small.find(m) != std::string::npos || small.find(percent_encoded(m)) != std::string::npos;
        // Whatever stands before the marker: three ways in which Base64 cuts it.
        for (std::size_t skip = 0; skip < 3 && m.size() > skip + 5; ++skip)
            found = found || text.find(base64(m.substr(skip))) != std::string::npos;
        if (found) left.push_back(m);
    }
    return left;
}

}  // namespace ucsignin::report::samples
