#pragma once
// Reports with literal contents, for the tests of everything that reads them.

#include "ucsignin/report.hpp"

namespace ucsignin::report::samples {

[[nodiscard]] trace::span span(
    std::string id, std::string node, double start_ms, double duration_ms, trace::outcome, std::string summary);
[[nodiscard]] report healthy();      // signed in through an Edge
[[nodiscard]] report stopped();      // the password is refused at the web ticket; a first candidate was filtered
[[nodiscard]] report unexplained();  // the same stop, and no rule knows why
[[nodiscard]] report interrupted();  // Ctrl-C while connecting

}  // namespace ucsignin::report::samples
