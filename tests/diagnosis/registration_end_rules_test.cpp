// How a registration that came about is limited, and how it ended.
#include <catch2/catch.hpp>

#include "trace_builder.hpp"
#include "trace/evidence_provisioning.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

verdict ended(const char* branch, std::initializer_list<noted> facts) {
    auto t = signed_in();
    return t.failed("registration.kept", branch, "", facts).judge();
}

verdict kept(const char* said, const char* contacts) {
    auto t = signed_in();
    t.add("registration.kept", "kept", trace::outcome::warning, "", {{ev::candidate, edge}, {ev::deregistered, said}});
    t.add(
        "provisioning.contacts", contacts,
        contacts == std::string_view("server") ? trace::outcome::ok : trace::outcome::failed, "",
        {{ev::candidate, edge}, {ev::sip_status, contacts == std::string_view("server") ? 200 : 503}});
    return t.judge();
}

}  // namespace

TEST_CASE("the event word tells where no number does; a word that is not known tells little") {
    const auto by = [](const char* event) {
        return ended("dropped", {{ev::candidate, edge}, {ev::deregistered, event}});
    };
    CHECK(root_of(by("unregistered")) == "reg-endpoint-limit");
    CHECK(by("unregistered").root_causes.front().certainty == certainty::likely);
    const auto services = by("userservices-unavailable");
    CHECK(root_of(services) == "reg-backup-registrar-limited");
    CHECK(services.findings.front().title.find("user services are unavailable") != std::string::npos);
    const auto odd = by("probation");
    CHECK(odd.root_causes.front().certainty == certainty::possible);
    CHECK(odd.findings.front().title == "The server ended the registration of alice@contoso.example: 'probation'");
}

TEST_CASE("the server ends the registration, and what it refuses right after is no cause of its own") {
    struct row {
        const char *branch, *event, *gate;
        int status;
        const char* root;
    };
    for (const auto& [branch, event, gate, status, root] :
         {row{"moved", "deactivated", "refused", 480, "reg-user-moved"},
          row{"disabled", "rejected", "refused", 403, "reg-deregistered-disabled"},
          row{"moved", "deactivated", "silent", 0, "reg-user-moved"}}) {
        INFO(event << ' ' << status);
        auto t = up_to_challenge();
        t.with_certificate(edge).registered(edge);
        if (status != 0)
            t.failed("provisioning.subscription", gate, "", {{ev::candidate, edge}, {ev::sip_status, status}});
        else t.failed("provisioning.subscription", gate, "", {{ev::candidate, edge}, {ev::sip_error, "timed_out"}});
        t.failed("registration.kept", branch, "", {{ev::candidate, edge}, {ev::deregistered, event}});
        const auto v = t.judge();
        CHECK(root_of(v) == root);
        CHECK(v.stopped_at == "provisioning.subscription");
        REQUIRE(v.findings.size() == 2);
        CHECK(v.findings.back().severity == severity::warning);
    }
}

TEST_CASE("kept, but without user services: a warning, unless something was lost by it") {
    const auto served = kept("registered;event=userservices-unavailable", "server");
    REQUIRE(find(served, "limited-functionality"));
    CHECK(find(served, "limited-functionality")->severity == severity::warning);
    CHECK(find(served, "limited-functionality")->certainty == certainty::likely);
    CHECK(served.root_causes.empty());
    const auto not_served = kept("registered;event=userservices-unavailable", "refused");
    CHECK(find(not_served, "limited-functionality")->severity == severity::failure);
    CHECK_FALSE(find(kept("registered;event=userservices-available", "server"), "limited-functionality"));
}

TEST_CASE("a backup registrar that serves everything is a warning") {
    auto t = signed_in();
    t.add(
        "registration.confirmed", "limited", trace::outcome::warning, "", {{ev::candidate, edge}, {ev::primary, "no"}});
    t.ok("provisioning.contacts", "server", "", {{ev::candidate, edge}, {ev::sip_status, 200}});
    const auto v = t.judge();
    REQUIRE(find(v, "reg-backup-registrar-limited"));
    CHECK(find(v, "reg-backup-registrar-limited")->severity == severity::warning);
    CHECK(v.root_causes.empty());
    auto refused = t;
    refused.failed("provisioning.contacts", "refused", "", {{ev::candidate, edge}, {ev::sip_status, 503}});
    CHECK(root_of(refused.judge()) == "reg-backup-registrar-limited");
}

TEST_CASE("a connection that ends while requests are under way was not too quiet") {
    const auto v = ended(
        "connection_lost", {{ev::candidate, edge},
                            {ev::deregistered, "connection_lost"},
                            {ev::connections_lost, 2},
                            {ev::connection_idle, 0.1},
                            {ev::connection_age, 0.4}});
    CHECK(root_of(v) == "reg-connection-lost");
    CHECK(rules_out(v, "reg-connection-lost", "net-idle-timeout-drop"));
    CHECK(v.findings.front().explanation.find("reported the event") == std::string::npos);
    const auto quiet = ended("connection_lost", {{ev::candidate, edge}, {ev::deregistered, "connection_lost"}});
    CHECK(root_of(quiet) == "net-idle-timeout-drop");
    CHECK(quiet.findings.front().explanation.find("reported the event") == std::string::npos);
}
