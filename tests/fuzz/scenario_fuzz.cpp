// links: lab
// Scenario files, and the zone and the servers that are made of what was read.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "lab/scenario.hpp"
#include "lab/services.hpp"
#include "lab/zone.hpp"

using namespace ucsignin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto read = lab::parse_scenario(text, "fuzzed.json");
    if (!read) {
        if (read.error().what.empty()) std::abort();
        return 0;
    }
    const auto hosts = lab::documentation_hosts(**read);
    const lab::zone names(**read, hosts);
    for (const auto& record : names.records()) {
        const auto answer = names.answer({record.name, record.type});
        if (net::dns::serialize(answer).empty()) std::abort();
    }
    const auto services = lab::list_services(**read, names, hosts);
    for (const auto& rule : (*read)->tls)
        for (const auto& one : services) std::ignore = lab::is_meant(rule.at, one, "", names);
    return 0;
}
