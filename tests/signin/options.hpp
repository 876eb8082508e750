#pragma once
// What a decision of the trace says about one of its options.

#include <algorithm>
#include <catch2/catch.hpp>
#include <string_view>

#include "ucsignin/trace.hpp"

namespace ucsignin::tests {

inline trace::considered option(const trace::decision& of, std::string_view name) {
    const auto at = std::ranges::find(of.considered, name, &trace::considered::option);
    INFO(name);
    REQUIRE(at != of.considered.end());
    CHECK_FALSE(at->why.empty());
    return *at;
}

inline trace::verdict verdict_on(const trace::decision& of, std::string_view name) { return option(of, name).verdict; }
inline std::string why(const trace::decision& of, std::string_view name) { return option(of, name).why; }

}  // namespace ucsignin::tests
