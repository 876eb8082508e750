// The registry is read as text as well: C++ can't list the variables of a namespace.

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "trace/evidence.hpp"

using namespace ucsignin::trace;

namespace {

struct entry {
    std::string variable, name, kind, from, unit, doc;
};

std::vector<entry> registry() {
    static const std::regex line(
        R"re(inline constexpr (?:text_name|whole_number|fraction|flag|evidence_name<code_word<\w+>>) (\w+)\{\{"([^"]*)", (\w+), (\w+), "([^"]*)", "([^"]*)"\}\};)re");
    std::vector<entry> all;
    for (const auto& file : std::filesystem::directory_iterator(UCSIGNIN_EVIDENCE_FOLDER)) {
        if (!file.path().filename().string().starts_with("evidence")) continue;
        std::ifstream in(file.path());
        for (std::string text; std::getline(in, text);)
            if (std::smatch m; std::regex_search(text, m, line)) all.push_back({m[1], m[2], m[3], m[4], m[5], m[6]});
    }
    return all;
}

}  // namespace

TEST_CASE("every evidence name is there once, dotted and in lower case") {
    const std::regex dotted(R"([a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*)");
    std::set<std::string> names;
    const auto all = registry();
    REQUIRE(all.size() > 100);
    for (const auto& e : all) {
        INFO(e.name);
        CHECK(std::regex_match(e.name, dotted));
        CHECK(names.insert(e.name).second);
        CHECK_FALSE(e.doc.empty());
    }
}

TEST_CASE("no name of the registry could hold a secret") {
    // Counts and refusals of the password are no secret; its value has no name.
    const std::set<std::string> counts{
        "ucsignin.password.uses", "ucsignin.password.refused", "ucsignin.password.unjudged"};
    for (const auto& e : registry())
        for (const auto* secret : {"password", "private_key", "session_key", "token", "authorization", "cookie"}) {
            INFO(e.name << " " << secret);
            CHECK((e.name.find(secret) == std::string::npos || counts.contains(e.name)));
        }
}

TEST_CASE("a unit stands only with numbers") {
    for (const auto& e : registry()) {
        INFO(e.name);
        CHECK((e.unit.empty() || e.kind == "number"));
    }
}

TEST_CASE("kinds and provenances of the registry are those that a report can hold") {
    for (const auto& e : registry()) {
        CHECK(value_kind_from(e.kind));
        CHECK(provenance_from(e.from));
    }
}
