// The address book asked with a ticket: what each answer of a server, of IIS or of a gateway before it means.

#include <catch2/catch.hpp>

#include "context_fixture.hpp"
#include "provisioning_told.hpp"
#include "signin/provisioning/address_book.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::provisioning;
using namespace ucsignin::signin::provisioning::tests_of;
using signin::testing::context_fixture;
using trace::outcome;

namespace {

net::http::response http_answer(int status, net::http::fields headers = {}, std::string body = {}) {
    net::http::response r;
    r.status = status;
    r.headers = std::move(headers);
    r.body = std::move(body);
    return r;
}

const net::http::fields windows{{"WWW-Authenticate", "Negotiate"}, {"WWW-Authenticate", "NTLM"}};
const net::http::fields tickets{
    {"X-MS-WebTicketURL", "https://web.contoso.example/WebTicket/WebTicketService.svc"},
    {"X-MS-WebTicketSupported", "cwt,saml"}};

std::string_view anonymous(const net::http::response& r, std::optional<bool> described = {}) {
    return judge_anonymous(r, described).what.word();
}
std::string_view with_ticket(
    const net::http::response& r, const net::http::response& first = http_answer(401, tickets)) {
    return judge_with_ticket(r, first).what.word();
}

net::http::url address_of(std::string_view text) { return net::http::parse_url(text).value(); }

}  // namespace

TEST_CASE("what stands there without a ticket", "[signin][address_book]") {
    CHECK(anonymous(http_answer(200)) == "open");
    CHECK(anonymous(http_answer(401, tickets)) == "wants_log_in");
    CHECK(anonymous(http_answer(401, windows)) == "wants_log_in");
    CHECK(judge_anonymous(http_answer(401, windows), {}).offered == texts{"Negotiate", "NTLM"});
    CHECK(anonymous(http_answer(403)) == "forbidden");
    CHECK(anonymous(http_answer(404)) == "not_found");
    CHECK(anonymous(http_answer(410)) == "not_found");
    CHECK(anonymous(http_answer(503)) == "server_error");
    CHECK(
        anonymous(http_answer(302, {{"Location", "https://fs.contoso.example/adfs/ls/?wa=wsignin1.0"}})) ==
        "login_page");
    CHECK(anonymous(http_answer(302, {{"Location", "/abs/handler/"}})) == "redirected");
    CHECK(anonymous(http_answer(200, {}, R"(<form><input TYPE="password"></form>)")) == "login_page");
    for (const int neither : {100, 400, 405, 407, 429}) CHECK(anonymous(http_answer(neither)) == "unclear");
    CHECK(anonymous(http_answer(405), false) == "unclear");
}

TEST_CASE("a service's description is for everybody", "[signin][address_book]") {
    CHECK(anonymous(http_answer(200), true) == "described");
    CHECK(anonymous(http_answer(200, {}, "<html>You have created a service.</html>"), false) == "page");
    CHECK(anonymous(http_answer(404), false) == "not_found");
    const auto asked = judge_anonymous(http_answer(401, windows), false);
    CHECK(asked.what.word() == "wants_log_in");
    CHECK(asked.is_a_loss());
    CHECK_FALSE(asked.detail.empty());
    CHECK(is_web_service(address_of("https://web.contoso.example/groupexpansion/service.svc?x=1")));
    CHECK(is_web_service(address_of("https://web.contoso.example/GroupExpansion/Service.SVC")));
    CHECK_FALSE(is_web_service(address_of("https://web.contoso.example/abs/handler")));
}

TEST_CASE("what a server makes of the ticket", "[signin][address_book]") {
    CHECK(with_ticket(http_answer(200)) == "accepted");
    CHECK(with_ticket(http_answer(405)) == "accepted");
    for (const int neither : {400, 407, 421, 429}) CHECK(with_ticket(http_answer(neither)) == "unclear");
    CHECK(with_ticket(http_answer(404)) == "empty");
    CHECK(with_ticket(http_answer(410)) == "empty");
    CHECK(with_ticket(http_answer(401, tickets)) == "refused");
    CHECK(with_ticket(http_answer(403)) == "refused");
    CHECK(with_ticket(http_answer(401, windows), http_answer(401, windows)) == "windows_only");
    // It names its ticket service, and so takes tickets, whatever else it offers.
    CHECK(with_ticket(http_answer(401, windows)) == "refused");
    CHECK(
        with_ticket(http_answer(401, {{"X-MS-diagnostics", R"(28077;source="fe01";reason="x")"}})) == "other_audience");
    CHECK(with_ticket(http_answer(401, {{"X-MS-diagnostics", R"(28033;source="fe01";reason="x")"}})) == "refused");
    CHECK(with_ticket(http_answer(500)) == "server_error");
    CHECK(with_ticket(http_answer(302, {{"Location", "https://gw.contoso.example/my.policy"}})) == "login_page");
    CHECK(judge_with_ticket(http_answer(403), http_answer(401)).ticket_status == 403);
}

TEST_CASE("what is told and costs nobody anything", "[signin][address_book]") {
    for (const ev::web_log_in_word word :
         {ev::web_log_in_word("open"), ev::web_log_in_word("described"), ev::web_log_in_word("accepted"),
          ev::web_log_in_word("other_audience"), ev::web_log_in_word("not_asked"), ev::web_log_in_word("withheld"),
          ev::web_log_in_word("redirected"), ev::web_log_in_word("page"), ev::web_log_in_word("unclear")}) {
        address_book_seen seen;
        seen.what = word;
        INFO(word.word());
        CHECK_FALSE(seen.is_a_loss());
    }
}

TEST_CASE("without a ticket at hand nothing is sent, and no password used", "[signin][address_book]") {
    context_fixture f;
    f.wanted.password = auth::secret("Correct-horse-7");
    const auto seen = net::test::run(
        f.io, ask_address_book(
                  f.c, address_of("https://web.contoso.example/abs/handler"), "fe01.contoso.example",
                  http_answer(401, windows), f.until.total()));
    CHECK(seen.what.word() == "not_asked");
    CHECK(seen.offered == texts{"Negotiate", "NTLM"});
    CHECK(f.dialer->dialled.empty());
    CHECK(f.passwords.uses() == 0);
}

TEST_CASE("a ticket service that is not there is told, and gets nothing", "[signin][address_book]") {
    context_fixture f;
    f.wanted.password = auth::secret("Correct-horse-7");
    f.names->addresses = {{"web.contoso.example", "192.0.2.20"}};
    const auto seen = net::test::run(
        f.io, ask_address_book(
                  f.c, address_of("https://web.contoso.example/abs/handler"), "fe01.contoso.example",
                  http_answer(401, tickets), f.until.total()));
    CHECK(seen.what.word() == "no_ticket_service");
    CHECK(seen.led_to == tickets.front().second);
    CHECK(seen.is_a_loss());
    CHECK(f.passwords.uses() == 0);
}

TEST_CASE("a ticket goes to no server that the rule does not cover", "[signin][address_book]") {
    context_fixture f;
    auth::web_ticket kept;
    kept.assertion = auth::secret("<saml:Assertion/>");
    kept.expires = wall_clock(f.c) + 3600;
    f.tickets.keep("https://web.elsewhere.example/x", kept);
    f.names->addresses = {{"web.elsewhere.example", "192.0.2.20"}};
    const auto seen = net::test::run(
        f.io, ask_address_book(
                  f.c, address_of("https://web.elsewhere.example/abs/handler"), "fe01.stranger.example",
                  http_answer(401, tickets), f.until.total()));
    CHECK(seen.what.word() == "withheld");
    CHECK(f.dialer->dialled.empty());
}

TEST_CASE("the node warns of an address book that lets nobody in", "[signin][address_book]") {
    const auto told_of = [](address_book_seen book) {
        told by;
        by.answered(asked::configuration, 200, "<provisionGroupList/>");
        web_url_seen one{"absExternalServerUrl", "https://web.contoso.example/abs/handler", "answers", 401, ""};
        one.book = std::move(book);
        by.all.at(asked::web_urls).now = provisioning::answer::state::complete;
        by.all.at(asked::web_urls).body = std::make_shared<const std::any>(web_urls_seen{{one}});
        return at("provisioning.server_configuration.photo_url", by);
    };
    address_book_seen refused;
    refused.what = "refused";
    refused.detail = "it refuses the ticket: HTTP 401";
    CHECK(told_of(refused).how == outcome::warning);
    CHECK(told_of(refused).summary.find("absExternalServerUrl: it refuses the ticket") != std::string::npos);
    address_book_seen taken;
    taken.what = "accepted";
    CHECK(told_of(taken).how != outcome::warning);
}
