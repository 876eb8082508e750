// The hosts file (hosts(5)) and the resolvers' file (resolv.conf(5)), read as tolerantly as the system reads them.

#include <algorithm>
#include <ranges>

#include "host/host.hpp"
#include "host/text.hpp"
#include "ucsignin/files.hpp"

namespace ucsignin::host {

namespace {

constexpr std::size_t most_bytes = 4u << 20;     // block lists of 100 000 names are in use as hosts files
constexpr std::size_t most_search_domains = 32;  // a look-up asks for one after another
constexpr std::string_view blank = " \t\r\f\v";

// Calls with each line's number and its fields, comments cut off.
template <class Callback>
void for_each_line(std::string_view text, std::string_view comment_starts, Callback&& call) {
    for (int number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        call(number, split(line.substr(0, line.find_first_of(comment_starts)), blank));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

// False when the field is no address. A scope may be named (fe80::1%eth0).
bool take_address(std::string_view field, ip_address& into) {
    boost::system::error_code problem;
    into = boost::asio::ip::make_address(std::string{field}, problem);
    return !problem;
}

template <class Parsed>
Parsed read_with(Parsed (*parse)(std::string_view), const std::string& path) {
    const auto text = read_file(path, {.bytes = most_bytes});
    Parsed result = text ? parse(*text) : Parsed{};
    result.path = path;
    if (!text) result.error = text.error().detail;
    return result;
}

}  // namespace

hosts_file parse_hosts(std::string_view text) {
    hosts_file result;
    for_each_line(text, "#", [&](int number, const std::vector<std::string_view>& fields) {
        if (fields.empty()) return;
        hosts_entry entry{.line = number};
        if (fields.size() < 2 || !take_address(fields[0], entry.address)) {
            result.bad_lines.push_back(number);
            return;
        }
        for (auto name : std::span{fields}.subspan(1)) entry.names.push_back(lower(without_final_dot(name)));
        result.entries.push_back(std::move(entry));
    });
    return result;
}

hosts_file read_hosts(const std::string& path) { return read_with(parse_hosts, path); }

std::vector<hosts_entry> matching_entries(const hosts_file& file, std::string_view domain) {
    const auto wanted = lower(without_final_dot(domain));
    std::vector<hosts_entry> matches;
    std::ranges::copy_if(file.entries, std::back_inserter(matches), [&](const hosts_entry& entry) {
        return std::ranges::any_of(entry.names, [&](const auto& name) { return is_under(name, wanted); });
    });
    return matches;
}

resolver_settings parse_resolv_conf(std::string_view text) {
    resolver_settings result;
    for_each_line(text, "#;", [&](int number, const std::vector<std::string_view>& fields) {
        if (fields.empty()) return;
        if (fields[0] == "search" || fields[0] == "domain") {
            result.search.clear();
            for (auto name : std::span{fields}.subspan(1) | std::views::take(most_search_domains))
                result.search.push_back(lower(without_final_dot(name)));
        } else if (fields[0] == "nameserver") {
            nameserver server{.line = number};
            if (fields.size() > 1 && take_address(fields[1], server.address)) result.servers.push_back(server);
            else result.bad_lines.push_back(number);
        }
    });
    return result;
}

resolver_settings read_resolvers(const std::string& path) { return read_with(parse_resolv_conf, path); }

}  // namespace ucsignin::host
