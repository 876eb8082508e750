#include <catch2/catch.hpp>

#include "reached.hpp"
#include "signin/registration/confirmation.hpp"

using namespace ucsignin;
using namespace ucsignin::signin::registration;

TEST_CASE("Edge and pool are named as far as the answers tell") {
    const auto check = [](const edge_verdict& seen, std::string_view branch) {
        CHECK(seen.branch.name() == branch);
        tests::reached("registration.edge_pool", branch);
    };
    check(judge_edge("fe01.contoso.example", true, "sip.contoso.example"), "named");
    check(judge_edge("fe01.contoso.example", false, "pool01.contoso.example"), "internal");
    check(judge_edge("", true, "sip.contoso.example"), "unclear");
    CHECK(
        judge_edge("fe01.contoso.example", true, "sip.contoso.example").summary ==
        "through the Edge sip.contoso.example at fe01.contoso.example");
}
