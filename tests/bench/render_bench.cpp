// Times what makes a page of a report beside what reads its JSON: render_bench REPORT [PAGE]
// A line: numbers of spans and messages, milliseconds of reading and of the page, bytes of both. The better of five.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>

#include "ucsignin/report.hpp"

namespace {

using namespace ucsignin;

template <class Work>
double best_of_five(Work work) {
    double best = 1e9;
    for (int i = 0; i < 5; ++i) {
        const auto began = std::clock();  // of the processor: other programs don't count
        work();
        best = std::min(best, 1000.0 * static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC);
    }
    return best;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2 && argc != 3) return 64;
    std::ifstream file(argv[1], std::ios::binary);
    const std::string json((std::istreambuf_iterator<char>(file)), {});
    auto read = report::from_json(json);
    if (!read) return 65;
    const double reading = best_of_five([&] { read = report::from_json(json); });
    std::string page;
    const double rendering = best_of_five([&] { page = report::to_html(*read); });
    fmt::print(
        "{} {} {:.1f} {:.1f} {} {}\n", read->trace.spans.size(), read->trace.messages.size(), reading, rendering,
        json.size(), page.size());
    if (argc == 3) std::ofstream(argv[2], std::ios::binary) << page;
    return 0;
}
