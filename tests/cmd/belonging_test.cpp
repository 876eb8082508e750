// Manual pages and completions of a small table: read off a parser, and compared with files that people have looked at.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "completions.hpp"
#include "manual.hpp"

using namespace ucsignin::cmd;

namespace {

struct small_program {
    CLI::App app{"Does one thing. It does it well."};
    std::string text;
    std::vector<std::string> many;
    bool flag = false;

    small_program() {
        app.name("ucsignin");
        app.set_version_flag("--version", "1");
        app.footer("Examples:\n  ucsignin ask 'x'\n\nExit codes: 0");
        auto* ask = app.add_subcommand("ask", "Ask for the user's [name]: at most once");
        ask->add_option("ADDRESS", text, "user@domain")->required();
        ask->add_option("--how", text, "loud or\nquiet")->check(CLI::IsMember({"loud", "quiet"}));
        ask->add_option("--json", text, "where. It isn't shown");
        ask->add_option("--server", many, "may be repeated");
        ask->add_flag("-q,--quiet", flag, ".hidden by a dot, C:\\ too");
        ask->footer("It asks.\n\nExample:\n  ucsignin ask a@b\n  .x");
        auto* explain = app.add_subcommand("explain", "Explain");
        explain->add_option("ID", text, "of what");
        mark_values(app);
    }
    [[nodiscard]] command_table table() const { return read_table(app); }
};

std::string golden(const std::string& name) {
    std::ifstream file(std::string(GOLDEN_FOLDER) + "/" + name);
    std::ostringstream all;
    all << file.rdbuf();
    return all.str();
}

const option_row& row(const command_table& table, std::string_view name) {
    const auto& all = table.commands.at(0).options;
    return *std::ranges::find_if(all, [&](const auto& o) { return o.long_name == name || o.place == name; });
}

}  // namespace

TEST_CASE("the table is what the parser has") {
    const small_program program;
    const auto table = program.table();
    REQUIRE(table.commands.size() == 2);
    CHECK(table.commands[0].name == "ask");
    CHECK(row(table, "--how").words == std::vector<std::string>{"loud", "quiet"});
    CHECK(row(table, "--how").description == "loud or quiet");
    CHECK(row(table, "--json").kind == value_kind::file);
    CHECK(row(table, "--server").repeatable);
    CHECK(row(table, "--quiet").short_name == "-q");
    CHECK(row(table, "--quiet").kind == value_kind::none);
    CHECK(row(table, "ADDRESS").required);
    CHECK(table.commands[1].options.back().kind == value_kind::finding);
}

// To renew a file after looking at what changed: the test writes what it got beside its own program.
TEST_CASE("scripts and pages are those that were looked at") {
    const small_program program;
    const auto table = program.table();
    for (const auto& [name, text] :
         {std::pair<std::string, std::string>{"small.ps1", powershell_completions(table)},
          {"small.bash", bash_completions(table)},
          {"small.zsh", zsh_completions(table)},
          {"small.fish", fish_completions(table)},
          {"small.1", manual_of_program(table, "November 30, 2026")},
          {"small-ask.1", manual_of(table.commands[0], "November 30, 2026")}}) {
        std::ofstream(name) << text;
        INFO(name);
        CHECK(text == golden(name));
    }
}
