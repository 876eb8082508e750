#include <catch2/catch.hpp>

#include "trace_builder.hpp"
#include "trace/evidence_provisioning.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

constexpr auto node_id = "provisioning.media_relay";

verdict after(std::string_view branch, std::initializer_list<noted> facts) {
    auto t = signed_in();
    const auto how = branch == "none" ? trace::outcome::expected : trace::outcome::warning;
    return t.add(node_id, branch, how, "", facts).judge();
}

noted relay(const char* host, trace::ev::relay_udp_word udp, trace::ev::relay_tcp_word tcp) {
    return together(
        {{ev::relay_host, host},
         {ev::relay_location, "internet"},
         {ev::relay_udp_port, 3478},
         {ev::relay_udp, udp},
         {ev::relay_tcp_port, 443},
         {ev::relay_tcp, tcp}});
}

bool says(const verdict& v, std::string_view id, std::string_view words) {
    const auto* found = find(v, id);
    return found &&
           (found->title.find(words) != std::string::npos || found->explanation.find(words) != std::string::npos);
}

}  // namespace

TEST_CASE("relay credentials that were refused: by whom, and why") {
    const auto busy = after("refused", {{ev::sip_status, 200}, {ev::mras_reason, "Server Busy"}});
    REQUIRE(find(busy, "mras-failed"));
    CHECK(find(busy, "mras-failed")->certainty == certainty::certain);
    CHECK(says(busy, "mras-failed", "overloaded"));
    CHECK(busy.exit_code == 0);
    CHECK(busy.signed_in);
    const auto failed = after("refused", {{ev::sip_status, 200}, {ev::mras_reason, "Other Failure"}});
    CHECK(find(failed, "mras-failed")->certainty == certainty::likely);
    const auto lost = after("refused", {{ev::sip_status, 480}, {ev::diagnostics_id, 1003}});
    CHECK(says(lost, "mras-failed", "does not know the way"));
    for (const int status : {408, 503, 504})
        CHECK(says(after("refused", {{ev::sip_status, status}}), "mras-failed", "5062"));
    const auto silent = after("refused", {{ev::sip_error, "timed_out"}});
    CHECK(says(silent, "mras-failed", "no answer"));
    CHECK(find(silent, "mras-failed")->certainty == certainty::likely);
    CHECK(says(after("refused", {{ev::sip_status, 403}}), "mras-failed", "is refused"));
    const auto none = after("refused", {{ev::sip_status, 200}, {ev::mras_reason, "OK"}, {ev::relays, 0}});
    CHECK(says(none, "mras-failed", "names no relay"));
    CHECK(find(none, "mras-failed")->certainty == certainty::likely);
    CHECK(rules_out(none, "mras-failed", "prov-no-mras"));
}

TEST_CASE("a connection that ended says nothing of the relay, nor does a pool without one") {
    CHECK(find(after("refused", {{ev::sip_error, "closed"}}), "mras-failed") == nullptr);
    CHECK(find(after("none", {}), "mras-failed") == nullptr);
}

TEST_CASE("relays that do not answer from here are never certain") {
    const auto dead = after(
        "credentials_only", {{ev::mras_asked_for, "internet"}, relay("av.contoso.example", "silent", "timed_out")});
    const auto* found = find(dead, "relay-unreachable");
    REQUIRE(found);
    CHECK(found->severity == severity::warning);
    CHECK(found->certainty == certainty::likely);
    CHECK(found->subject == "av.contoso.example");
    CHECK(says(dead, "relay-unreachable", "UDP 3478: no answer, TCP 443: no answer"));
    CHECK(dead.root_causes.empty());
    const auto lost = after("credentials_only", {relay("av.contoso.example", "no_address", "no_address")});
    CHECK(says(lost, "relay-unreachable", "no address is found for the name"));
    const auto aside = after(
        "credentials_only", {{ev::mras_asked_for, "intranet"}, relay("av.contoso.example", "refused", "refused")});
    CHECK(says(aside, "relay-unreachable", "meant for internet, and was asked for intranet"));
}

TEST_CASE("what there was no time to try is no finding") {
    CHECK(
        find(after("credentials_only", {relay("av.contoso.example", "not_tried", "not_tried")}), "relay-unreachable") ==
        nullptr);
}

TEST_CASE("a relay that answers in part is a remark, one that answers none") {
    const auto part = after("answers", {relay("av.contoso.example", "silent", "connects")});
    REQUIRE(find(part, "relay-unreachable"));
    CHECK(find(part, "relay-unreachable")->severity == severity::info);
    CHECK(find(part, "relay-unreachable")->certainty == certainty::possible);
    CHECK(find(after("answers", {relay("av.contoso.example", "answers", "connects")}), "relay-unreachable") == nullptr);
    const auto further = after(
        "answers",
        {relay("av.contoso.example", "answers", "connects"), relay("av5.contoso.example", "not_tried", "not_tried")});
    CHECK(find(further, "relay-unreachable") == nullptr);
}
