#include "signin/registration/certificate_choice.hpp"

#include "options.hpp"

using namespace ucsignin;
using namespace ucsignin::signin::registration;
using tests::verdict_on;
using tests::why;
using trace::verdict;
using ticket = auth::service_port::ticket;

namespace {
constexpr auto kept_one = "the kept certificate", new_one = "a new certificate";
}

TEST_CASE("a kept certificate is taken while it is good, else a new one is fetched") {
    auth::user_certificate good;
    good.facts.not_after = 1767225600;
    const auto kept = decide_certificate(good);
    CHECK(kept.chosen == kept_one);
    CHECK(why(kept, kept_one) == "it is this user's and good until 2026-01-01");
    CHECK(verdict_on(kept, new_one) == verdict::not_tried);

    const kept_certificate old = std::unexpected(signin::cache_fault{"expired", "it ended on 2026-01-01"});
    const auto fresh = decide_certificate(old);
    CHECK(fresh.chosen == new_one);
    CHECK(verdict_on(fresh, kept_one) == verdict::failed);
    CHECK(why(fresh, kept_one) == "it ended on 2026-01-01");
    CHECK(decide_certificate(std::nullopt).considered.empty());
}

TEST_CASE("a kept certificate that is refused is replaced while the connection is open") {
    const auto at_once = decide_after_refusal("401", true);
    CHECK(at_once.chosen == new_one);
    CHECK(why(at_once, kept_one) == "the server does not accept it: 401");
    const auto later = decide_after_refusal("401", false);
    CHECK(later.chosen == "");
    CHECK(verdict_on(later, new_one) == verdict::not_tried);
    CHECK(why(later, new_one) == "the server closed the connection: it is left to the next sign-in");
}

TEST_CASE("a certificate is ordered with proof of possession where that is offered") {
    auth::service_metadata m;
    m.ports = {
        {"Bearer", "https://a", ticket::bearer, "https://i"},
        {"Proof", "https://b", ticket::proof, "https://i"},
        {"Windows", "https://c", ticket::none, ""}};
    const auto proof = decide_port(m, choose_port(m));
    CHECK(proof.chosen == "Proof");
    CHECK(why(proof, "Bearer") == "a ticket with proof of possession comes first");
    CHECK(why(proof, "Windows") == "it accepts no web ticket");
    m.ports[1].wants = ticket::none;
    const auto bearer = decide_port(m, choose_port(m));
    CHECK(bearer.chosen == "Bearer");
    CHECK(why(bearer, "Bearer") == "it accepts a ticket as it is, and none requires proof of possession");
    m.ports[0].wants = ticket::none;
    CHECK(choose_port(m) == nullptr);
    m.ports.push_back({"CertProvisioningServiceWebTicketProof_SHA1", "https://d", ticket::proof, "https://i"});
    m.ports.push_back({"Other", "https://e", ticket::proof, "https://i"});
    const auto by_name = decide_port(m, choose_port(m));
    CHECK(by_name.chosen == "CertProvisioningServiceWebTicketProof_SHA1");
    CHECK(why(by_name, "Other") == "another one comes first");
}
