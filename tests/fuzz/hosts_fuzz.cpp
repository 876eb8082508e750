// links: host
// The hosts file, resolv.conf, DHCP leases, the audio probe's listing and proxy settings, all from the same bytes.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "host/host.hpp"

using namespace ucsignin::host;

namespace {

void require(bool held) {
    if (!held) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto hosts = parse_hosts(text);
    for (const auto& entry : hosts.entries) require(!entry.names.empty() && entry.line > 0);
    const auto name = text.substr(0, text.find('\n'));
    require(matching_entries(hosts, name).size() <= hosts.entries.size());

    for (const auto& server : parse_resolv_conf(text).servers) require(server.line > 0);

    for (const auto& server : parse_dhclient_sip_servers(text)) require(!server.empty() && server.size() <= size);
    for (const auto& server : parse_networkd_sip_servers(text)) require(!server.empty());

    const auto listing = parse_audio_listing(text);
    require(listing || listing.error().offset <= size);

    const auto proxy = proxy_from_environment({{"https_proxy", std::string{name}}, {"no_proxy", std::string{text}}});
    const bool by_script = proxy.wpad || !proxy.pac_url.empty();
    require(proxy.error.empty() != proxy.host.empty() || by_script || proxy.from == proxy_settings::source::none);
    require(!proxy.applies_to(name) || !proxy.host.empty());
    return 0;
}
