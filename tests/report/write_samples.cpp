// Writes the sample reports as files, for validators that are not ours: write_samples FOLDER

#include <fstream>

#include "samples.hpp"

int main(int argc, char** argv) {
    if (argc != 2) return 64;
    namespace samples = ucsignin::report::samples;
    const std::pair<const char*, ucsignin::report::report> all[] = {
        {"healthy", samples::healthy()},
        {"stopped", samples::stopped()},
        {"unexplained", samples::unexplained()},
        {"masked", ucsignin::report::mask(samples::stopped())},
        {"interrupted", samples::interrupted()}};
    for (const auto& [name, report] : all) {
        std::ofstream file(std::string(argv[1]) + "/" + name + ".json", std::ios::binary);
        if (!(file << to_json(report)).flush()) return 74;
    }
    return 0;
}
