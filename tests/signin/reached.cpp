#include "reached.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "ucsignin/chart.hpp"

namespace ucsignin::tests {

void reached(std::string_view node, std::string_view branch) {
    static std::ofstream file(BRANCHES_FILE, std::ios::trunc);
    const auto* known = chart::find(node);
    REQUIRE(known);
    REQUIRE(known->find(branch));
    file << node << ' ' << branch << '\n' << std::flush;
}

}  // namespace ucsignin::tests
