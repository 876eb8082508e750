// Masking a masked report changes nothing; and it takes no longer than reading one.

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <random>

#include "marked_values.hpp"
#include "samples.hpp"
#include "trace/evidence.hpp"

using namespace ucsignin;

namespace {

void check_stable(const report::report& r) {
    const auto once = report::mask(r);
    CHECK(report::to_json(report::mask(once)) == report::to_json(once));
}

std::vector<report::report> reports_in(const std::filesystem::path& folder) {
    std::vector<report::report> all;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::ifstream in(entry.path(), std::ios::binary);
        if (auto r = report::from_json(std::string(std::istreambuf_iterator<char>(in), {})))
            all.push_back(std::move(*r));
    }
    return all;
}

report::report of_many_names(int spans, int names) {
    auto r = report::samples::stopped();
    const auto template_span = r.trace.spans.front();
    for (int i = 0; i < spans; ++i) {
        auto s = template_span;
        const auto n = i % names;
        s.subject = fmt::format("fe{}.site{}.contoso.example:5061", n, n / 7);
        s.summary = fmt::format(
            "{} at 10.{}.{}.9 refuses CONTOSO\\user{}, issued by Contoso Issuing CA {}, not by Fabrikam Root {}",
            s.subject, n / 200, n % 200, n, n, n);
        s.evidence.push_back(
            {"tls.server.issuer", fmt::format("CN=Contoso Issuing CA {},O=Contoso Works {}", n, n),
             trace::value_kind::dn, trace::provenance::server});
        s.evidence.push_back(
            {"server.address", fmt::format("fe{}.site{}.contoso.example", n, n / 7), trace::value_kind::host,
             trace::provenance::ours});
        s.evidence.push_back(
            {"ms_diagnostics.reason", "User Bob Brown is not enabled for " + s.subject, trace::value_kind::text,
             trace::provenance::server});
        r.trace.spans.push_back(std::move(s));
    }
    return r;
}

}  // namespace

TEST_CASE("samples, the example and the seeds of the fuzzer stay as they are when they are masked again") {
    for (const auto& r : {report::samples::healthy(), report::samples::stopped(), report::samples::interrupted()})
        check_stable(r);
    const auto examples = reports_in(UCSIGNIN_SOURCE "/examples");
    const auto seeds = reports_in(UCSIGNIN_SOURCE "/tests/fuzz/corpus/report");
    REQUIRE(examples.size() == 1);
    REQUIRE(seeds.size() > 3);
    for (const auto& r : examples) check_stable(r);
    for (const auto& r : seeds) check_stable(r);
}

TEST_CASE("names in any mixture and order stay as they are when they are masked again") {
    std::mt19937 random(1);  // NOLINT: the same mixtures each time
    const auto& values = report::samples::marked_values();
    const auto any = [&](std::size_t count) { return static_cast<std::size_t>(random() % count); };
    for (int round = 0; round < 100; ++round) {
        auto r = report::samples::healthy();
        for (auto& s : r.trace.spans) {
            s.summary = values[any(values.size())].text + " and " + values[any(values.size())].text;
            for (int n = 0; n < 3; ++n) {
                const auto kind = static_cast<trace::value_kind>(
                    any(static_cast<std::size_t>(trace::value_kind::time) + 1));
                s.evidence.push_back({"any", values[any(values.size())].text, kind, trace::provenance::server});
            }
            s.subject = values[any(values.size())].text;
        }
        check_stable(r);
    }
}

TEST_CASE("a text has the same mask wherever it stands, also before the name is learned") {
    auto r = report::samples::stopped();
    r.trace.spans.front().summary = "bob, fs.partner.test, +49 30 5550100";
    r.verdict.findings.back().title = r.trace.spans.front().summary;
    r.trace.spans.back().summary = "bob@partner.test and tel:+49305550100";
    const auto masked = report::mask(r);
    CHECK(masked.trace.spans.front().summary == masked.verdict.findings.back().title);
    CHECK(masked.trace.spans.front().summary.starts_with("user"));
}

TEST_CASE("2,000 spans with 500 names are masked in time that grows with the text alone") {
    for (const int names : {50, 500}) {
        const auto r = of_many_names(2000, names);
        const auto begin = std::chrono::steady_clock::now();
        const auto masked = report::mask(r);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        std::printf("2000 spans, %d names: masked in %.2f s\n", names, took.count());
        CHECK(masked.trace.spans.size() == r.trace.spans.size());
    }
}

// By the CPU's clock: other programs run at the same time.
TEST_CASE("texts that look like the beginning of everything are masked in time that grows with their length") {
    const auto seconds = [](std::string_view piece, std::size_t length) {
        std::string text = "%";
        while (text.size() < length) text += piece;
        auto r = report::samples::interrupted();
        r.trace.spans = {
            report::samples::span("00000000000000a1", "connection.tls", 1, 2, trace::outcome::failed, text)};
        r.trace.spans.front().evidence.push_back(
            {"tls.server.subject", text, trace::value_kind::dn, trace::provenance::server});
        const auto begin = std::clock();
        (void)report::mask(r);
        return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    };
    for (const auto* piece : {"1 ",  "1.",  "a+", "a$", "a~", "a:", "a%",         "%25", "25",  "A=",
                              "&#9", "\\a", "/a", "(1", "*",  "'",  "CN=a b <- ", "a@",  "://", "+1 "}) {
        const auto once = seconds(piece, 500), eightfold = seconds(piece, 4'000);
        INFO(piece << ": " << once << " s, eight times as much: " << eightfold << " s");
        CHECK(eightfold < 30 * once + 0.05);  // 64 times as long, if each place looked through all of the rest
    }
}
