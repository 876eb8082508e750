#include <catch2/catch.hpp>

#include "reached.hpp"
#include "signin/registration/gss_exchange.hpp"

using namespace ucsignin;
using kind = auth::gss_failure::kind;

TEST_CASE("no ticket, a KDC that says no, and one that says nothing are told apart") {
    const auto check = [](kind what, std::string_view branch) {
        CHECK(signin::registration::kerberos_branch(what).name() == branch);
        tests::reached("registration.kerberos", branch);
    };
    check(kind::no_ticket, "none");
    check(kind::expired, "none");
    check(kind::unknown_service, "refused");
    check(kind::clock_skew, "refused");
    check(kind::refused, "refused");
    check(kind::unreachable, "kdc_unreachable");
    check(kind::timed_out, "kdc_unreachable");
}
