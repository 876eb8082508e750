#include <catch2/catch.hpp>

#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "own_certificate.hpp"
#include "reached.hpp"
#include "signin/base/cache.hpp"
#include "signin/real_environment.hpp"
#include "signin/discovery/cached_server.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
namespace fs = std::filesystem;

namespace {

const std::string alice = "alice@contoso.example";
constexpr std::int64_t now = tests::now;

std::string fault_of(const std::string& pem) {
    const auto read = parse_kept_certificate(pem, alice, now);
    return read ? "accepted" : std::string(read.error().word.word());
}

class folder {
public:
    folder() {
        std::string pattern = (fs::temp_directory_path() / "signin_cache_XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~folder() { fs::remove_all(path_); }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;
    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

fs::perms rights(const fs::path& of) { return fs::status(of).permissions() & fs::perms::mask; }

}  // namespace

TEST_CASE("the cache has a folder for each user, and none without a place for it") {
    const host::variables home{{"HOME", "/home/alice"}},
        xdg{{"HOME", "/home/alice"}, {"XDG_CACHE_HOME", "/var/cache/a"}},
        relative{{"HOME", "/home/alice"}, {"XDG_CACHE_HOME", "cache"}};
    CHECK(profile_cache::folder_for(home, "sip:a@b.example").starts_with("/home/alice/.cache/ucsignin/"));
    CHECK(profile_cache::folder_for(xdg, "sip:a@b.example").starts_with("/var/cache/a/ucsignin/"));
    CHECK(profile_cache::folder_for(relative, "sip:a@b.example").starts_with("/home/alice/.cache/ucsignin/"));
    CHECK(profile_cache::folder_for(home, "sip:a@b.example") != profile_cache::folder_for(home, "sip:c@b.example"));
    CHECK(profile_cache::folder_for({}, "sip:a@b.example") == "");
    CHECK_FALSE(profile_cache{}.on());
    CHECK_FALSE(profile_cache{}.server().has_value());
}

TEST_CASE("a kept server is read back, and what is none is an error") {
    const auto kept = parse_kept_server(
        R"({"format":"ucsignin-cache/1","server":"sip.contoso.example:443","written_at":"2026-01-05T08:00:00Z","more":1})");
    REQUIRE(kept);
    CHECK(kept->server == net::host_port{"sip.contoso.example", 443});
    CHECK(kept->written_at == "2026-01-05T08:00:00Z");
    for (const char* text :
         {"", "{", "[]", "{}", R"({"format":"ucsignin-cache/1"})",
          R"({"format":"ucsignin-cache/1","server":"sip.contoso.example"})",
          R"({"format":"ucsignin-cache/2","server":"a:1"})", R"({"format":1,"server":"a:1"})"})
        CHECK_FALSE(parse_kept_server(text));
}

TEST_CASE("a kept certificate is accepted only whole, in date, for this user and its key") {
    const auto good = certificate_pem(tests::certificate_for(alice, 86400));
    CHECK(fault_of(good.reveal()) == "accepted");
    CHECK(good.reveal().find("BEGIN PRIVATE KEY") != std::string::npos);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{100}, good.reveal().size() / 2, good.reveal().size() - 100})
        CHECK(fault_of(good.reveal().substr(0, size)) == "corrupt");
    CHECK(fault_of(certificate_pem(tests::certificate_for(alice, -60)).reveal()) == "expired");
    CHECK(fault_of(certificate_pem(tests::certificate_for(alice, 1800)).reveal()) == "expired");
    CHECK(fault_of(certificate_pem(tests::certificate_for("bob@contoso.example", 86400)).reveal()) == "corrupt");
    auto mixed = tests::certificate_for(alice, 86400);
    mixed.key = *auth::generate_key();
    CHECK(fault_of(certificate_pem(mixed).reveal()) == "wrong_key");
}

TEST_CASE("what is kept is for this account's eyes only, and whole") {
    const folder place;
    const profile_cache cache((place.path() / "ucsignin" / "user").string(), real_files());
    CHECK_FALSE(cache.server().has_value());
    REQUIRE(cache.try_to_write());
    REQUIRE(cache.keep_server({{"sip.contoso.example", 443}, "2026-01-05T08:00:00Z"}));
    REQUIRE(cache.keep_certificate(tests::certificate_for(alice, 86400)));
    CHECK(rights(cache.folder()) == fs::perms::owner_all);
    CHECK(rights(cache.server_file()) == (fs::perms::owner_read | fs::perms::owner_write));
    CHECK(rights(cache.certificate_file()) == (fs::perms::owner_read | fs::perms::owner_write));
    CHECK(std::distance(fs::directory_iterator(cache.folder()), fs::directory_iterator()) == 2);
    CHECK((*cache.server())->server.host == "sip.contoso.example");
    CHECK(cache.certificate(alice, now)->has_value());
    cache.forget_certificate();
    CHECK_FALSE(cache.certificate(alice, now).has_value());
}

TEST_CASE("a server that is an IPv6 address is kept and read back") {
    const folder place;
    const profile_cache cache((place.path() / "user").string(), real_files());
    REQUIRE(cache.keep_server({{"2001:db8::10", 443}, "2026-01-05T08:00:00Z"}));
    REQUIRE(cache.server().has_value());
    REQUIRE(cache.server()->has_value());
    CHECK((*cache.server())->server == net::host_port{"2001:db8::10", 443});
}

TEST_CASE("a cache that can't be written says why") {
    const folder place;
    std::ofstream(place.path() / "file") << "in the way";
    const profile_cache cache((place.path() / "file" / "user").string(), real_files());
    const auto written = cache.try_to_write();
    REQUIRE_FALSE(written);
    CHECK(written.error().word.word() == "unwritable");
    CHECK(written.error().detail != "");
}

TEST_CASE("a cached server is stale when it can't be used and nobody names it any more") {
    candidate cached{{"old.contoso.example", 443}, origin::cache, "the server of the last sign-in"};
    CHECK(discovery::is_stale(cached, false));
    CHECK_FALSE(discovery::is_stale(cached, true));
    cached.found_again = true;
    CHECK_FALSE(discovery::is_stale(cached, false));
    cached.origin = origin::srv;
    CHECK_FALSE(discovery::is_stale(cached, false));
    tests::reached("discovery.cached_server", "stale");
}

TEST_CASE("the cached server comes first, and is known again when discovery names it, too") {
    discovery::found f;
    f.sip_domain = "contoso.example";
    f.cached = net::host_port{"sip.contoso.example", 443};
    f.sip = true;
    f.vantage = vantage::outside;
    const auto list = discovery::order_candidates(f);
    REQUIRE(list.candidates.size() == 1);
    CHECK(list.candidates[0].origin == origin::cache);
    CHECK(list.candidates[0].found_again);
    f.cached = net::host_port{"old.contoso.example", 443};
    const auto changed = discovery::order_candidates(f);
    REQUIRE(changed.candidates.size() == 2);
    CHECK(changed.candidates[0].name() == "old.contoso.example:443");
    CHECK_FALSE(changed.candidates[0].found_again);
    tests::reached("discovery.cached_server", "used");
}
