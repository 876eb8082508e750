#include <algorithm>
#include <catch2/catch.hpp>

#include "report/pseudonyms.hpp"
#include "report/vocabulary.hpp"
#include "ucsignin/chart.hpp"
#include "ucsignin/diagnosis.hpp"

using namespace ucsignin;

TEST_CASE("the vocabulary is sorted, since words are looked up in it") {
    CHECK(std::ranges::is_sorted(report::vocabulary()));
    CHECK(report::vocabulary().size() > 3000);
}

TEST_CASE("the vocabulary holds our words, and no name of a person, a place or a made-up site") {
    for (const auto* word :
         {"refused", "NXDOMAIN", "registration.web_ticket", "reg-wrong-password", "client's", "/etc/hosts",
          "DOMAIN\\user", "true"}) {
        INFO(word);
        CHECK(report::is_ours(word));
    }
    for (const auto* word : {"alice",         "Alice",
                             "bob",           "Bob",
                             "Adams",         "Brown",
                             "Smith",         "Will",
                             "Mark",          "Page",
                             "April",         "June",
                             "May",           "Jan",
                             "contoso",       "Contoso",
                             "CONTOSO",       "fabrikam",
                             "Fabrikam",      "Berlin",
                             "hotel",         "alice@contoso.example",
                             "CONTOSO\\alice"}) {
        INFO(word);
        CHECK_FALSE(report::is_ours(word));
    }
}

// What stands in the program's own tables, with nothing of a run in it, has nothing to hide.
TEST_CASE("the texts of the chart and of the catalogue stay as they are") {
    report::pseudonyms p;
    const auto stays = [&p](std::string_view text) { CHECK(p.text(text) == text); };
    for (const auto& n : chart::nodes()) {
        for (const auto text : {n.id, n.title, n.question}) stays(text);
        for (const auto& b : n.branches()) {
            stays(b.name);
            stays(b.meaning);
        }
    }
    for (const auto& e : diagnosis::catalogue())
        for (const auto text : {e.id, e.title, e.meaning, e.who, e.remedy, e.look_alikes})
            if (text.find('{') == std::string_view::npos) stays(text);
}
