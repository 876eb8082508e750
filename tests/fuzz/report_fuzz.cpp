// links: report
// Whatever bytes come as a report: read or refused with a place inside the text, and what was read can be written,
// shown, masked and judged again.

#include <cstdint>
#include <cstdlib>

#include "ucsignin/report.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace report = ucsignin::report;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto read = report::from_json(text);
    if (!read) {
        if (read.error().offset > size || read.error().what.empty()) std::abort();
        return 0;
    }
    const auto written = report::to_json(*read);
    const auto again = report::from_json(written);
    if (!again || report::to_json(*again) != written) std::abort();
    (void)report::to_text(*read, {.colour = true, .columns = 72, .verbose = true});
    (void)report::mask(*read);
    return 0;
}
