#include "net/address.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "trace/ascii.hpp"

namespace ucsignin::net {
namespace {

constexpr std::size_t longest_host = 253;  // RFC 1035 2.3.4, without the final dot

std::unexpected<error> rejected(std::string_view text, std::string_view why) {
    return std::unexpected(error{fault::protocol, "'" + std::string(text) + "': " + std::string(why), 0});
}

std::optional<std::uint16_t> read_port(std::string_view text) {
    std::uint16_t port = 0;
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (failure != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

std::optional<ip_address> read_address(std::string_view text) {
    boost::system::error_code failure;
    auto address = boost::asio::ip::make_address(std::string(text), failure);
    if (failure) return std::nullopt;
    return address;
}

struct pieces {
    std::string_view host;
    std::optional<std::string_view> port;
};

// A text with more than one colon and no brackets is an IPv6 address without a port.
std::optional<pieces> split(std::string_view text) {
    if (text.starts_with('[')) {
        auto const end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        auto const rest = text.substr(end + 1);
        if (!rest.empty() && rest.front() != ':') return std::nullopt;
        return pieces{text.substr(1, end - 1), rest.empty() ? std::nullopt : std::optional(rest.substr(1))};
    }
    auto const colon = text.find(':');
    if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos)
        return pieces{text, std::nullopt};
    return pieces{text.substr(0, colon), text.substr(colon + 1)};
}

result<std::uint16_t> port_or(std::string_view text, const pieces& parts, std::uint16_t otherwise) {
    if (!parts.port) return otherwise;
    auto const port = read_port(*parts.port);
    if (!port) return rejected(text, "the port is not a number from 1 to 65535");
    return *port;
}

bool is_host_character(char c) {
    auto const byte = static_cast<unsigned char>(c);
    return byte > ' ' && byte != 0x7f && std::string_view("/\\@?#[]<>\"").find(c) == std::string_view::npos;
}

bool same_host(const std::string& one, const ip_address& address) {
    auto const parsed = read_address(one);
    return parsed && *parsed == address;
}

}  // namespace

std::string to_string(const endpoint& at) { return bracketed(at.address.to_string()) + ":" + std::to_string(at.port); }

std::string bracketed(const std::string& host) { return host.find(':') == std::string::npos ? host : "[" + host + "]"; }

std::string to_string(const host_port& at) { return bracketed(at.host) + ":" + std::to_string(at.port); }

result<endpoint> parse_endpoint(std::string_view text, std::uint16_t default_port) {
    auto const parts = split(text);
    if (!parts) return rejected(text, "a bracket is missing or followed by something other than a port");
    auto const address = read_address(parts->host);
    if (!address) return rejected(text, "not an IP address");
    auto const port = port_or(text, *parts, default_port);
    if (!port) return std::unexpected(port.error());
    return endpoint{*address, *port};
}

result<host_port> parse_host_port(std::string_view text, std::uint16_t default_port) {
    auto const parts = split(text);
    if (!parts) return rejected(text, "a bracket is missing or followed by something other than a port");
    auto host = parts->host;
    if (host.ends_with('.')) host.remove_suffix(1);
    if (host.empty()) return rejected(text, "the host is missing");
    if (host.size() > longest_host) return rejected(text.substr(0, 64), "the host name is too long");
    if (!std::ranges::all_of(host, is_host_character))
        return rejected(text, "the host has a character that is not allowed in a host name");
    if (host.find(':') != std::string_view::npos && !read_address(host))
        return rejected(text, "neither a host name nor an IPv6 address");
    auto const port = port_or(text, *parts, default_port);
    if (!port) return std::unexpected(port.error());
    return host_port{trace::lower(host), *port};
}

result<connect_to> parse_connect_to(std::string_view text) {
    auto const after_host = text.starts_with('[') ? text.find(']') : 0;
    auto const colon = after_host == std::string_view::npos ? after_host : text.find(':', after_host);
    auto const second = colon == std::string_view::npos ? colon : text.find(':', colon + 1);
    if (second == std::string_view::npos) return rejected(text, "HOST:PORT:ADDR:PORT is expected");
    auto meant = parse_host_port(text.substr(0, second), 0);
    if (!meant) return std::unexpected(meant.error());
    auto const instead = parse_endpoint(text.substr(second + 1), 0);
    if (!instead) return std::unexpected(instead.error());
    if (meant->port == 0 || instead->port == 0)
        return rejected(text, "HOST:PORT:ADDR:PORT is expected, with both ports");
    return connect_to{std::move(*meant), *instead};
}

std::vector<dial_target> dial_targets(
    const host_port& host, const std::vector<ip_address>& addresses, const std::vector<connect_to>& overrides) {
    std::vector<dial_target> targets;
    for (auto const& bend : overrides) {
        if (bend.meant != host) continue;
        auto const meant = addresses.empty() ? ip_address{} : addresses.front();
        targets.push_back({{meant, host.port}, bend.instead, true});
    }
    if (!targets.empty()) return targets;

    for (auto const& address : addresses) {
        endpoint const meant{address, host.port};
        auto const bend = std::ranges::find_if(overrides, [&](auto const& each) {
            return each.meant.port == host.port && same_host(each.meant.host, address);
        });
        if (bend == overrides.end()) targets.push_back({meant, meant, false});
        else targets.push_back({meant, bend->instead, true});
    }
    return targets;
}

}  // namespace ucsignin::net
