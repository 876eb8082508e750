// The hidden helpers of the real program, in one of the tests' own.
#include <string_view>

#include "host/pac.hpp"

int main(int argc, char** argv) {
    const std::string_view helper = argc == 2 ? argv[1] : "";
    return helper == ucsignin::host::pac_probe_argument ? ucsignin::host::run_pac_probe()
                                                        : ucsignin::host::run_audio_probe();
}
