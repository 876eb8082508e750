// Which candidate, which home server, and whose word about a name.

#include "options.hpp"
#include "signin/connection/connection.hpp"
#include "signin/discovery/autodiscover_pages.hpp"
#include "signin/discovery/candidates.hpp"
#include "signin/discovery/lookup.hpp"
#include "signin/registration/signed_register.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using connection::candidate_seen;
using connection::decide_candidate;
using registration::choose_home;
using tests::verdict_on;
using tests::why;
using trace::verdict;

TEST_CASE("the client ends on the first candidate that can be used") {
    std::vector<candidate_seen> seen{{"a:443", ""}, {"b:443", ""}};
    const auto first = decide_candidate(seen, "a:443");
    CHECK(first.chosen == "a:443");
    CHECK(why(first, "a:443") == "the first in the client's order");
    CHECK(verdict_on(first, "b:443") == verdict::not_tried);
    CHECK(why(first, "b:443") == "a server before it in the order answered");

    seen[0].why_not = "no answer within its grace";
    const auto second = decide_candidate(seen, "b:443");
    CHECK(second.chosen == "b:443");
    CHECK(why(second, "a:443") == "no answer within its grace");
    CHECK(why(second, "b:443") == "the first in the client's order that could be used");

    const auto none = decide_candidate(seen, std::nullopt);
    CHECK(none.chosen == "");
    CHECK(why(none, "b:443") == "the sign-in ended before it was asked");
}

TEST_CASE("the home server is the first that a redirect names, by q") {
    sip::message answer;
    answer.status = 301;
    CHECK(choose_home("sip.contoso.example:443", answer).homes.empty());
    CHECK(choose_home("sip.contoso.example:443", answer).decision.considered.size() == 1);
    answer.add("Contact", "<sip:fe01.contoso.example:5061;transport=tls>");
    answer.add("Contact", "<sip:fe02.contoso.example>");
    const auto home = choose_home("sip.contoso.example:443", answer);
    REQUIRE(home.homes.size() == 2);
    CHECK(home.homes.front() == net::host_port{"fe01.contoso.example", 5061});
    CHECK(home.decision.chosen == "fe01.contoso.example:5061");
    CHECK(why(home.decision, "sip.contoso.example:443") == "it redirects the sign-in");
    CHECK(why(home.decision, "fe02.contoso.example:5061") == "tried where those before fail");

    std::swap(answer.headers[0], answer.headers[1]);
    const auto other = choose_home("sip.contoso.example:443", answer);
    CHECK(other.decision.chosen == "fe02.contoso.example:5061");
    CHECK(why(other.decision, other.decision.chosen) == "sip.contoso.example:443 names it first as the user's home");
    CHECK(verdict_on(other.decision, "fe01.contoso.example:5061") == verdict::passed_over);

    answer.headers[0].second = "nonsense";
    const auto nowhere = choose_home("sip.contoso.example:443", answer);
    CHECK(nowhere.homes == std::vector{net::host_port{"fe01.contoso.example", 5061}});
    CHECK(why(nowhere.decision, "nonsense") == "it names no server");

    answer.headers = {{"Contact", "<sip:fe02.contoso.example:5061>;q=0.3, <sip:fe09.contoso.example:5061>;q=0.7"}};
    const auto by_q = choose_home("sip.contoso.example:443", answer);
    REQUIRE(by_q.homes.size() == 2);
    CHECK(by_q.homes.front().host == "fe09.contoso.example");
    CHECK(by_q.homes.back().host == "fe02.contoso.example");
}

TEST_CASE("the hosts file's word counts more than DNS's, where it says anything") {
    discovery::looked_up l;
    l.name = "sip.contoso.example";
    CHECK(discovery::decide_by_hosts(l).considered.empty());
    l.by_hosts = {net::asio::ip::make_address("192.0.2.9")};
    const auto by_hosts = discovery::decide_by_hosts(l);
    CHECK(by_hosts.chosen == "hosts file: 192.0.2.9");
    CHECK(verdict_on(by_hosts, "DNS: no address") == verdict::passed_over);
}

TEST_CASE("a server that was given by hand leaves nothing to discovery") {
    CHECK(discovery::decide_manual(std::nullopt).considered.empty());
    const auto given = discovery::decide_manual(net::host_port{"sip.contoso.example", 0});
    CHECK(given.chosen == "sip.contoso.example");
    CHECK(verdict_on(given, "discovery") == verdict::not_tried);
    CHECK(discovery::decide_manual(net::host_port{"sip.contoso.example", 443}).chosen == "sip.contoso.example:443");
}

TEST_CASE("the domain document is read when the user document names no server, or is late") {
    discovery::root_found root;
    root.user = "https://web.contoso.example/user";
    root.why.question = "Which Autodiscover service?";
    const auto failed = discovery::decide_document(root, true);
    CHECK(failed.chosen == "domain document");
    CHECK(why(failed, "user document") == "it names no server");
    const auto late = discovery::decide_document(root, false);
    CHECK(verdict_on(late, "user document") == verdict::passed_over);
    CHECK(why(late, "user document") == "no answer within its grace");
    root.user.clear();
    CHECK(discovery::decide_document(root, true).question == root.why.question);
}
