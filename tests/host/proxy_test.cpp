#include <catch2/catch.hpp>

#include "host/host.hpp"

using namespace ucsignin::host;
using source = proxy_settings::source;

namespace {

proxy_settings with_exceptions(const char* list) {
    return proxy_from_environment({{"https_proxy", "http://proxy:3128"}, {"no_proxy", list}});
}

}  // namespace

TEST_CASE("no variable means direct") {
    const auto p = proxy_from_environment({{"http_proxy", "http://plain:80"}, {"no_proxy", "*"}, {"https_proxy", ""}});
    CHECK(p.from == source::none);
    CHECK(p.url == "");
    CHECK_FALSE(p.applies_to("sip.example.com"));
}

TEST_CASE("https_proxy goes before HTTPS_PROXY, all_proxy and ALL_PROXY") {
    variables env{{"ALL_PROXY", "http://d:4"}};
    CHECK(proxy_from_environment(env).said_by == "ALL_PROXY");
    env["all_proxy"] = "http://c:3";
    CHECK(proxy_from_environment(env).said_by == "all_proxy");
    env["HTTPS_PROXY"] = "http://b:2";
    CHECK(proxy_from_environment(env).said_by == "HTTPS_PROXY");
    env["https_proxy"] = "http://a:1";
    const auto p = proxy_from_environment(env);
    CHECK(p.said_by == "https_proxy");
    CHECK(p.from == source::environment);
    CHECK(p.host == "a");
    CHECK(p.port == 1);
    CHECK(p.url == "http://a:1");
}

TEST_CASE("an empty variable counts as not set") {
    CHECK(proxy_from_environment({{"https_proxy", ""}, {"HTTPS_PROXY", "http://b:2"}}).host == "b");
}

TEST_CASE("credentials are told of, never kept") {
    const auto p = proxy_from_environment({{"https_proxy", "http://joe:p@ss/word@Proxy.Example.com:3128/"}});
    CHECK(p.had_credentials);
    CHECK(p.url == "http://proxy.example.com:3128");
    CHECK(p.host == "proxy.example.com");
    CHECK(p.error == "");
}

TEST_CASE("a proxy without scheme or port gets curl's") {
    const auto bare = proxy_from_option("proxy.example.com.");
    CHECK(bare.from == source::option);
    CHECK(bare.said_by == "--proxy");
    CHECK(bare.url == "http://proxy.example.com:1080");
    CHECK(proxy_from_option("https://proxy").port == 443);
    CHECK(proxy_from_option("SOCKS5H://proxy:").url == "socks5h://proxy:1080");
}

TEST_CASE("an IPv6 proxy is written in brackets") {
    const auto p = proxy_from_option("http://[2001:DB8::1]:8080");
    CHECK(p.host == "2001:db8::1");
    CHECK(p.port == 8080);
    CHECK(p.url == "http://[2001:db8::1]:8080");
}

TEST_CASE("what is no proxy address is an error that repeats nothing of it") {
    for (const char* text :
         {"http://", "http://:8080", "http://proxy:0", "http://proxy:99999", "http://proxy:80x", "http://[::1",
          "http://[nonsense]:80", "http://[::1]80", "http://a b:80", "://proxy", "http://joe:secret@", "::1",
          "http://pro\nxy"}) {
        const auto p = proxy_from_option(text);
        INFO(text);
        CHECK(p.error == "--proxy is set, but is not a proxy address (scheme://host:port)");
        CHECK(p.url == "");
        CHECK(p.host == "");
        CHECK_FALSE(p.applies_to("example.com"));
    }
}

TEST_CASE("a host without an exception goes by the proxy") {
    CHECK(with_exceptions("").applies_to("sip.example.com"));
    CHECK(with_exceptions("other.org").applies_to("sip.example.com"));
}

TEST_CASE("an exception covers the name and what lies under it, with and without a leading dot") {
    for (const char* list :
         {"example.com", ".example.com", "*.example.com", "EXAMPLE.com.", "a.org, example.com", "a.org example.com"}) {
        INFO(list);
        const auto p = with_exceptions(list);
        CHECK_FALSE(p.applies_to("example.com"));
        CHECK_FALSE(p.applies_to("Sip.Example.Com."));
        CHECK(p.applies_to("notexample.com"));
        CHECK(p.applies_to("example.com.evil.org"));
    }
}

TEST_CASE("a star exempts everything") {
    CHECK_FALSE(with_exceptions("*").applies_to("sip.example.com"));
    CHECK_FALSE(with_exceptions("*").applies_to("192.0.2.1"));
}

TEST_CASE("addresses are exempted as values, never by suffix") {
    CHECK_FALSE(with_exceptions("192.0.2.1").applies_to("192.0.2.1"));
    CHECK(with_exceptions("2.1").applies_to("192.0.2.1"));
    CHECK_FALSE(with_exceptions("2001:db8:0::1").applies_to("[2001:DB8::1]"));
    CHECK_FALSE(with_exceptions("[2001:db8::1]").applies_to("2001:db8::1"));
}

TEST_CASE("exceptions are listed as they were split, and NO_PROXY stands in for no_proxy") {
    const auto p = proxy_from_environment({{"all_proxy", "http://proxy:1"}, {"NO_PROXY", " .a.org,,b.org\t*.c.org "}});
    CHECK(p.exceptions == std::vector<std::string>{".a.org", "b.org", "*.c.org"});
}

TEST_CASE("an empty or odd exception exempts nothing") {
    for (const char* list : {".", "*.", ",", "..", "[", "[]"}) {
        INFO(list);
        CHECK(with_exceptions(list).applies_to("sip.example.com"));
    }
}

TEST_CASE("a proxy given by hand has no exceptions") { CHECK(proxy_from_option("http://p:1").applies_to("localhost")); }

TEST_CASE("a proxy script is named by option or environment") {
    const auto by_option = proxy_from_option("pac+http://Proxy.contoso.example/proxy.pac");
    CHECK(by_option.pac_url == "http://Proxy.contoso.example/proxy.pac");
    CHECK(by_option.host == "");
    CHECK(by_option.error == "");
    CHECK(proxy_from_option("PAC+FILE:///etc/proxy.pac").pac_url == "file:///etc/proxy.pac");
    CHECK(proxy_from_option("wpad").wpad);
    CHECK(proxy_from_environment({{"https_proxy", "wpad://"}}).wpad);
    const auto automatic = proxy_from_environment({{"auto_proxy", "http://proxy.contoso.example/proxy.pac"}});
    CHECK(automatic.pac_url == "http://proxy.contoso.example/proxy.pac");
    CHECK(automatic.said_by == "auto_proxy");
    CHECK(proxy_from_environment({{"auto_proxy", "http://a/x.pac"}, {"https_proxy", "http://b:3128"}}).host == "b");
    CHECK_FALSE(by_option.applies_to("sip.contoso.example"));
}

TEST_CASE("a proxy script that can't be one is an error") {
    for (const char* text :
         {"pac+", "pac+proxy.pac", "pac+ftp://a/b", "pac+http://", "pac+http://user:secret@a/b.pac"}) {
        INFO(text);
        const auto p = proxy_from_option(text);
        CHECK(p.pac_url == "");
        CHECK(p.error.find("secret") == std::string::npos);
        CHECK(p.error != "");
    }
}
