#include <algorithm>
#include <catch2/catch.hpp>

#include "signin/discovery/cross_check.hpp"
#include "signin/discovery/probe_questions.hpp"

using namespace ucsignin;
using namespace ucsignin::signin::discovery;
namespace ev = ucsignin::trace::ev;
using net::answer_state;
using net::dns::type;

namespace {

net::dns_answer told(answer_state state, std::vector<std::string> addresses = {}) {
    net::dns_answer a;
    a.question = {"sip.contoso.example", type::a};
    a.state = state;
    for (auto& text : addresses) a.records.push_back({"sip.contoso.example", type::a, 300, std::move(text), {}});
    return a;
}

}  // namespace

TEST_CASE("the subject of a finding says what to ask again") {
    CHECK(questions_for("contoso.example", "contoso.example").size() == 7);
    const auto record = questions_for("_sip._tls.contoso.example", "contoso.example");
    REQUIRE(record.size() == 1);
    CHECK(record.front().type == type::srv);
    const auto host = questions_for("sip.contoso.example:443", "contoso.example");
    REQUIRE(host.size() == 2);
    CHECK(host.front().name == "sip.contoso.example");
    CHECK(questions_for("*.contoso.example", "contoso.example").front().name.ends_with(".contoso.example"));
}

TEST_CASE("near misses are names, and none of them is right") {
    for (const auto& name : near_misses("contoso.example")) {
        CHECK(net::dns::is_name(name));
        CHECK(name != "_sip._tls.contoso.example");
        CHECK(name != "_sipinternaltls._tcp.contoso.example");
    }
    const auto all = near_misses("contoso.example");
    CHECK(std::ranges::find(all, "sip._tls.contoso.example") != all.end());
    CHECK(std::ranges::find(all, "_sip._tls.contoso.example.contoso.example") != all.end());
}

TEST_CASE("of several answers the one that tells most is the result") {
    CHECK(result_of({told(answer_state::nxdomain), told(answer_state::records)}).word() == "records");
    CHECK(result_of({told(answer_state::servfail), told(answer_state::nxdomain)}).word() == "NXDOMAIN");
    CHECK(result_of({told(answer_state::timed_out), told(answer_state::refused)}).word() == "REFUSED");
    CHECK(result_of({told(answer_state::timed_out)}).word() == "timeout");
    CHECK(result_of({}).word() == "no_answer");
    auto loop = told(answer_state::no_data);
    loop.cname_loop = true;
    CHECK(result_of({loop, told(answer_state::records)}).word() == "cname_loop");
}

TEST_CASE("answers are the same when state and data are, in any order") {
    CHECK(says_the_same(
        told(answer_state::records, {"192.0.2.1", "192.0.2.2"}),
        told(answer_state::records, {"192.0.2.2", "192.0.2.1"})));
    CHECK_FALSE(says_the_same(told(answer_state::records, {"192.0.2.1"}), told(answer_state::records, {"192.0.2.2"})));
    CHECK_FALSE(says_the_same(told(answer_state::nxdomain), told(answer_state::no_data)));
}

TEST_CASE("an answer is noted as question, state and each of its data, together") {
    trace::recorder recorder("0af7651916cd43dd8448eb211c80319c", "2026-11-24T10:00:00Z", [] { return 0.0; });
    auto span = recorder.open<"discovery.cross_check">();
    note_answer(span.group(), told(answer_state::records, {"192.0.2.2", "192.0.2.1"}));
    note_answer(span.group(), told(answer_state::nxdomain));
    span.finish("same", trace::outcome::ok, "");
    const auto record = recorder.finish();
    const auto answers = record.spans.front().together(ev::probe_dns_name);
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].text(ev::probe_dns_type) == "A");
    CHECK(answers[0].text(ev::probe_dns_name) == "sip.contoso.example");
    CHECK(answers[0].word(ev::probe_dns_state).str() == "records");
    CHECK(answers[0].texts(ev::probe_dns_data) == std::vector<std::string>{"192.0.2.1", "192.0.2.2"});
    CHECK(answers[1].word(ev::probe_dns_state).str() == "NXDOMAIN");
    CHECK(answers[1].texts(ev::probe_dns_data).empty());
}

TEST_CASE("every probe that a rule may ask for is known") {
    for (const auto* probe :
         {"checking_disabled", "dns_tcp", "authoritative", "cname_chain", "near_miss", "unrelated_name",
          "other_resolver"})
        CHECK(find_look(probe) != nullptr);
    CHECK(find_look("no_sni") == nullptr);
}
