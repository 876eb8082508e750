#include "ucsignin/chart.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ucsignin::chart {
namespace {

constexpr std::array<std::string_view, 5> stage_names{
    "devices", "discovery", "connection", "registration", "provisioning"};

// Mermaid and dot ids may not hold dots.
std::string graph_id(std::string_view id) {
    std::string out(id);
    std::ranges::replace(out, '.', '_');
    return out;
}

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

// Every edge once: branches that lead to the same node share an arrow.
template <class Draw>
void for_each_edge(const node& from, Draw draw) {
    for (const auto& b : from.branches()) {
        if (b.leads_to.empty()) continue;
        const auto first = std::ranges::find(from.branches(), b.leads_to, &branch::leads_to);
        if (first->name != b.name) continue;
        std::string label;
        for (const auto& same : from.branches())
            if (same.leads_to == b.leads_to) label += (label.empty() ? "" : ", ") + std::string(same.name);
        draw(b.leads_to, label);
    }
}

}  // namespace

std::span<const node> nodes() { return all_nodes; }

std::string_view stage_name(int stage) { return stage_names.at(static_cast<std::size_t>(stage - 1)); }

int stage_number(std::string_view name) {
    const auto at = std::ranges::find(stage_names, name);
    return at == stage_names.end() ? 0 : static_cast<int>(at - stage_names.begin()) + 1;
}

std::string to_text(bool with_branches) {
    std::string out;
    int stage = 0;
    for (const auto& n : nodes()) {
        if (n.stage != stage) {
            stage = n.stage;
            out += (stage > 1 ? "\n" : "") + std::string("Stage ") + std::to_string(stage) + ": " +
                   std::string(stage_name(stage)) + "\n";
        }
        out += "  " + std::string(n.id) + "  " + std::string(n.question);
        if (!n.implemented) out += "  (not part of this version)";
        out += "\n";
        if (!with_branches) continue;
        for (const auto& b : n.branches()) {
            out += "    " + std::string(b.name) + ": " + std::string(b.meaning);
            out += b.leads_to.empty() ? " -- ends here\n" : "\n";
        }
    }
    return out;
}

std::string to_mermaid() {
    std::string out = "flowchart TD\n";
    for (int stage = 1; stage <= 5; ++stage) {
        out += "  subgraph " + std::string(stage_name(stage)) + "\n";
        for (const auto& n : nodes())
            if (n.stage == stage) out += "    " + graph_id(n.id) + "[" + in_quotes(n.title) + "]\n";
        out += "  end\n";
    }
    for (const auto& n : nodes())
        for_each_edge(n, [&](std::string_view to, const std::string& label) {
            out += "  " + graph_id(n.id) + " -->|" + in_quotes(label) + "| " + graph_id(to) + "\n";
        });
    return out;
}

std::string to_dot() {
    std::string out = "digraph sign_in {\n  rankdir=TB;\n  node [shape=box];\n";
    for (int stage = 1; stage <= 5; ++stage) {
        out += "  subgraph cluster_" + std::string(stage_name(stage)) +
               " {\n    label=" + in_quotes(stage_name(stage)) + ";\n";
        for (const auto& n : nodes())
            if (n.stage == stage) out += "    " + graph_id(n.id) + " [label=" + in_quotes(n.title) + "];\n";
        out += "  }\n";
    }
    for (const auto& n : nodes())
        for_each_edge(n, [&](std::string_view to, const std::string& label) {
            out += "  " + graph_id(n.id) + " -> " + graph_id(to) + " [label=" + in_quotes(label) + "];\n";
        });
    return out + "}\n";
}

std::string to_json() {
    auto list = nlohmann::ordered_json::array();
    for (const auto& n : nodes()) {
        auto branches = nlohmann::ordered_json::array();
        for (const auto& b : n.branches())
            branches.push_back(
                {{"name", b.name},
                 {"meaning", b.meaning},
                 {"leads_to", b.leads_to.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(b.leads_to)}});
        const auto blog = n.ours() ? n.blog_stage.substr(0, n.blog_stage.size() - 1) : n.blog_stage;
        list.push_back(
            {{"id", n.id},
             {"stage", n.stage},
             {"stage_id", stage_name(n.stage)},
             {"blog_stage", blog},
             {"ours", n.ours()},
             {"title", n.title},
             {"question", n.question},
             {"implemented", n.implemented},
             {"branches", branches}});
    }
    return nlohmann::ordered_json{{"format", "ucsignin-chart/1"}, {"nodes", list}}.dump(2) + "\n";
}

}  // namespace ucsignin::chart
