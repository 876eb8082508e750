// Whether a connection that ended in the midst of stage 5 is made once more: the password is the reason not to.

#include <catch2/catch.hpp>

#include "context_fixture.hpp"
#include "signin/registration/dial_again.hpp"
#include "signin/registration/registration.hpp"
#include "trace/evidence_provisioning.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::testing;
using registration::decide_dial_again;
using registration::lost_connection;
using registration::weigh_dialing_again;

namespace {

// A request is under way when the server cuts.
void lose(context_fixture& f, int unanswered = 1) {
    f.s->registered = true;
    f.s->scheme = "NTLM";
    f.server.stream->close(true);
    auto passing = [](context_fixture& on) -> net::awaitable<void> {
        (void)co_await on.s->news.wait(net::test::in_ms(2000));
    };
    net::test::run(f.io, passing(f));
    f.s->unanswered = unanswered;
}

void use_password(context_fixture& f, auth::use_end how, auth::password_way way = auth::password_way::sip_ntlm) {
    auto use = [](context_fixture& on, auth::use_end end, auth::password_way by) -> net::awaitable<void> {
        auto one = co_await on.passwords.reserve(by, net::test::in_ms(500));
        one->sent();
        one->end(end);
    };
    net::test::run(f.io, use(f, how, way));
}

}  // namespace

TEST_CASE("a second connection, and no third; not with a password that was not taken", "[signin][dial_again]") {
    struct row {
        bool second, needs, accepted, again;
    };
    const auto [second, needs, accepted, again] = GENERATE(
        row{false, false, true, true}, row{false, false, false, true}, row{false, true, true, true},
        row{false, true, false, false}, row{true, false, true, false}, row{true, true, false, false});
    const auto out = decide_dial_again({"sip.contoso.example:443", 2, second, needs, accepted});
    CHECK(out.wanted == again);
    CHECK(out.why.chosen == (again ? "once more" : "end here"));
    CHECK(out.why.considered.size() == 2);
    CHECK_FALSE(out.took_over);
}

TEST_CASE("it is the last use of the password that counts", "[signin][dial_again]") {
    const auto how = GENERATE(auth::use_end::accepted, auth::use_end::refused, auth::use_end::unjudged);
    context_fixture f;
    lose(f);
    use_password(f, how);
    CHECK(weigh_dialing_again(f.c, *f.s) == (how == auth::use_end::accepted));
    registration::trace_kept(f.c, *f.s);
    CHECK(f.span("registration.kept").branch == "connection_lost");
    CHECK(f.span("registration.kept").number(ev::connections_lost) == 1);
    REQUIRE(f.span("registration.kept").decision);
    f.s->scheme = "TLS-DSK";
    CHECK(weigh_dialing_again(f.c, *f.s));
}

TEST_CASE("what Exchange makes of the password says nothing of the registrar", "[signin][dial_again]") {
    context_fixture f;
    lose(f);
    use_password(f, auth::use_end::accepted);
    use_password(f, auth::use_end::unjudged, auth::password_way::exchange_ntlm);
    CHECK(weigh_dialing_again(f.c, *f.s));
}

TEST_CASE(
    "nobody is dialled again who said goodbye, kept nothing back, or sent what can't be read", "[signin][dial_again]") {
    SECTION("everything was answered") {
        context_fixture f;
        lose(f, 0);
        CHECK_FALSE(weigh_dialing_again(f.c, *f.s));
    }
    SECTION("it was told before") {
        context_fixture f;
        f.s->ended_by = "rejected";
        lose(f);
        CHECK_FALSE(weigh_dialing_again(f.c, *f.s));
    }
    SECTION("it is our own refusal to read on") {
        context_fixture f;
        lose(f);
        f.s->lost->why.what = net::fault::protocol;
        CHECK_FALSE(weigh_dialing_again(f.c, *f.s));
    }
    SECTION("nobody was registered") {
        context_fixture f;
        lose(f);
        f.s->registered = false;
        CHECK_FALSE(weigh_dialing_again(f.c, *f.s));
    }
}
