#include <catch2/catch.hpp>

#include "ucsignin/trace.hpp"

using namespace ucsignin::trace;

namespace {

span visit(std::string node, std::string subject, std::string summary) {
    span s;
    s.node = std::move(node);
    s.subject = std::move(subject);
    s.summary = std::move(summary);
    return s;
}

record two_candidates() {
    record r;
    r.spans = {
        visit("connection.tcp", "a", "first"), visit("connection.tcp", "b", "other"),
        visit("connection.tcp", "a", "again")};
    return r;
}

}  // namespace

TEST_CASE("the latest visit supersedes") {
    CHECK(two_candidates().latest("connection.tcp")->summary == "again");
    CHECK(two_candidates().latest("connection.tcp", "b")->summary == "other");
    CHECK(two_candidates().latest("connection.tcp", "c") == nullptr);
    CHECK(two_candidates().latest("connection.tls") == nullptr);
}

TEST_CASE("all subjects of a node are listed once, in the order of their first visit") {
    const auto r = two_candidates();
    const auto all = r.all("connection.tcp");
    REQUIRE(all.size() == 2);
    CHECK(all[0]->summary == "again");
    CHECK(all[1]->summary == "other");
}

TEST_CASE("evidence is read by type, and what is absent is empty") {
    span s;
    s.evidence = {
        {"a", std::string("x"), value_kind::text, provenance::ours},
        {"a", std::string("y"), value_kind::text, provenance::ours},
        {"n", std::int64_t{401}, value_kind::number, provenance::server},
        {"d", 2.9, value_kind::number, provenance::ours},
        {"yes", true, value_kind::code, provenance::ours},
        {"no", false, value_kind::code, provenance::ours}};
    constexpr evidence_name<std::string> a{{"a", value_kind::text, provenance::ours, "", ""}}, n_text{{"n"}};
    constexpr evidence_name<std::int64_t> n{{"n"}}, d{{"d"}}, a_number{{"a"}};
    constexpr evidence_name<double> d_exact{{"d"}}, n_exact{{"n"}};
    constexpr evidence_name<bool> yes{{"yes"}}, no{{"no"}}, absent{{"absent"}};
    CHECK(s.text(a) == "x");
    CHECK(s.texts(a) == std::vector<std::string>{"x", "y"});
    CHECK(s.number(n) == 401);
    CHECK(s.number(d) == 2);
    CHECK(s.number(d_exact) == 2.9);
    CHECK(s.number(n_exact) == 401.0);
    CHECK(s.is(yes));
    CHECK_FALSE(s.is(no));
    CHECK_FALSE(s.is(absent));
    CHECK(s.has(no));
    CHECK(s.text(n_text).empty());
    CHECK_FALSE(s.number(a_number));
    CHECK(s.find("absent") == nullptr);
}
