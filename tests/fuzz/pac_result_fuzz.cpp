// links: host signin
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "host/pac.hpp"
#include "signin/base/cache.hpp"

using namespace ucsignin;

// What a proxy script answers, and the cache's small file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto ways = host::parse_pac_result(text);
    if (ways.empty()) std::abort();
    for (const auto& way : ways)
        if (way.how != host::pac_way::kind::direct && (way.host.empty() || way.port == 0)) std::abort();
    if (const auto kept = signin::parse_kept_server(text); kept && kept->server.port == 0) std::abort();
    return 0;
}
