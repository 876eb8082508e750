#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "ucsignin/chart.hpp"

namespace chart = ucsignin::chart;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string graph_id(std::string_view id) {
    std::string out(id);
    std::ranges::replace(out, '.', '_');
    return out;
}

std::vector<std::string> lines(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);) out.push_back(line);
    return out;
}

}  // namespace

TEST_CASE("the text names every node under its stage") {
    const auto text = chart::to_text(false);
    CHECK(text.starts_with("Stage 1: devices\n  devices.camera  Is there a camera?\n"));
    for (const auto& n : chart::nodes()) CHECK(has(text, "\n  " + std::string(n.id) + "  "));
    CHECK(has(text, "\nStage 5: provisioning\n"));
    CHECK_FALSE(has(text, "connected: "));
}

TEST_CASE("the text with branches says where the sign-in ends") {
    const auto text = chart::to_text(true);
    CHECK(has(text, "    refused: nothing listens there: RST -- ends here\n"));
    CHECK(has(text, "    connected: it answers\n"));
}

TEST_CASE("Mermaid declares every node once and draws only arrows between declared nodes") {
    const auto text = chart::to_mermaid();
    CHECK(text.starts_with("flowchart TD\n"));
    std::set<std::string> declared;
    for (const auto& line : lines(text))
        if (const auto at = line.find("[\""); at != std::string::npos)
            CHECK(declared.insert(line.substr(4, at - 4)).second);
    CHECK(declared.size() == chart::nodes().size());
    for (const auto& line : lines(text)) {
        const auto arrow = line.find(" -->|\"");
        if (arrow == std::string::npos) continue;
        INFO(line);
        CHECK(declared.contains(line.substr(2, arrow - 2)));
        CHECK(declared.contains(line.substr(line.rfind("| ") + 2)));
    }
}

TEST_CASE("graph ids of different nodes differ") {
    std::set<std::string> ids;
    for (const auto& n : chart::nodes()) CHECK(ids.insert(graph_id(n.id)).second);
}

TEST_CASE("branches that lead to the same node share an arrow") {
    CHECK(has(chart::to_mermaid(), "  devices_default_video -->|\"set, nothing_to_set\"| devices_adapters\n"));
    CHECK(has(chart::to_dot(), "  devices_default_video -> devices_adapters [label=\"set, nothing_to_set\"];\n"));
}

TEST_CASE("dot is one balanced graph with a cluster for each stage") {
    const auto text = chart::to_dot();
    CHECK(text.starts_with("digraph sign_in {\n"));
    CHECK(text.ends_with("}\n"));
    CHECK(std::ranges::count(text, '{') == std::ranges::count(text, '}'));
    CHECK(std::ranges::count(text, '"') % 2 == 0);
    for (int stage = 1; stage <= 5; ++stage)
        CHECK(has(text, "subgraph cluster_" + std::string(chart::stage_name(stage)) + " {"));
}

TEST_CASE("JSON holds every node with its branches, and null where a branch ends") {
    const auto j = nlohmann::json::parse(chart::to_json());
    CHECK(j["format"] == "ucsignin-chart/1");
    REQUIRE(j["nodes"].size() == chart::nodes().size());
    for (std::size_t i = 0; i < chart::nodes().size(); ++i) {
        const auto& n = chart::nodes()[i];
        CHECK(j["nodes"][i]["id"] == n.id);
        CHECK(j["nodes"][i]["branches"].size() == n.branches().size());
    }
    const auto& tcp = j["nodes"][static_cast<std::size_t>(chart::position("connection.tcp"))];
    CHECK(tcp["branches"][0]["leads_to"] == "connection.tls");
    CHECK(tcp["branches"][2]["leads_to"].is_null());
    CHECK(tcp["blog_stage"] == "discovery");
    CHECK(tcp["ours"] == false);
}
