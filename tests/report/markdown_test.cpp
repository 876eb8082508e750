#include <catch2/catch.hpp>

#include "report/markdown_text.hpp"
#include "samples.hpp"

using namespace ucsignin;
using report::markdown_text;

namespace samples = report::samples;

TEST_CASE("words stay words, and all else becomes code") {
    CHECK(markdown_text("the sign-in doesn't work: 401 (twice).") == "the sign-in doesn't work: 401 (twice).");
    CHECK(
        markdown_text("through sip.contoso.example:443, as alice@contoso.example.") ==
        "through `sip.contoso.example:443`, as `alice@contoso.example`.");
    CHECK(markdown_text("  two\n lines\t") == "two lines");
    CHECK(markdown_text("") == "");
}

TEST_CASE("nothing begins markup") {
    CHECK(markdown_text("# head") == "`#` head");
    CHECK(markdown_text("1. one") == "`1`. one");
    CHECK(markdown_text("- - *a* _b_") == "`-` `-` `*a*` `_b_`");
    CHECK(markdown_text("<img/src=x onerror=alert(1)>") == "`<img/src=x` `onerror=alert(1)>`");
    CHECK(markdown_text("[x](http://e.example) ![y](z)") == "`[x](http://e.example`) `![y](z`)");
    CHECK(markdown_text("@all #12 GH-12 !3 :smile: &lt; a|b") == "`@all` `#12` `GH-12` `!3` `:smile`: `&lt`; `a|b`");
    CHECK(markdown_text("1a2b3c4d5e") == "`1a2b3c4d5e`");
    CHECK(markdown_text("a\\b") == "`a\\b`");
}

TEST_CASE("a fence is longer than what it holds") {
    CHECK(report::code_span("a`b") == "``a`b``");
    CHECK(report::code_span("```") == "```` ``` ````");
    CHECK(report::code_block("one\n````\ntwo", "  ") == "  `````\n  one\n  ````\n  two\n  `````\n");
}

TEST_CASE("a ticket begins with the answer, and folds the rest") {
    const auto text = to_markdown(samples::stopped());
    CHECK(text.starts_with("**`alice@contoso.example` could not sign in: it stopped in stage 4,"));
    CHECK(text.find("### Cause: The password of `CONTOSO\\alice` was refused") < text.find("<details>"));
    CHECK(text.find("What to do:\n\n- user: Type the password again") < text.find("<details>"));
    CHECK(text.find("<summary>Stages</summary>") != std::string::npos);
    CHECK(text.find("- `not_reached`: `provisioning.login`") != std::string::npos);
}

TEST_CASE("a ticket never gets longer than one may be, and says what is left out") {
    auto r = samples::stopped();
    for (int i = 0; i < 300; ++i) {
        auto f = r.verdict.findings[0];
        f.subject = std::to_string(i);
        f.explanation = std::string(5000, '`');
        r.verdict.findings.push_back(f);
        r.verdict.root_causes.push_back({f.id, f.subject, f.certainty});
        r.trace.spans.push_back(r.trace.spans[4]);
    }
    const auto text = to_markdown(r);
    CHECK(text.size() <= 60'000);
    CHECK(text.find("more are left out here: see the JSON report") != std::string::npos);
    CHECK(text.ends_with("</details>\n"));
}
