#pragma once
// What this PC looks like: adapters, routes, audio, cameras, clock, proxy, hosts file, resolvers. Platform-free; the
// implementation is one folder per OS. Nothing here is judged, and unknown is never reported as absent.
// Lists are read once, synchronously (below 5 ms; cameras may take longer, their drivers wake up); audio is awaited.

#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/waiting.hpp"

namespace ucsignin::host {

using ip_address = boost::asio::ip::address;

// -- adapters --

struct address_entry {
    enum class reach { global, link, host };
    ip_address ip;
    int prefix = 0;               // bits of the network
    reach scope = reach::global;  // link also for 169.254/16 and fe80::/10, whatever the system calls them
    bool temporary = false;       // RFC 8981
    bool deprecated = false;      // its preferred lifetime is over: no new connection takes it
    bool tentative = false;       // duplicate address detection has not passed, or has failed: unusable
};

struct adapter {
    enum class type { ethernet, wifi, tunnel, virtual_, loopback, other };
    std::string name;
    type kind = type::other;
    bool up = false;       // switched on
    bool running = false;  // has a link: cable in, Wi-Fi associated, 802.1X passed
    int mtu = 0;           // bytes
    std::vector<address_entry> addresses;
    bool routes_known = true;       // false: the five members below could not be read
    bool default_route_v4 = false;  // a default route leaves here (or one of the two halves that VPNs set in its place)
    bool default_route_v6 = false;
    int metric_v4 = 0;  // of the best default route; meaningful with default_route_v4 only
    int metric_v6 = 0;
    bool other_routes = false;  // routes beyond its own networks, other than the default (split tunnels)
    std::string rejected;       // why it can't carry the sign-in; empty when it can
};

struct inventory {
    std::vector<adapter> adapters;  // in the system's order
    std::string error;              // empty when all was read; else the list is partial or empty for this reason
};
[[nodiscard]] inventory list_adapters();

// Why the adapter can't carry a sign-in, empty when it can. `targets` are servers known already (--server,
// --connect-to, the lab's): an adapter without routes is good enough for a target in its own network, loopback for a
// loopback target.
[[nodiscard]] std::string why_rejected(const adapter&, std::span<const ip_address> targets = {});

// -- routes --

struct route {
    bool found = false;
    std::string adapter;
    std::string source_address;  // what a connection would come from
    std::string gateway;         // empty: the target is on the link
    bool tunnel = false;         // the adapter is a tunnel
    std::string error;           // the system's words when not found
    int error_code = 0;          // errno
};
// The kernel's own answer, policy rules included. No packet is sent.
[[nodiscard]] route route_to(const ip_address& target);

// -- audio --

enum class presence { found, none, disabled, denied, unknown };
[[nodiscard]] std::string_view to_string(presence);

struct audio_device {
    std::string name;  // RtAudio takes PulseAudio devices of one name for one, and then knows no default
    bool is_output = false;
    bool is_input = false;
    bool is_monitor = false;  // records what an output plays: neither input nor microphone
    bool is_default_output = false;
    bool is_default_input = false;
};

struct audio_side {  // the speaker, or the microphone
    presence state = presence::unknown;
    std::string default_device;  // empty: none, or not known
    std::optional<int> volume_percent;
    std::optional<bool> muted;
    bool unplugged = false;  // the default device is there, but nothing is in its jack
};

// Whether the default device of a side can be heard, or hears: a branch of devices.speaker_volume,
// devices.microphone_volume.
enum class loudness { audible, muted, at_zero, unknown };
[[nodiscard]] std::string_view to_string(loudness);
[[nodiscard]] loudness judge_loudness(const audio_side&);

struct audio {
    audio_side speaker;
    audio_side microphone;
    std::vector<audio_device> devices;
    std::string backend;      // "pulse", "alsa", "jack"; empty when none answered
    std::string why_unknown;  // one line, set whenever a side is unknown
};

// What the audio probe printed, at most 256 KiB. Keys it doesn't know are passed over.
struct listing_error {
    std::size_t offset = 0;  // of the byte at fault; 0 when the document as a whole is not what it should be
    std::string what;
};
[[nodiscard]] std::expected<audio, listing_error> parse_audio_listing(std::string_view text);

// Audio systems hang, crash and write to the terminal, so they are asked in a child process: this program, run again
// with one hidden argument. main() calls run_audio_probe() for it and returns its result, an exit code. Once the
// listing is printed it ends the process itself, past the exit handlers of the audio libraries.
inline constexpr std::string_view audio_probe_argument = "__audio-probe";
[[nodiscard]] int run_audio_probe();
[[nodiscard]] std::string own_executable();

// Runs `executable __audio-probe`. At the deadline, or when the coroutine is destroyed, the child is killed. Whatever
// goes wrong ends as both sides unknown with the reason. May return up to 50 ms late, to collect the killed child.
[[nodiscard]] awaitable<audio> probe_audio(std::string executable, deadline until);

// -- cameras --

struct cameras {
    enum class state { found, none, hidden, unknown };
    state known = state::unknown;    // hidden: there is one, but this user may not open it
    std::vector<std::string> names;  // the first is the default
    std::string why;                 // one line, for hidden and unknown
};
[[nodiscard]] std::string_view to_string(cameras::state);

struct camera_node {   // one video node of the system, as it was met
    std::string name;  // the driver's name for it, else the node's
    bool opened = false;
    bool captures = false;  // when opened: it takes pictures (others are encoders, radios, metadata)
    bool denied = false;    // when not opened: for want of permission, or since its node is kept from us
    std::string error;      // when not opened or not answering
};
[[nodiscard]] cameras judge_cameras(const std::vector<camera_node>&);
[[nodiscard]] cameras list_cameras();

// -- clock --

struct clock_facts {
    std::string utc_rfc3339;  // now, with milliseconds: 2024-05-01T09:30:00.123Z
    bool synchronized_known = false;
    bool synchronized = false;  // the kernel says that a time service disciplines the clock
};
[[nodiscard]] clock_facts read_clock();

// -- proxy --

using variables = std::map<std::string, std::string, std::less<>>;
[[nodiscard]] variables read_environment();

struct proxy_settings {
    enum class source { none, environment, option };
    source from = source::none;
    std::string url;     // scheme://host:port, never with credentials
    std::string scheme;  // http, https, socks5, ...
    std::string host;
    std::uint16_t port = 0;
    bool had_credentials = false;         // the setting carried user:password, left out here
    std::string said_by;                  // the variable or option, for people
    std::vector<std::string> exceptions;  // no_proxy as it was split, in order
    std::string pac_url;                  // a proxy script decides: http://, https:// or file://
    bool wpad = false;                    // a proxy script decides, and is to be looked for
    std::string error;                    // set, but not usable: why; host is empty then

    // Whether a connection to this host (a name or an address) goes by the proxy.
    [[nodiscard]] bool applies_to(std::string_view target_host) const;
};
// For TLS connections, as curl: https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY, the first that isn't empty; no_proxy,
// NO_PROXY. Any of them may name a script, as libproxy spells it: pac+http://HOST/PATH, pac+file:///PATH, wpad://. Last
// of all come auto_proxy and AUTO_PROXY, the address of a script.
[[nodiscard]] proxy_settings proxy_from_environment(const variables&);
// --proxy URL: no exceptions apply. pac+http://..., pac+file://... and wpad are taken as well.
[[nodiscard]] proxy_settings proxy_from_option(std::string_view url);

// -- hosts file and resolvers --

struct hosts_entry {
    ip_address address;
    std::vector<std::string> names;  // lower case, without a final dot
    int line = 0;                    // from 1
};
struct hosts_file {
    std::string path;
    std::vector<hosts_entry> entries;
    std::vector<int> bad_lines;  // neither empty, nor comment, nor address and name
    std::string error;           // it could not be read, and why
};
[[nodiscard]] hosts_file parse_hosts(std::string_view text);
[[nodiscard]] hosts_file read_hosts(const std::string& path = "/etc/hosts");
// The entries that name the domain itself or a name under it.
[[nodiscard]] std::vector<hosts_entry> matching_entries(const hosts_file&, std::string_view domain);

struct nameserver {
    ip_address address;
    int line = 0;
};
struct resolver_settings {
    std::string path;
    std::vector<nameserver> servers;  // all of them, in order; the system's own resolver uses the first three
    std::vector<std::string> search;  // the last search or domain line counts; the first 32 of it
    std::vector<int> bad_lines;       // nameserver lines without an address
    std::string error;
};
[[nodiscard]] resolver_settings parse_resolv_conf(std::string_view text);
[[nodiscard]] resolver_settings read_resolvers(const std::string& path = "/etc/resolv.conf");

// The addresses of a name by the system's own look-up (getaddrinfo). Blocks, for as long as the system likes.
[[nodiscard]] std::vector<ip_address> look_up(const std::string& name);

// -- SIP servers that DHCP names (option 120, RFC 3361) --

struct leased_sip_server {
    std::string file;    // of the lease
    std::string server;  // a name or an IPv4 address
};
[[nodiscard]] std::vector<std::string> parse_networkd_sip_servers(std::string_view text);
[[nodiscard]] std::vector<std::string> parse_dhclient_sip_servers(std::string_view text);
// Of systemd-networkd and ISC dhclient; empty where neither keeps leases, or none may be read.
[[nodiscard]] std::vector<leased_sip_server> read_leased_sip_servers(
    const std::string& networkd = "/run/systemd/netif/leases", const std::string& dhclient = "/var/lib/dhcp");

// -- files for this account's eyes only --

// The text, at most 1 MiB; an error is one line, and empty when there is no such file.
[[nodiscard]] std::expected<std::string, std::string> read_private_file(const std::string& path);
[[nodiscard]] std::expected<void, std::string> make_private_folder(
    const std::string& path);  // and those above it; mode 0700
// Whole or not at all, mode 0600: written under another name first.
[[nodiscard]] std::expected<void, std::string> write_private_file(const std::string& path, std::string_view text);
void remove_file(const std::string& path);

// -- this machine --

// Stable over restarts, and confidential (machine-id(5)): derive from it by a hash, never print it. The host name where
// the system keeps no such id.
[[nodiscard]] std::string machine_id();
[[nodiscard]] std::string hostname();

}  // namespace ucsignin::host
