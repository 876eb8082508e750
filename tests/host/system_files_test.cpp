#include <catch2/catch.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "host/host.hpp"
#include "ucsignin/host.hpp"

using namespace ucsignin::host;

namespace {

using names = std::vector<std::string>;
ip_address ip(const char* text) { return boost::asio::ip::make_address(text); }

}  // namespace

TEST_CASE("a hosts file is read with names in lower case and line numbers") {
    const auto file = parse_hosts(
        "127.0.0.1\tlocalhost\n\n# comment\n192.0.2.7  SIP.Example.com. sip # pool\r\n::1 localhost");
    REQUIRE(file.entries.size() == 3);
    CHECK(file.entries[0].address == ip("127.0.0.1"));
    CHECK(file.entries[0].line == 1);
    CHECK(file.entries[1].names == names{"sip.example.com", "sip"});
    CHECK(file.entries[1].line == 4);
    CHECK(file.entries[2].address == ip("::1"));
    CHECK(file.entries[2].line == 5);
    CHECK(file.bad_lines.empty());
}

TEST_CASE("lines that are no entries are counted and passed over") {
    const auto file = parse_hosts("nonsense name\n192.0.2.1\n300.1.1.1 a\n192.0.2.2 good\n192.0.2.3 # no name\n");
    REQUIRE(file.entries.size() == 1);
    CHECK(file.entries[0].names == names{"good"});
    CHECK(file.bad_lines == std::vector<int>{1, 2, 3, 5});
}

TEST_CASE("bytes that are no text do no harm to a hosts file") {
    using namespace std::string_literals;
    const auto file = parse_hosts("192.0.2.1 a\0b \xff\n\0\n\x80\x81 c\n"s);
    CHECK(file.entries.size() == 1);
    CHECK(file.bad_lines == std::vector<int>{2, 3});
}

TEST_CASE("an empty hosts file has no entries and no error") {
    CHECK(parse_hosts("").entries.empty());
    CHECK(parse_hosts("\n\n\n").bad_lines.empty());
}

TEST_CASE("entries match the domain and the names under it") {
    const auto file = parse_hosts(
        "192.0.2.1 other.org\n192.0.2.2 x sip.example.com\n192.0.2.3 example.com\n"
        "192.0.2.4 badexample.com\n192.0.2.5 example.com.org\n");
    const auto found = matching_entries(file, "Example.COM.");
    REQUIRE(found.size() == 2);
    CHECK(found[0].line == 2);
    CHECK(found[1].line == 3);
    CHECK(matching_entries(file, "").empty());
}

TEST_CASE("resolvers are read in order with their lines") {
    const auto r = parse_resolv_conf(
        "; comment\n# comment\nnameserver 192.0.2.53\noptions edns0\nnameserver\t2001:db8::53 # second\n"
        "search Corp.Example.com. example.com\n");
    REQUIRE(r.servers.size() == 2);
    CHECK(r.servers[0].address == ip("192.0.2.53"));
    CHECK(r.servers[0].line == 3);
    CHECK(r.servers[1].address == ip("2001:db8::53"));
    CHECK(r.servers[1].line == 5);
    CHECK(r.search == names{"corp.example.com", "example.com"});
    CHECK(r.bad_lines.empty());
}

TEST_CASE("a resolver on the link keeps its adapter") {
    const auto r = parse_resolv_conf("nameserver fe80::1%lo\n");
    REQUIRE(r.servers.size() == 1);
    CHECK(r.servers[0].address.to_v6().scope_id() == 1);
}

TEST_CASE("resolver lines without an address are counted and passed over") {
    const auto r = parse_resolv_conf(
        "nameserver\nnameserver dns.example.com\nnameserver 192.0.2.1:53\nnameserver 192.0.2.1\n");
    REQUIRE(r.servers.size() == 1);
    CHECK(r.bad_lines == std::vector<int>{1, 2, 3});
}

TEST_CASE("the last search or domain line counts") {
    CHECK(parse_resolv_conf("search a.org b.org\ndomain c.org\n").search == names{"c.org"});
}

TEST_CASE("of thousands of search domains the first count") {
    std::string text = "search";
    for (int i = 0; i < 5000; ++i) text += " d" + std::to_string(i) + ".org";
    const auto search = parse_resolv_conf(text).search;
    REQUIRE(search.size() == 32);
    CHECK(search.front() == "d0.org");
    CHECK(search.back() == "d31.org");
}

TEST_CASE("a search domain is endless that is longer than any name") {
    const std::string longest(255, 'x'), longer(256, 'x');
    CHECK_FALSE(has_endless_search_domain("search " + longest + " " + longest + "\n"));
    CHECK(has_endless_search_domain("nameserver 192.0.2.1\nsearch a.org " + longer + "\n"));
    CHECK(has_endless_search_domain("domain\t" + longer));
    CHECK_FALSE(has_endless_search_domain("# " + longer + "\nsearch a.org\noptions " + longer));
    CHECK_FALSE(has_endless_search_domain(""));
}

TEST_CASE("a file that can't be read is an error, not an empty file") {
    const auto hosts = read_hosts("/nonexistent/hosts");
    CHECK(hosts.path == "/nonexistent/hosts");
    CHECK(hosts.error == "/nonexistent/hosts: No such file or directory");
    CHECK(read_resolvers("/nonexistent/resolv.conf").error == "/nonexistent/resolv.conf: No such file or directory");
}

TEST_CASE("a directory in a file's place is an error") { CHECK(read_hosts("/").error == "/: Is a directory"); }

TEST_CASE("files are read from disk") {
    const auto path = std::filesystem::temp_directory_path() / ("host_test_hosts_" + std::to_string(::getpid()));
    std::ofstream{path} << "192.0.2.9 sip.example.com\n";
    const auto file = read_hosts(path.string());
    std::filesystem::remove(path);
    CHECK(file.error == "");
    REQUIRE(file.entries.size() == 1);
    CHECK(file.entries[0].address == ip("192.0.2.9"));
}

TEST_CASE("SIP servers of DHCP leases are read as the clients write them") {
    CHECK(
        parse_networkd_sip_servers("ADDRESS=10.0.0.5\nSIP=10.0.0.9 10.0.0.10\nDNS=10.0.0.1\n") ==
        names{"10.0.0.9", "10.0.0.10"});
    CHECK(parse_networkd_sip_servers("DNS=10.0.0.1").empty());
    // RFC 3361: 0 and names as in DNS, or 1 and addresses. The last lease counts.
    CHECK(
        parse_dhclient_sip_servers("lease {\n  option unknown-120 1:a:0:0:9;\n}\nlease {\n  option unknown-120 "
                                   "0:3:6f:6c:64:2:61:62:0:1:63:0;\n}\n") == names{"old.ab", "c"});
    CHECK(parse_dhclient_sip_servers("option unknown-120 1:a:0:0:9:a:0:0:a;") == names{"10.0.0.9", "10.0.0.10"});
    for (const auto* broken :
         {"option unknown-120 0:9:61;", "option unknown-120 1:a:0;", "option unknown-120 xx:1;",
          "option unknown-120 2:1;", "option unknown-120 ", ""})
        CHECK(parse_dhclient_sip_servers(broken).empty());
}

TEST_CASE("leases are found in their folders; folders that are not there are no fault") {
    const auto folder = std::filesystem::temp_directory_path() / ("ucsignin-leases-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "2") << "SIP=10.0.0.9\n";
    std::ofstream(folder / "dhclient.eth0.leases") << "option unknown-120 1:a:0:0:7;\n";
    const auto found = read_leased_sip_servers(folder.string(), folder.string());
    std::filesystem::remove_all(folder);
    REQUIRE(found.size() == 2);
    CHECK(found[0].server == "10.0.0.9");
    CHECK(found[0].file == (folder / "2").string());
    CHECK(found[1].server == "10.0.0.7");
    CHECK(read_leased_sip_servers("/nowhere", "/nowhere").empty());
}
