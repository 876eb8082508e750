// SIP servers of DHCP leases, as the two usual clients of Linux write them down.

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <span>
#include <utility>

#include "host/host.hpp"
#include "host/text.hpp"
#include "ucsignin/files.hpp"

namespace ucsignin::host {

namespace {

constexpr std::size_t most_bytes = 1u << 20;
constexpr std::string_view blank = " \t\r\n";

// "0:4:73:69:70:31:0" is how dhclient writes an option that it has no name for.
std::vector<unsigned char> bytes_of(std::string_view colons) {
    std::vector<unsigned char> out;
    for (const auto& field : split(colons, ":")) {
        unsigned value = 0;
        const auto [end, bad] = std::from_chars(field.data(), field.data() + field.size(), value, 16);
        if (bad != std::errc{} || end != field.data() + field.size() || value > 255) return {};
        out.push_back(static_cast<unsigned char>(value));
    }
    return out;
}

std::vector<std::string> read_addresses(std::span<const unsigned char> data) {
    std::vector<std::string> out;
    for (; data.size() >= 4; data = data.subspan(4))
        out.push_back(boost::asio::ip::address_v4({data[0], data[1], data[2], data[3]}).to_string());
    return out;
}

// Names as in a DNS message, without compression (RFC 3361 2.1).
std::vector<std::string> read_names(std::span<const unsigned char> data) {
    std::vector<std::string> out;
    std::string name;
    while (!data.empty()) {
        const std::size_t length = data[0];
        const auto is_label = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; };
        if (length + 1 > data.size() || !std::ranges::all_of(data.subspan(1, length), is_label)) return out;
        if (length == 0 && !name.empty()) out.push_back(std::exchange(name, {}));
        else if (length > 0)
            name += (name.empty() ? "" : ".") + std::string(reinterpret_cast<const char*>(data.data()) + 1, length);
        data = data.subspan(length + 1);
    }
    return out;
}

std::string read_text(const std::filesystem::path& path) {
    return read_file(path.string(), {.bytes = most_bytes}).value_or("");
}

}  // namespace

std::vector<std::string> parse_dhclient_sip_servers(std::string_view text) {
    constexpr std::string_view option = "option unknown-120 ";
    const auto at = text.rfind(option);  // the last lease is the one in force
    if (at == std::string_view::npos) return {};
    const auto value = text.substr(at + option.size());
    const auto data = bytes_of(value.substr(0, value.find(';')));
    if (data.empty()) return {};
    const auto rest = std::span(data).subspan(1);
    return data[0] == 0 ? read_names(rest) : data[0] == 1 ? read_addresses(rest) : std::vector<std::string>{};
}

std::vector<std::string> parse_networkd_sip_servers(std::string_view text) {
    constexpr std::string_view key = "SIP=";
    std::vector<std::string> out;
    for (const auto& line : split(text, "\n"))
        if (line.starts_with(key))
            for (const auto& one : split(line.substr(key.size()), blank)) out.emplace_back(one);
    return out;
}

std::vector<leased_sip_server> read_leased_sip_servers(const std::string& networkd, const std::string& dhclient) {
    namespace fs = std::filesystem;
    std::vector<leased_sip_server> out;
    std::error_code none;
    for (const auto& file : fs::directory_iterator(networkd, none))
        if (file.is_regular_file(none))
            for (auto& server : parse_networkd_sip_servers(read_text(file.path())))
                out.push_back({file.path().string(), std::move(server)});
    for (const auto& file : fs::directory_iterator(dhclient, none))
        if (file.path().extension() == ".leases" && file.is_regular_file(none))
            for (auto& server : parse_dhclient_sip_servers(read_text(file.path())))
                out.push_back({file.path().string(), std::move(server)});
    return out;
}

}  // namespace ucsignin::host
