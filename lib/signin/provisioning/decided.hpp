#pragma once
// What a node of stage 5 found: a value that a pure function made of answers, and the driver writes to the span.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ucsignin/trace.hpp"

namespace ucsignin::signin::provisioning {

struct decided {
    struct fact {
        const trace::evidence_name* name;
        trace::value value;
    };
    std::string_view branch;
    trace::outcome how = trace::outcome::unknown;
    std::string summary;
    std::vector<fact> facts;
    // The request whose answer stands in the span; without it, the one that the span is about (tables.hpp).
    std::optional<std::size_t> about;
};

// The name of a node as a template argument.
template <std::size_t Length>
struct node_name {
    char text[Length];
    consteval node_name(const char (&name)[Length]) { std::copy_n(name, Length, text); }
    [[nodiscard]] constexpr std::string_view view() const { return {text, Length - 1}; }
};

// A misspelt node, and a branch that the node lacks, do not compile.
template <node_name Node>
class branch_of {
public:
    consteval branch_of(const char* name) : name_(name) {
        if (!chart::find(Node.view())->find(name_)) throw std::logic_error("the node has no such branch");
    }
    [[nodiscard]] constexpr std::string_view name() const { return name_; }

private:
    std::string_view name_;
};

template <node_name Node>
struct decided_at : decided {
    static constexpr std::string_view node = Node.view();
    static_assert(chart::find(node) != nullptr, "no such node in the chart");

    decided_at(branch_of<Node> taken, trace::outcome went, std::string words)
        : decided{taken.name(), went, std::move(words), {}, {}} {}
    decided_at& note(const trace::evidence_name& name, trace::value value) {
        facts.push_back({&name, std::move(value)});
        return *this;
    }
};

}  // namespace ucsignin::signin::provisioning
