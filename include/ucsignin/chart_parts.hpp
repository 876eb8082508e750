#pragma once
// What the chart is made of: a node, its branches, its role.

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace ucsignin::chart {

struct branch {
    std::string_view name;      // as in reports and scenarios
    std::string_view meaning;   // one line for people
    std::string_view leads_to;  // the node that comes next; empty: the sign-in can't go on from here on this candidate
};

inline constexpr std::size_t most_branches = 14;

// What a node is to the sign-in as a whole.
struct role {
    bool gate = false;  // a failure there ends the candidate
    int main_fact = 0;  // the stage's result stands at the lowest of its nodes that ran; 0: never there
    std::array<std::string_view, 2>
        signed_in_by{};  // nobody is signed in without one of these branches; none: as it may

    [[nodiscard]] constexpr bool is_needed() const { return !signed_in_by[0].empty(); }
};

struct node {
    std::string_view id;          // "connection.tcp"; the part before the dot is the stage's name
    int stage;                    // 1 to 5
    std::string_view blog_stage;  // where the published chart has it; "+" behind it: a node of ours
    std::string_view title;
    std::string_view question;
    bool implemented;
    std::array<branch, most_branches> branch_data;
    chart::role role{};

    [[nodiscard]] constexpr std::span<const branch> branches() const {
        std::size_t count = 0;
        while (count < most_branches && !branch_data[count].name.empty()) ++count;
        return {branch_data.data(), count};
    }
    [[nodiscard]] constexpr const branch* find(std::string_view name) const {
        for (const auto& b : branches())
            if (b.name == name) return &b;
        return nullptr;
    }
    [[nodiscard]] constexpr bool ours() const { return blog_stage.ends_with('+'); }
};

}  // namespace ucsignin::chart
