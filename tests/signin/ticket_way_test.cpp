#include "signin/base/ticket_way.hpp"

#include "options.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using tests::verdict_on;
using tests::why;
using trace::verdict;

namespace {

constexpr auto negotiate = "Windows log-in (Negotiate)", ntlm = "Windows log-in (NTLM)",
               token = "user name and password";

auth::service_metadata offering(std::vector<std::string> ports, const std::string& scheme = "https") {
    auth::service_metadata out;
    for (const auto& name : ports) out.ports.push_back({name, scheme + "://web.contoso.example/" + name, {}, {}});
    return out;
}
trace::decision decide(const auth::service_metadata& m) { return decide_ticket_way(m, choose_ticket_way(m), {}); }

const std::string win = "WebTicketServiceWinNegotiate", win_ntlm = "WebTicketServiceWinNtlm",
                  user = "WebTicketServiceAuth";

}  // namespace

TEST_CASE("Windows log-in goes before the password itself, and Negotiate before NTLM") {
    const auto all = decide(offering({user, win_ntlm, win, "WebTicketServiceCert"}));
    CHECK(all.chosen == negotiate);
    CHECK(why(all, ntlm) == "Windows log-in (Negotiate) comes before it");
    CHECK(why(all, token) == "the password itself goes only where no stronger way is offered");
    CHECK(why(all, "WebTicketServiceCert") == "not a way that ucsignin supports");
    CHECK(choose_ticket_way(offering({user, win}))->how == ticket_way::kind::windows);

    const auto without = decide(offering({user, win_ntlm}));
    CHECK(without.chosen == ntlm);
    const auto last = decide(offering({user, "WebTicketServiceCert"}));
    CHECK(last.chosen == token);
    CHECK(why(last, token) == "no stronger way is offered");
}

TEST_CASE("a way that is not https is none, and nor is one that we don't know") {
    auto clear = offering({win, user});
    clear.ports[0].location = "http://web.contoso.example/win";
    const auto rest = decide(clear);
    CHECK(rest.chosen == token);
    CHECK(why(rest, negotiate) == "its address is not an https URL");
    const auto unknown = offering({"WebTicketServiceCert", "WebTicketServiceAnon"});
    CHECK_FALSE(choose_ticket_way(unknown));
    CHECK(decide(unknown).chosen == "");
}

TEST_CASE("what our caution keeps back is said of the way that would have been taken") {
    const trust_rule rule("contoso.example", {});
    const auto strangers = rule.covers("web.fabrikam.example", naming::by_dns("web.fabrikam.example"));
    const auto m = offering({win, user});
    const auto way = choose_ticket_way(m);
    REQUIRE(way);
    CHECK_FALSE(withheld_from(*way, rule.covers("web.contoso.example", naming::by_user()), "contoso.example"));
    const auto kept_back = withheld_from(*way, strangers, "contoso.example");
    REQUIRE(kept_back);
    CHECK(kept_back->what.word() == "ntlm");
    const auto none = decide_ticket_way(m, way, kept_back);
    CHECK(none.chosen == "");
    CHECK(why(none, negotiate).starts_with("no credentials go to web.fabrikam.example: "));

    const auto by_name = choose_ticket_way(offering({user}));
    const auto abroad = withheld_from(
        *by_name, rule.covers("web.fabrikam.example", naming::by_user()), "contoso.example");
    REQUIRE(abroad);
    CHECK(abroad->what.word() == "password");
    CHECK(abroad->from.why.find("names of contoso.example alone") != std::string::npos);
}

TEST_CASE("a ticket that is still good is taken again, and a form that was refused is not") {
    const auto kept = decide_kept_ticket("2026-01-05T16:00:00Z");
    CHECK(kept.chosen == "the earlier ticket");
    CHECK(why(kept, "the earlier ticket").ends_with("2026-01-05T16:00:00Z"));
    CHECK(verdict_on(kept, "a new ticket") == verdict::not_tried);
    const auto form = decide_token_form("500, InvalidSecurityToken");
    CHECK(form.chosen == "clear text");
    CHECK(why(form, "Base64") == "500, InvalidSecurityToken");
}

TEST_CASE("a Windows log-in that never came to the password is followed by the next one, at the same host only") {
    const auto both = offering({win, win_ntlm, user});
    const auto first = choose_ticket_way(both);
    REQUIRE(first);
    const auto next = next_windows_way(both, *first);
    REQUIRE(next);
    CHECK(next->port == win_ntlm);
    CHECK_FALSE(next_windows_way(both, *next));
    CHECK_FALSE(next_windows_way(offering({win, user}), *first));
    auto elsewhere = both;
    elsewhere.ports[1].location = "https://gate.contoso.example/ntlm";
    CHECK_FALSE(next_windows_way(elsewhere, *first));
    const auto told = decide_next_windows_way("HTTP 401 Unauthorized");
    CHECK(told.chosen == ntlm);
    CHECK(verdict_on(told, negotiate) == verdict::failed);
}
