#pragma once
// The trust rule at work in a run: decides for a name, writes the decision down at discovery.trust, and remembers it.

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "signin/base/context.hpp"

namespace ucsignin::signin {

struct trust_memory {
    std::set<std::string> told;                        // decisions that are in the trace already
    std::map<std::string, credential_target> covered;  // by host
};

// `candidate`: the server (host:port) whose step asks; empty in stage 2.
[[nodiscard]] trust_decision decide_trust(
    context& c, const std::string& host, const naming& named, const std::string& candidate = {});

// A name that was found covered earlier in this run.
[[nodiscard]] std::optional<credential_target> covered_before(const context& c, const std::string& host);

// What our caution kept back. The finding credentials-withheld rests on it.
void note_withheld(
    context& c, const not_covered& who, trace::ev::withheld_word kind, const std::string& candidate = {});

}  // namespace ucsignin::signin
