// What is kept of a sign-in and used in the next, over files in memory.

#include <catch2/catch.hpp>

#include "context_fixture.hpp"
#include "own_certificate.hpp"
#include "signin/discovery/cached_server.hpp"
#include "signin/registration/user_certificate.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::testing;

namespace {

const net::host_port server{"fe01.contoso.example", 5061};

struct with_cache : context_fixture {
    explicit with_cache(std::shared_ptr<scripted_files> on = std::make_shared<scripted_files>())
        : context_fixture(5, {}, {"/cache/alice", on}), files(std::move(on)) {}
    std::shared_ptr<scripted_files> files;
};

}  // namespace

TEST_CASE("the server that was kept is the first of the next sign-in", "[signin][sequence][cache]") {
    with_cache before;
    CHECK(discovery::use_cached_server(before.c) == std::nullopt);
    CHECK(before.span("discovery.cached_server").outcome == trace::outcome::ok);
    CHECK(before.files->kept.empty());
    discovery::keep_server(before.c, server);
    REQUIRE(before.files->kept.contains("/cache/alice/server.json"));

    with_cache after(before.files);
    CHECK(discovery::use_cached_server(after.c) == server);
    CHECK(after.span("discovery.cached_server").branch == "used");
    discovery::note_stale(after.c, {server, origin::cache, {}});
    CHECK(after.span("discovery.cached_server").branch == "stale");
    CHECK(after.span("discovery.cached_server").text(ev::cache_written_at) == "2026-03-01T09:30:00Z");
}

TEST_CASE("a cache that can't be written or read is told, and nothing comes of it", "[signin][sequence][cache]") {
    with_cache f;
    f.files->kept["/cache/alice/server.json"] = "{";
    CHECK(discovery::use_cached_server(f.c) == std::nullopt);
    CHECK(f.span("discovery.cached_server").word(ev::cache_fault).str() == "corrupt");
    f.files->unreadable = "no right to it";
    CHECK(discovery::use_cached_server(f.c) == std::nullopt);
    CHECK(f.span("discovery.cached_server").word(ev::cache_fault).str() == "unreadable");
    CHECK_FALSE(registration::take_cached_certificate(f.c, *f.s).has_value());
    CHECK(f.span("registration.cached_certificate").word(ev::cache_fault).str() == "unreadable");
    f.files->unwritable = "no room";
    CHECK(discovery::use_cached_server(f.c) == std::nullopt);
    CHECK(f.span("discovery.cached_server").word(ev::cache_fault).str() == "unwritable");
    discovery::keep_server(f.c, server);
    CHECK(f.span("discovery.cached_server").summary.find("could not be kept") != std::string::npos);
}

TEST_CASE("a certificate that is refused is forgotten", "[signin][sequence][cache]") {
    with_cache f;
    f.files->kept["/cache/alice/certificate.pem"] = "nonsense";
    CHECK_FALSE(registration::take_cached_certificate(f.c, *f.s).has_value());
    CHECK(f.span("registration.cached_certificate").word(ev::cache_fault).str() == "corrupt");
    registration::note_refused_certificate(f.c, *f.s, "401 Unauthorized");
    CHECK(f.span("registration.cached_certificate").branch == "refused");
    CHECK(f.files->kept.empty());
    CHECK_FALSE(registration::take_cached_certificate(f.c, *f.s).has_value());
    CHECK(f.span("registration.cached_certificate").branch == "none");
}

TEST_CASE("a certificate that can't be kept is a warning of the cache", "[signin][sequence][cache]") {
    with_cache f;
    f.files->unwritable = "no room";
    const auto made = tests::certificate_for("alice@contoso.example", 86400);
    registration::keep_certificate(f.c, made);
    CHECK(f.span("discovery.cached_server").outcome == trace::outcome::warning);
    context_fixture without;
    registration::keep_certificate(without.c, made);
    CHECK(without.trace.so_far().latest("discovery.cached_server") == nullptr);
}
