#include <catch2/catch.hpp>

#include "ucsignin/trace.hpp"

using namespace ucsignin::trace;

TEST_CASE("every word of the trace reads back as what it was") {
    for (const auto o :
         {outcome::ok, outcome::warning, outcome::failed, outcome::expected, outcome::not_run, outcome::unknown,
          outcome::broken})
        CHECK(outcome_from(to_string(o)) == o);
    for (const auto r :
         {not_run_reason::none, not_run_reason::not_reached, not_run_reason::not_applicable,
          not_run_reason::not_implemented, not_run_reason::switched_off, not_run_reason::interrupted,
          not_run_reason::not_in_log})
        CHECK(not_run_reason_from(to_string(r)) == r);
    for (const auto k :
         {value_kind::host, value_kind::sip_uri, value_kind::address, value_kind::dn, value_kind::url, value_kind::text,
          value_kind::number, value_kind::code, value_kind::time})
        CHECK(value_kind_from(to_string(k)) == k);
    for (const auto p : {provenance::ours, provenance::server, provenance::user, provenance::system})
        CHECK(provenance_from(to_string(p)) == p);
    for (const auto v : {verdict::chosen, verdict::passed_over, verdict::failed, verdict::not_tried})
        CHECK(verdict_from(to_string(v)) == v);
}

TEST_CASE("words are those of the contract") {
    CHECK(to_string(outcome::not_run) == "not_run");
    CHECK(to_string(not_run_reason::not_in_log) == "not_in_log");
    CHECK(to_string(value_kind::sip_uri) == "sip_uri");
    CHECK(to_string(provenance::ours) == "ours");
    CHECK(to_string(verdict::passed_over) == "passed_over");
}

TEST_CASE("a word that is not of the list is nothing") {
    CHECK_FALSE(outcome_from("passed"));
    CHECK_FALSE(outcome_from("OK"));
    CHECK_FALSE(outcome_from(""));
    CHECK_FALSE(value_kind_from("password"));
    CHECK_FALSE(provenance_from("us"));
    CHECK_FALSE(verdict_from("taken"));
}
