#include <catch2/catch.hpp>
#include <fmt/format.h>

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

// It answers over both, and makes this of the credentials.
noted relay_that(trace::ev::turn_dialect_word dialect, trace::ev::relay_allocation_word allocation, int code) {
    return together(
        {{ev::relay_host, "av.contoso.example"},
         {ev::relay_udp_port, 3478},
         {ev::relay_udp, "answers"},
         {ev::relay_dialect, dialect},
         {ev::relay_allocation, allocation},
         {ev::relay_allocation_code, code},
         {ev::relay_tcp_port, 443},
         {ev::relay_tcp, "connects"}});
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

TEST_CASE("credentials that a relay does not take are a warning, and never certain") {
    const auto refused = after("answers", {relay_that("standard", "refused", 401)});
    const auto* found = find(refused, "mras-failed");
    REQUIRE(found);
    CHECK(found->severity == severity::warning);
    CHECK(found->certainty == certainty::likely);
    CHECK(found->subject == "av.contoso.example");
    CHECK(says(refused, "mras-failed", "does not take the credentials"));
    CHECK(says(refused, "mras-failed", "av.contoso.example does not accept them (401)"));
    CHECK(rules_out(refused, "mras-failed", "relay-unreachable"));
    CHECK_FALSE(rules_out(refused, "mras-failed", "server-clock-skew"));
    CHECK(refused.root_causes.empty());
    CHECK(refused.signed_in);
    CHECK(find(refused, "relay-unreachable") == nullptr);
    // The dialect was held against no relay that others wrote.
    CHECK(
        find(after("answers", {relay_that("microsoft", "refused", 401)}), "mras-failed")->certainty ==
        certainty::possible);
    CHECK(says(after("answers", {relay_that("standard", "quota", 486)}), "mras-failed", "no allocation left (486)"));
    for (const int code : {403, 442, 500}) {
        const auto other = after("answers", {relay_that("standard", "error", code)});
        CHECK(says(other, "mras-failed", fmt::format("grants no allocation ({})", code)));
        CHECK(find(other, "mras-failed")->certainty == certainty::possible);
        CHECK(find(other, "mras-failed")->remedies.at(0).text.find("certificate") == std::string::npos);
    }
}

TEST_CASE("a relay that grants, or was not asked, is no finding; silence at the credentials is one of the way there") {
    for (const char* state : {"granted", "unproven", "open", "not_tried", "mismatch"}) {
        const auto word = trace::ev::relay_allocation_word::from(state);
        REQUIRE(word);
        const auto v = after("answers", {relay_that("standard", *word, 0)});
        INFO(state);
        CHECK(find(v, "mras-failed") == nullptr);
        CHECK(find(v, "relay-unreachable") == nullptr);
    }
    const auto silent = after("answers", {relay_that("standard", "silent", 0)});
    CHECK(find(silent, "mras-failed") == nullptr);
    REQUIRE(find(silent, "relay-unreachable"));
    CHECK(find(silent, "relay-unreachable")->severity == severity::info);
    CHECK(says(silent, "relay-unreachable", "UDP 3478: no answer once the credentials are shown"));
}
