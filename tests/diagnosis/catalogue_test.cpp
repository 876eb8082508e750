#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "ucsignin/diagnosis.hpp"

using namespace ucsignin::diagnosis;

namespace {

std::size_t longest_line(const std::string& text) {
    std::size_t longest = 0, start = 0;
    while (start < text.size()) {
        const auto end = std::min(text.find('\n', start), text.size());
        longest = std::max(longest, end - start);
        start = end + 1;
    }
    return longest;
}

// Words of a text that are ids.
std::set<std::string_view> entries_named_in(std::string_view text) {
    std::set<std::string_view> named;
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789-";
    for (auto at = text.find_first_of(letters); at != text.npos; at = text.find_first_of(letters, at)) {
        const auto word = text.substr(at, text.find_first_not_of(letters, at) - at);
        if (find_entry(word)) named.insert(word);
        at += word.size();
    }
    return named;
}

}  // namespace

TEST_CASE("an id says what the finding is about, and stands once") {
    const std::set<std::string_view> subjects{
        "local",   "dns",      "ad",       "net",        "tls",     "wt",  "certprov", "credentials", "reg",
        "server",  "prov",     "mras",     "relay",      "address", "sub", "roaming",  "contacts",    "message",
        "publish", "category", "presence", "federation", "limited", "ex",  "w"};
    std::set<std::string_view> seen;
    for (const auto& e : catalogue()) {
        INFO(e.id);
        CHECK(seen.insert(e.id).second);
        CHECK(e.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == e.id.npos);
        CHECK(subjects.contains(e.id.substr(0, e.id.find('-'))));
    }
}

TEST_CASE("entries stand in the order of the stages") {
    CHECK(std::ranges::is_sorted(catalogue(), {}, &catalogue_entry::stage));
}

TEST_CASE("the look-alikes of an entry are those that its text names") {
    for (const auto& e : catalogue()) {
        INFO(e.id);
        std::set<std::string_view> listed;
        for (const auto id : e.look_alike_ids)
            if (!id.empty()) CHECK(listed.insert(id).second);
        CHECK(entries_named_in(e.look_alikes) == listed);
    }
}

TEST_CASE("what comes before all servers is of the stages before them, or of the way to autodiscover") {
    for (const auto& e : catalogue()) {
        INFO(e.id);
        if (e.standing.before_servers != 0) CHECK(e.stage <= 3);
        CHECK(e.standing.before_servers >= 0);
    }
}

TEST_CASE("every entry says what it means, who repairs it, how, and how to see it") {
    for (const auto& e : catalogue()) {
        INFO(e.id);
        CHECK(!e.title.empty());
        CHECK(e.meaning.size() > 15);
        CHECK(!e.who.empty());
        CHECK(!e.remedy.empty());
        CHECK(!e.check.empty());
        CHECK(!e.look_alikes.empty());
        CHECK(e.stage >= 1);
        CHECK(e.stage <= 5);
    }
}

TEST_CASE("entries hold only placeholders that a finding can fill") {
    const std::set<std::string> known{
        "user", "login",    "domain", "host",  "port",    "address",           "server",      "pool",
        "sts",  "resolver", "proxy",  "allow", "account", "account_attribute", "wanted_names"};
    for (const auto& e : catalogue())
        for (const auto text : {e.title, e.meaning, e.remedy, e.check}) {
            INFO(e.id);
            for (auto open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
                const auto close = text.find('}', open);
                REQUIRE(close != text.npos);
                const std::string name(text.substr(open + 1, close - open - 1));
                if (name.find(' ') == name.npos) CHECK(known.count(name) == 1);
            }
        }
}

TEST_CASE("every finding's page says what makes it certain, or why nothing does") {
    int limited = 0;
    for (const auto& e : catalogue()) {
        INFO(e.id);
        CHECK(!e.grounds.because.empty());
        const auto page = explain(e);
        CHECK((page.find("What makes it certain") != page.npos) == e.grounds.can_decide());
        CHECK((page.find("Why it is never certain") != page.npos) == !e.grounds.can_decide());
        limited += !e.grounds.can_decide();
    }
    CHECK(limited > 20);
    CHECK_FALSE(find_entry("reg-wrong-password")->grounds.can_decide());
    CHECK(find_entry("tls-expired")->grounds.can_decide());
}

TEST_CASE("an id that is not in the catalogue is not found") {
    CHECK(find_entry("tls-expired") != nullptr);
    CHECK(find_entry("tls-expire") == nullptr);
    CHECK(find_entry("") == nullptr);
}

TEST_CASE("every entry explains itself within 80 columns, without braces around names") {
    for (const auto& e : catalogue()) {
        INFO(e.id);
        const auto page = explain(e);
        CHECK(longest_line(page) <= 80);
        CHECK(page.find(std::string(e.id) + "\n") == 0);
        CHECK(page.find("{host}") == page.npos);
    }
}

TEST_CASE("a page names stage, severity, repairer and look-alikes") {
    const auto page = explain(*find_entry("net-tcp-refused"));
    CHECK(page.find("Nothing listens at <host>:<port>") != page.npos);
    CHECK(page.find("stage 3 (connection), failure") != page.npos);
    CHECK(page.find("SfB admin") != page.npos);
    CHECK(page.find("net-tcp-filtered") != page.npos);
}
