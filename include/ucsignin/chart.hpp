#pragma once
// The workflow chart as constant data: nodes (id, stage, title, question) and the branches out of each.
// It is the vocabulary of the trace, the reports and the scenarios; ids are a public interface.

#include <array>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "ucsignin/chart_nodes.hpp"

namespace ucsignin::chart {

[[nodiscard]] std::span<const node> nodes();            // in the order of the chart
[[nodiscard]] std::string_view stage_name(int stage);   // "devices" ... "provisioning"
[[nodiscard]] int stage_number(std::string_view name);  // 0 when there is no such stage

[[nodiscard]] constexpr int position(std::string_view id) {  // place in the chart, -1 when unknown
    for (std::size_t i = 0; i < std::size(all_nodes); ++i) {
        // A copy: under UBSan g++ 12 takes no comparison through the array's element for a constant expression.
        const std::string_view name = all_nodes[i].id;
        if (name == id) return static_cast<int>(i);
    }
    return -1;
}
[[nodiscard]] constexpr const node* find(std::string_view id) {
    const int at = position(id);
    return at < 0 ? nullptr : &all_nodes[at];
}

// A node named in code. A misspelt id does not compile.
class node_ref {
public:
    consteval node_ref(const char* id) : node_(&all_nodes[known(position(id))]) {}
    constexpr node_ref(const node& n) : node_(&n) {}
    [[nodiscard]] constexpr const node& operator*() const { return *node_; }
    [[nodiscard]] constexpr const node* operator->() const { return node_; }

private:
    static consteval std::size_t known(int at) {
        if (at < 0) throw std::logic_error("no such node in the chart");
        return static_cast<std::size_t>(at);
    }
    const node* node_;
};

// A node that a trace is asked for. In code it is one of the chart, and a misspelt id does not compile; a trace from
// elsewhere may name others, which by_name() looks for.
class sought_node {
public:
    consteval sought_node(const char* id) : id_(id) { [[maybe_unused]] const node_ref known(id); }
    constexpr sought_node(node_ref known) : id_(known->id) {}
    constexpr sought_node(const node& known) : id_(known.id) {}
    [[nodiscard]] constexpr std::string_view id() const { return id_; }

private:
    friend constexpr sought_node by_name(std::string_view);
    constexpr explicit sought_node(std::string_view id) : id_(id) {}
    std::string_view id_;
};
[[nodiscard]] constexpr sought_node by_name(std::string_view id) { return sought_node(id); }

// A name as a template argument: scope_at<"connection.tcp">.
template <std::size_t Size>
struct word {
    consteval word(const char (&text)[Size]) {
        for (std::size_t i = 0; i < Size; ++i) characters[i] = text[i];
    }
    [[nodiscard]] constexpr std::string_view view() const { return {characters, Size - 1}; }
    char characters[Size] = {};
};

// The place of a node that is named in code. A misspelt id does not compile.
template <word Id>
consteval int place_of() {
    constexpr int at = position(Id.view());
    if (at < 0) throw std::logic_error("no such node in the chart");
    return at;
}

// A branch named in code: one that no node has does not compile.
class branch_ref {
public:
    constexpr branch_ref() = default;
    consteval branch_ref(const char* name) : name_(name) {
        for (const auto& n : all_nodes)
            if (n.find(name_)) return;
        throw std::logic_error("no node of the chart has such a branch");
    }
    // One of two.
    constexpr branch_ref(bool which, branch_ref yes, branch_ref no) : name_(which ? yes.name_ : no.name_) {}
    [[nodiscard]] constexpr std::string_view name() const { return name_; }
    friend constexpr bool operator==(branch_ref, branch_ref) = default;

private:
    template <int>
    friend class branch_of;
    constexpr explicit branch_ref(std::string_view known) : name_(known) {}
    std::string_view name_;
};

// A branch of one node, by the node's place: one that this node lacks does not compile.
template <int Node>
class branch_of {
public:
    constexpr branch_of() = default;
    consteval branch_of(const char* name) : name_(name) {
        if (!all_nodes[Node].find(name_)) throw std::logic_error("this node has no such branch");
    }
    constexpr branch_of(bool which, branch_of yes, branch_of no) : name_(which ? yes.name_ : no.name_) {}
    [[nodiscard]] constexpr std::string_view name() const { return name_; }
    constexpr operator branch_ref() const { return branch_ref(name_); }
    friend constexpr bool operator==(branch_of, branch_of) = default;

private:
    std::string_view name_;
};
template <word Id>
using branch_at = branch_of<place_of<Id>()>;

// The chart as a person or another program reads it.
[[nodiscard]] std::string to_text(bool with_branches);
[[nodiscard]] std::string to_mermaid();
[[nodiscard]] std::string to_dot();
[[nodiscard]] std::string to_json();

}  // namespace ucsignin::chart
