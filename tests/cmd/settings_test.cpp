#include <catch2/catch.hpp>

#include "settings.hpp"

using namespace ucsignin::cmd;

namespace {

const std::vector<std::string> sections{"diagnose", "lab"};

std::string fault_in(const std::string& text) {
    settings into;
    return read_config(text, "f", "diagnose", sections, into);
}

struct small_command {
    CLI::App app;
    CLI::App* command = app.add_subcommand("diagnose", "");
    std::string timeout = "30", auth, file;
    std::vector<std::string> resolvers;
    bool scan = false, from_input = false;

    explicit small_command(std::vector<std::string> words) {
        command->add_option("--timeout", timeout)->check(CLI::Range(1, 100));
        auto* auth_option = command->add_option("--auth", auth);
        command->add_option("--resolver", resolvers);
        command->add_flag("--tls-scan", scan)->needs(auth_option);
        auto* file_option = command->add_option("--password-file", file);
        command->add_flag("--password-stdin", from_input)->excludes(file_option);
        words.insert(words.begin(), "diagnose");
        std::ranges::reverse(words);
        app.parse(words);
    }
    std::string apply(settings first, settings second = {}) {
        return apply_settings(*command, {std::move(first), std::move(second)});
    }
};

}  // namespace

TEST_CASE("a file has sections, lines and remarks") {
    settings into;
    CHECK(
        read_config(
            "# ours\n[lab]\nlisten = 192.0.2.1\n\n[diagnose]\r\ntimeout = 20  # s\nresolver = [\"192.0.2.1\", "
            "192.0.2.2]\ntls-scan = true\n",
            "f", "diagnose", sections, into) == "");
    REQUIRE(into.size() == 3);
    CHECK(into["timeout"].values == std::vector<std::string>{"20"});
    CHECK(into["timeout"].origin == "f, line 6: timeout");
    CHECK(into["resolver"].values == std::vector<std::string>{"192.0.2.1", "192.0.2.2"});
}

TEST_CASE("what is wrong with a file is said with its line") {
    CHECK(fault_in("timeout = 20") == "f, line 1: it stands in no section; a line such as [diagnose] goes before it");
    CHECK(fault_in("\n[diagnos]") == "f, line 2: there is no section [diagnos]. Did you mean diagnose?");
    CHECK(fault_in("[diagnose]\ntimeout") == "f, line 2: an option is written NAME = VALUE");
    CHECK(fault_in("[diagnose]\n= 3") == "f, line 2: an option is written NAME = VALUE");
    CHECK(fault_in("[diagnose]\nresolver = [a,\nb]") == "f, line 2: a list ends in the line in which it begins");
    CHECK(fault_in("[diagnose]\nauth = a\nauth = b") == "f, line 3: auth stands there already");
    CHECK(fault_in("[diagnose") == "f, line 1: there is no section [diagnose.");
    CHECK(fault_in("[lab]\npassword = x").starts_with("f, line 2: a password is taken neither"));
}

TEST_CASE("what was typed stands over the first, and that over the second") {
    small_command c({"--timeout", "10"});
    CHECK(
        c.apply(
            {{"timeout", {{"20"}, "E"}}, {"auth", {{"ntlm"}, "E"}}},
            {{"auth", {{"kerberos"}, "f"}}, {"resolver", {{"a", "b"}, "f"}}, {"tls-scan", {{"true"}, "f"}}}) == "");
    CHECK(c.timeout == "10");
    CHECK(c.auth == "ntlm");
    CHECK(c.resolvers == std::vector<std::string>{"a", "b"});
    CHECK(c.scan);
}

TEST_CASE("what is ruled out by what was typed has no place") {
    small_command typed({"--password-stdin"});
    CHECK(typed.apply({{"password-file", {{"x"}, "f"}}, {"tls-scan", {{"true"}, "f"}}}) == "");
    CHECK(typed.file.empty());
    CHECK_FALSE(typed.scan);  // needs --auth
}

TEST_CASE("what an option can't be is said with where it stands") {
    CHECK(small_command({}).apply({{"timeout", {{"1000"}, "f, line 3: timeout"}}}).starts_with("f, line 3: timeout: "));
    CHECK(
        small_command({}).apply({{"tls-scan", {{"maybe"}, "f, line 1: tls-scan"}}, {"auth", {{"x"}, "f"}}}) ==
        "f, line 1: tls-scan: 'maybe' is neither true nor false");
    CHECK(
        small_command({}).apply({{"timeuot", {{"1"}, "f, line 2: timeuot"}}}) ==
        "f, line 2: timeuot: there is no such option. Did you mean timeout?");
    CHECK(
        small_command({}).apply({{"timeout", {{"1", "2"}, "f, line 3: timeout"}}}).starts_with("f, line 3: timeout: "));
}
