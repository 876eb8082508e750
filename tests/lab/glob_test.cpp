#include <catch2/catch.hpp>

#include "lab/glob.hpp"

using ucsignin::lab::matches_glob;

TEST_CASE("a pattern without stars is the text itself, in any case") {
    CHECK(matches_glob("sip.contoso.example", "SIP.contoso.example"));
    CHECK_FALSE(matches_glob("sip.contoso.example", "sip.contoso.example.net"));
    CHECK_FALSE(matches_glob("sip", ""));
    CHECK(matches_glob("", ""));
}

TEST_CASE("a star stands for any number of characters") {
    CHECK(matches_glob("*", ""));
    CHECK(matches_glob("*", "anything"));
    CHECK(matches_glob("/WebTicket/*", "/webticket/WebTicketService.svc/mex"));
    CHECK(matches_glob("*.svc*", "/CertProv/CertProvisioningService.svc"));
    CHECK(matches_glob("*/mex", "/a/mex/b/mex"));
    CHECK_FALSE(matches_glob("*/mex", "/a/mex/b"));
    CHECK(matches_glob("_sip*.*", "_sipinternaltls._tcp"));
}

TEST_CASE("many stars take no more than quadratic time") {
    const std::string text(2000, 'a');
    CHECK_FALSE(matches_glob("*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}
