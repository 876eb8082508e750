// Being signed in, and leaving: over a scripted server to the end, cancelled, and with each operation cut.

#include <algorithm>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include "cancelled_at.hpp"
#include "context_fixture.hpp"
#include "signin/registration/registration.hpp"
#include "signin/registration/signed_register.hpp"
#include "signin/stay.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::testing;
using net::test::harm;
using net::test::harm_kind;
using net::test::in_ms;

namespace {

// Answers one REGISTER after the other by 200, for as long as the connection lasts.
net::awaitable<void> say_ok(context_fixture& on) {
    const auto asked = co_await on.server.next();
    auto reply = context_fixture::answer(asked, 200);
    co_await on.server.send(std::move(reply));
}

// Reads what comes, once, and keeps it.
net::awaitable<void> hear(context_fixture& on, std::string& into) {
    char bytes[64];
    const auto got = co_await on.server.stream->read_some(bytes, in_ms(2000));
    if (got) into.assign(bytes, *got);
}

net::awaitable<void> tell(context_fixture& on, std::string event, std::string body) {
    auto news = context_fixture::notification(event, std::move(body));
    co_await on.server.send(std::move(news));
}

}  // namespace

TEST_CASE("staying ends when the connection does, or when the time is over", "[signin][sequence][stay]") {
    context_fixture f;
    f.wanted.stay_s = 0.05;
    net::test::run(f.io, stay(f.c, f.s));
    CHECK(f.s->ended_by == "");

    f.wanted.stay_s = 20;
    f.server.stream->close(true);
    const auto began = net::clock::now();
    net::test::run(f.io, stay(f.c, f.s));
    CHECK(net::test::ms_since(began) < 2000);
    CHECK(f.s->ended_by == "connection_lost");
}

TEST_CASE("staying can be cancelled", "[signin][sequence][stay]") {
    context_fixture f;
    f.wanted.stay_s = 20;
    auto by = std::make_shared<harm>();
    net::asio::post(f.io, [by] { (void)by->falls_on("time passes", "nobody"); });
    CHECK(cancelled_at(f.io, by, 1, stay(f.c, f.s)));
}

TEST_CASE("who is not registered has nothing to sign out of", "[signin][sequence][sign_out]") {
    context_fixture f;
    net::test::run(f.io, registration::sign_out(f.c, nullptr, in_ms(500)));
    CHECK(f.span("provisioning.sign_out").branch == "not_needed");
}

TEST_CASE("signing out tells what the server made of it", "[signin][sequence][sign_out]") {
    struct row {
        int status;  // 0: no answer
        const char* branch;
    };
    const auto [status, branch] = GENERATE(row{200, "confirmed"}, row{500, "sent"}, row{0, "sent"});
    context_fixture f;
    f.s->registered = true;
    auto answer = [](context_fixture& on, int with) -> net::awaitable<void> {
        const auto asked = co_await on.server.next();
        CHECK(asked.method == "REGISTER");
        CHECK(asked.header("Expires") == "0");
        if (with == 0) co_return;
        auto reply = context_fixture::answer(asked, with);
        co_await on.server.send(std::move(reply));
    };
    net::test::start(f.io, answer(f, status));
    net::test::run(f.io, registration::sign_out(f.c, f.s, in_ms(300)));
    CHECK(f.span("provisioning.sign_out").branch == branch);
    CHECK_FALSE(f.s->registered);
}

TEST_CASE("a connection that is gone leaves the registration to run out", "[signin][sequence][sign_out]") {
    context_fixture f;
    f.s->registered = true;
    f.s->sip->close();
    net::test::run(f.io, registration::sign_out(f.c, f.s, in_ms(300)));
    CHECK(f.span("provisioning.sign_out").branch == "failed");
}

TEST_CASE("a connection that is idle for half the server's limit is kept alive", "[signin][sequence][stay]") {
    context_fixture f;
    f.wanted.stay_s = 0.8;
    f.s->keep_alive_s = 1;
    std::string heard;
    net::test::start(f.io, hear(f, heard));
    net::test::run(f.io, stay(f.c, f.s));
    CHECK(f.s->keep_alives_sent == 1);
    CHECK(heard == "\r\n\r\n");
}

TEST_CASE("the server ends a registration by a word, and it is told which", "[signin][sequence][stay]") {
    struct row {
        const char *event, *branch;
    };
    const auto [event, branch] = GENERATE(
        row{"rejected", "disabled"}, row{"deactivated", "moved"}, row{"unregistered", "dropped"});
    context_fixture f;
    f.wanted.stay_s = 20;
    f.s->registered = true;
    net::test::start(f.io, tell(f, "registration-notify", std::string("deregistered;event=") + event));
    net::test::run(f.io, stay(f.c, f.s));
    CHECK(f.s->ended_by == event);
    registration::trace_kept(f.c, *f.s);
    CHECK(f.span("registration.kept").branch == branch);
}

TEST_CASE("what the server tells of anything else ends no stay", "[signin][sequence][stay]") {
    context_fixture f;
    f.wanted.stay_s = 0.1;
    f.s->registered = true;
    net::test::start(f.io, tell(f, "vnd-microsoft-roaming-contacts", "<contactList/>"));
    net::test::run(f.io, stay(f.c, f.s));
    CHECK(f.s->ended_by == "");
    CHECK(f.s->notified.size() == 1);
    registration::trace_kept(f.c, *f.s);
    CHECK(f.span("registration.kept").branch == "kept");
}

TEST_CASE("the server may keep the endpoint and say that it serves less", "[signin][sequence][stay]") {
    context_fixture f;
    f.wanted.stay_s = 0.1;
    f.s->registered = true;
    net::test::start(f.io, tell(f, "registration-notify", "registered;event=userservices-unavailable"));
    net::test::run(f.io, stay(f.c, f.s));
    CHECK(f.s->ended_by == "");
    registration::trace_kept(f.c, *f.s);
    CHECK(f.span("registration.kept").branch == "kept");
    CHECK(f.span("registration.kept").outcome == trace::outcome::warning);
    CHECK(f.span("registration.kept").text(trace::ev::deregistered) == "registered;event=userservices-unavailable");
}

TEST_CASE("what nobody signed ends no registration", "[signin][sequence][stay]") {
    context_fixture f;
    f.s->sip->protect(nullptr);
    f.wanted.stay_s = 0.1;
    net::test::start(f.io, tell(f, "registration-notify", "deregistered;event=rejected"));
    net::test::run(f.io, stay(f.c, f.s));
    CHECK(f.s->ended_by == "");
    CHECK(f.s->notified.empty());
}

TEST_CASE("a signed REGISTER that is cut short may have registered", "[signin][sequence][sign_out]") {
    context_fixture f;
    auto send = [](context_fixture& on) -> net::awaitable<void> {
        const auto done = co_await registration::send_signed_register(on.c, on.s);
        (void)done;
    };
    CHECK(cancelled_at(f.io, f.registrar, 2, send(f)));
    CHECK(f.s->asked_to_register);
}

TEST_CASE("a signed REGISTER ends as it was answered", "[signin][sequence][register]") {
    struct row {
        int status;
        const char* branch;
    };
    const auto [status, branch] = GENERATE(row{401, "challenged_again"}, row{403, "refused"}, row{301, "redirect"});
    context_fixture f;
    auto answer = [](context_fixture& on, int with) -> net::awaitable<void> {
        const auto asked = co_await on.server.next();
        auto reply = context_fixture::answer(asked, with);
        co_await on.server.send(std::move(reply));
    };
    net::test::start(f.io, answer(f, status));
    const auto done = net::test::run(f.io, registration::send_signed_register(f.c, f.s));
    CHECK(done.how == registration::registered::end::failed);
    CHECK(f.span("registration.signed_register").branch == branch);
    CHECK_FALSE(f.s->asked_to_register);
}

TEST_CASE("200 registers nobody unless the server signed it", "[signin][sequence][register]") {
    struct row {
        const char *signature, *branch;
        bool registers;
    };
    const auto [signature, branch, registers] = GENERATE(
        row{"good", "valid", true}, row{"bad", "invalid", false}, row{"", "missing", false});
    context_fixture f;
    auto answer = [](context_fixture& on, std::string signed_by) -> net::awaitable<void> {
        const auto asked = co_await on.server.next();
        auto reply = sip::testing::answer_of(asked, 200, signed_by);
        reply.add("Expires", "600");
        co_await on.server.send(std::move(reply));
    };
    net::test::start(f.io, answer(f, signature));
    const auto done = net::test::run(f.io, registration::send_signed_register(f.c, f.s));
    CHECK(f.span("registration.server_signature").branch == branch);
    CHECK((done.how == registration::registered::end::confirmed) == registers);
    CHECK(f.s->registered == registers);
}

TEST_CASE("a REGISTER without an answer is signed out, too", "[signin][sequence][sign_out]") {
    context_fixture f;
    f.s->asked_to_register = true;
    net::test::start(f.io, say_ok(f));
    net::test::run(f.io, registration::sign_out(f.c, f.s, in_ms(2000)));
    CHECK(f.span("provisioning.sign_out").branch == "confirmed");
    CHECK_FALSE(f.s->asked_to_register);
}

TEST_CASE("signing out that breaks or is cut short anywhere ends, and says so", "[signin][sequence][sign_out]") {
    std::size_t operations = 0;
    {
        context_fixture f;
        f.s->registered = true;
        net::test::start(f.io, say_ok(f));
        net::test::run(f.io, registration::sign_out(f.c, f.s, in_ms(2000)));
        operations = f.registrar->seen;
    }
    REQUIRE(operations >= 2);
    for (std::size_t nth = 1; nth <= operations; ++nth) {
        INFO("at " << nth << " of " << operations);
        context_fixture cut;
        cut.s->registered = true;
        cut.registrar->kind = harm_kind::stall;
        cut.registrar->nth = nth;
        net::test::run(cut.io, registration::sign_out(cut.c, cut.s, in_ms(100)));
        CHECK(cut.span("provisioning.sign_out").branch == "sent");

        context_fixture stopped;
        stopped.s->registered = true;
        net::test::start(stopped.io, say_ok(stopped));
        CHECK(cancelled_at(
            stopped.io, stopped.registrar, nth, registration::sign_out(stopped.c, stopped.s, in_ms(5000))));
    }
}
