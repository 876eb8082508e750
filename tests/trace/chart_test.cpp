#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>

#include "ucsignin/chart.hpp"

namespace chart = ucsignin::chart;

namespace {

bool is_word(std::string_view text) {
    return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

}  // namespace

TEST_CASE("every id is there once") {
    std::set<std::string_view> ids;
    for (const auto& n : chart::nodes()) {
        INFO(n.id);
        CHECK(ids.insert(n.id).second);
    }
    CHECK(ids.size() == chart::nodes().size());
}

TEST_CASE("an id begins with the name of its stage") {
    for (const auto& n : chart::nodes()) {
        INFO(n.id);
        CHECK(n.id.starts_with(std::string(chart::stage_name(n.stage)) + "."));
    }
}

TEST_CASE("nodes stand in the order of the stages") {
    int stage = 1;
    for (const auto& n : chart::nodes()) {
        INFO(n.id);
        CHECK(n.stage >= stage);
        stage = n.stage;
    }
    CHECK(stage == 5);
}

TEST_CASE("the steps that the sign-in rests on come in the order in which the client takes them") {
    const char* const order[] = {
        "devices.adapters",
        "devices.route",
        "discovery.sip_domain",
        "discovery.autodiscover_internal",
        "discovery.autodiscover_external",
        "discovery.srv_internal",
        "discovery.srv_external",
        "discovery.host_internal",
        "discovery.host_sip",
        "discovery.host_external",
        "discovery.candidates",
        "connection.tcp",
        "connection.tls",
        "connection.certificate",
        "registration.first_register",
        "registration.challenge",
        "registration.web_ticket",
        "registration.user_certificate",
        "registration.dsk_handshake",
        "registration.signed_register",
        "registration.confirmed",
        "provisioning.login",
        "provisioning.subscription",
        "provisioning.presentity",
        "provisioning.sign_out"};
    int last = -1;
    for (const auto* id : order) {
        INFO(id);
        CHECK(chart::position(id) > last);
        last = chart::position(id);
    }
}

TEST_CASE("every branch leads to a node that exists, or nowhere") {
    for (const auto& n : chart::nodes())
        for (const auto& b : n.branches()) {
            INFO(n.id << " " << b.name);
            CHECK((b.leads_to.empty() || chart::find(b.leads_to) != nullptr));
        }
}

TEST_CASE("every node is led to by another one, but for the first and those beside the way") {
    std::set<std::string_view> reached{chart::nodes().front().id, "discovery.cross_check",  "connection.revocation",
                                       "connection.versions",     "connection.cross_check", "registration.cross_check"};
    for (const auto& n : chart::nodes())
        for (const auto& b : n.branches()) reached.insert(b.leads_to);
    for (const auto& n : chart::nodes()) {
        INFO(n.id);
        CHECK(reached.contains(n.id));
    }
}

TEST_CASE("only redirects, links to the home server and tickets for discovery lead backwards or astray") {
    const std::set<std::string> allowed{
        "discovery.autodiscover_root redirect", "discovery.autodiscover_user redirect", "registration.redirect there"};
    for (const auto& n : chart::nodes())
        for (const auto& b : n.branches())
            if (!b.leads_to.empty() && chart::position(b.leads_to) <= chart::position(n.id)) {
                const auto edge = std::string(n.id) + " " + std::string(b.name);
                INFO(edge);
                CHECK(allowed.contains(edge));
            }
}

TEST_CASE("every node has a question, a title, and at least two branches with different names") {
    for (const auto& n : chart::nodes()) {
        INFO(n.id);
        CHECK_FALSE(n.title.empty());
        CHECK(n.question.ends_with("?"));
        std::set<std::string_view> names;
        for (const auto& b : n.branches()) {
            CHECK(is_word(b.name));
            CHECK_FALSE(b.meaning.empty());
            CHECK(names.insert(b.name).second);
        }
        CHECK(names.size() >= 2);
    }
}

TEST_CASE("the blog's stages are the known six, marked where a node is ours") {
    const std::map<std::string_view, int> stages{{"hardware", 1}, {"discovery", 2},  {"register", 4},
                                                 {"login", 5},    {"setting_up", 5}, {"afterthoughts", 5}};
    for (const auto& n : chart::nodes()) {
        INFO(n.id);
        const auto blog = n.ours() ? n.blog_stage.substr(0, n.blog_stage.size() - 1) : n.blog_stage;
        CHECK(stages.contains(blog));
    }
}

TEST_CASE("a node is a gate only on a candidate's way, and signs in only by a branch that it has") {
    for (const auto& n : chart::nodes()) {
        INFO(n.id);
        if (n.role.gate) CHECK(n.stage >= 3);
        if (n.role.is_needed()) CHECK(n.role.gate);
        for (const auto branch : n.role.signed_in_by)
            if (!branch.empty()) CHECK(n.find(branch) != nullptr);
    }
}

TEST_CASE("a stage's result has one best place, and no two places of the same rank") {
    std::map<int, std::set<int>> places;
    for (const auto& n : chart::nodes())
        if (n.role.main_fact != 0) CHECK(places[n.stage].insert(n.role.main_fact).second);
    REQUIRE(places.size() == 5);
    for (const auto& [stage, ranks] : places) {
        CHECK(*ranks.begin() == 1);
        CHECK(*ranks.rbegin() == static_cast<int>(ranks.size()));
    }
}

TEST_CASE("stages have names and numbers that belong together") {
    for (int stage = 1; stage <= 5; ++stage) CHECK(chart::stage_number(chart::stage_name(stage)) == stage);
    CHECK(chart::stage_number("afterlife") == 0);
    CHECK(chart::stage_number("") == 0);
}

TEST_CASE("nodes and branches are found by name only") {
    static_assert(chart::find("connection.tcp")->stage == 3);
    static_assert(chart::find("connection.udp") == nullptr);
    CHECK(chart::position("connection.udp") == -1);
    CHECK(chart::find("connection.tcp")->find("refused") != nullptr);
    CHECK(chart::find("connection.tcp")->find("ref") == nullptr);
}
