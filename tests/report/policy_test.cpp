#include <catch2/catch.hpp>

#include "report/answer.hpp"
#include "samples.hpp"

using namespace ucsignin;
using report::policy;

namespace samples = report::samples;

namespace {

// Signed in, with a warning.
report::report with_warning() {
    auto r = samples::healthy();
    r.verdict.findings = {samples::stopped().verdict.findings[1]};
    return r;
}

const policy on_warning{.fail_on = diagnosis::severity::warning, .ignore = {}};

int code_under(report::report r, const policy& p) {
    report::apply(p, r);
    return r.verdict.exit_code;
}

policy ignoring(std::string id, std::optional<std::string> subject) {
    return {.fail_on = diagnosis::severity::warning, .ignore = {{std::move(id), std::move(subject)}}};
}

}  // namespace

TEST_CASE("a warning fails a run only where warnings are asked for") {
    CHECK(code_under(with_warning(), {}) == 0);
    CHECK(code_under(with_warning(), on_warning) == 2);
    CHECK(code_under(with_warning(), {.fail_on = diagnosis::severity::failure, .ignore = {}}) == 0);
    CHECK(code_under(samples::healthy(), on_warning) == 0);
}

TEST_CASE("a code that says more than that a finding was there stays") {
    CHECK(code_under(samples::stopped(), on_warning) == 40);
    CHECK(code_under(samples::interrupted(), on_warning) == 130);
}

TEST_CASE("what is ignored does not count, and only that") {
    CHECK(code_under(with_warning(), ignoring("dns-stale-a", std::nullopt)) == 0);
    CHECK(code_under(with_warning(), ignoring("dns-stale-a", "accessedge.contoso.example")) == 0);
    CHECK(code_under(with_warning(), ignoring("dns-stale-a", "elsewhere.contoso.example")) == 2);
    CHECK(code_under(with_warning(), ignoring("tls-expired", std::nullopt)) == 2);
}

TEST_CASE("what is ignored is told as such, in the report and in its text") {
    auto r = with_warning();
    report::apply(ignoring("dns-stale-a", std::nullopt), r);
    CHECK(to_text(r, {}).find("warning, ignored:") != std::string::npos);
    const auto read = report::from_json(to_json(r));
    REQUIRE(read);
    CHECK(read->ignored == r.ignored);
    CHECK(is_ignored(*read, read->verdict.findings[0]));
    CHECK(report::mask(r).ignored.size() == 1);
    CHECK(is_ignored(report::mask(r), report::mask(r).verdict.findings[0]));
}

TEST_CASE("a report keeps what failed it, and a later look may ignore more of it") {
    auto r = with_warning();
    report::apply(on_warning, r);
    CHECK(report::answer_of(r).counted == "Exit code 2, as --fail-on asks: dns-stale-a (accessedge.contoso.example).");
    auto read = report::from_json(to_json(r));
    REQUIRE(read);
    report::apply({}, *read);
    CHECK(read->verdict.exit_code == 2);
    CHECK(code_under(*read, {.fail_on = {}, .ignore = {{"dns-stale-a", std::nullopt}}}) == 0);
    CHECK(report::counted_as_failed(report::mask(r)).size() == 1);
}
