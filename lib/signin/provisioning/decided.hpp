#pragma once
// What a node of stage 5 found: a value that a pure function made of answers, and the driver writes to the span.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ucsignin/trace.hpp"

namespace ucsignin::signin::provisioning {

struct decided {
    chart::branch_ref branch;
    trace::outcome how = trace::outcome::unknown;
    std::string summary;
    std::vector<trace::fact> facts;
    std::vector<std::vector<trace::fact>> groups;  // of facts that belong together
    std::optional<trace::decision> decision;       // where it chose
    // The request whose answer stands in the span; without it, the one that the span is about (tables.hpp).
    std::optional<std::size_t> about;
};

// A misspelt node, and a branch that the node lacks, do not compile.
template <chart::word Node>
struct decided_at : decided {
    static constexpr std::string_view node = Node.view();

    decided_at(chart::branch_at<Node> taken, trace::outcome went, std::string words)
        : decided{taken, went, std::move(words), {}, {}, {}, {}} {}
    template <class T, trace::value_for<T> V>
    decided_at& note(const trace::evidence_name<T>& name, V&& value) {
        facts.emplace_back(name, std::forward<V>(value));
        return *this;
    }
};

}  // namespace ucsignin::signin::provisioning
