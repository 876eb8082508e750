// An external root is not taken while the internal one may still answer: inside, both answer, and the client goes in.
#include "signin/discovery/autodiscover_roots.hpp"

#include "signin/base/decision.hpp"

namespace ucsignin::signin::discovery {
namespace {

using trace::verdict;

trace::considered judge(const root_state& s, bool before) {
    if (s.read) return {s.url, verdict::failed, "its documents name no server"};
    if (s.nameless) return {s.url, verdict::failed, "its name has no address"};
    if (s.found)
        return {s.url, verdict::passed_over, "it offers documents as well, but comes later in the client's order"};
    if (s.ended) return {s.url, verdict::failed, "no documents can be reached from there"};
    return {
        s.url, verdict::passed_over,
        before ? "no answer within its grace" : "one before it in the client's order answered"};
}

}  // namespace

std::optional<std::size_t> choose_root(std::span<const root_state> states, bool grace_over) {
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (states[i].found) return i;
        if (!states[i].ended && !grace_over) return std::nullopt;
    }
    return std::nullopt;
}

trace::decision decide_root(std::span<const root_state> states, std::size_t taken) {
    std::vector<trace::considered> options;
    bool first = true;
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (i == taken)
            options.push_back(
                {states[i].url, verdict::chosen,
                 first ? "the first in the client's order" : "the first in the client's order that offers documents"});
        else options.push_back(judge(states[i], i < taken));
        first = false;
    }
    return decided("Which Autodiscover service is asked for the user's servers?", std::move(options));
}

}  // namespace ucsignin::signin::discovery
