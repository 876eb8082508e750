// Proxy settings: which variable counts, what its URL says, which hosts are exempt. The rules are curl's.

#include <algorithm>
#include <charconv>

#include "host/host.hpp"
#include "host/text.hpp"

namespace ucsignin::host {

namespace {

// curl's port for a proxy that names none; a proxy reached over TLS has 443.
constexpr std::uint16_t usual_port(std::string_view scheme) { return scheme == "https" ? 443 : 1080; }

std::string_view variable(const variables& env, std::string_view name) {
    const auto found = env.find(name);
    return found == env.end() ? std::string_view{} : std::string_view{found->second};
}

bool take_port(std::string_view text, std::uint16_t& port) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
    return problem == std::errc{} && end == text.data() + text.size() && port != 0;
}

// Splits "host", "host:port", "[v6]" or "[v6]:port"; false when it is none of these.
bool take_host_port(std::string_view text, proxy_settings& into) {
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return false;
        into.host = lower(text.substr(1, close - 1));
        text.remove_prefix(close + 1);
        boost::system::error_code problem;
        boost::asio::ip::make_address_v6(into.host, problem);
        if (problem || (!text.empty() && !text.starts_with(':'))) return false;
    } else {
        into.host = lower(without_final_dot(text.substr(0, text.find(':'))));
        text.remove_prefix(std::min(text.find(':'), text.size()));
    }
    if (into.host.empty()) return false;
    return text.size() < 2 || take_port(text.substr(1), into.port);
}

bool printable(std::string_view text) {
    return std::ranges::all_of(text, [](unsigned char c) { return c > 0x20 && c != 0x7f; });
}

bool take_url(std::string_view url, proxy_settings& into) {
    const auto scheme_end = url.find("://");
    into.scheme = scheme_end == std::string_view::npos ? "http" : lower(url.substr(0, scheme_end));
    if (scheme_end != std::string_view::npos) url.remove_prefix(scheme_end + 3);
    // A password may hold a slash: curl, too, looks for the last @ first.
    if (const auto at = url.rfind('@'); at != std::string_view::npos) {
        into.had_credentials = true;
        url.remove_prefix(at + 1);
    }
    url = url.substr(0, url.find_first_of("/?#"));
    into.port = usual_port(into.scheme);
    return printable(into.scheme) && !into.scheme.empty() && printable(url) && take_host_port(url, into);
}

// True when the setting is about a script, whether it can be used or not.
bool take_script(std::string_view setting, proxy_settings& into) {
    const auto text = lower(setting);
    into.wpad = text == "wpad" || text == "wpad:" || text == "wpad://";
    if (into.wpad) return true;
    if (!text.starts_with("pac+")) return false;
    setting.remove_prefix(4);
    const auto scheme_end = setting.find("://");
    const auto scheme = lower(setting.substr(0, scheme_end));
    const bool known = scheme == "http" || scheme == "https" || scheme == "file";
    if (scheme_end == std::string_view::npos || !known || !printable(setting) || setting.size() == scheme_end + 3 ||
        setting.find('@') != std::string_view::npos)
        into.error = into.said_by + " names no proxy script that can be read (pac+http://HOST/PATH, pac+file:///PATH)";
    else into.pac_url = scheme + std::string{setting.substr(scheme_end)};
    return true;
}

proxy_settings read_setting(std::string_view url, proxy_settings::source from, std::string_view said_by) {
    proxy_settings result;
    result.from = from;
    result.said_by = said_by;
    if (take_script(url, result)) return result;
    if (!take_url(url, result)) {
        result.error = result.said_by + " is set, but is not a proxy address (scheme://host:port)";
        result.host.clear();
        result.scheme.clear();
        result.port = 0;
        return result;
    }
    const bool v6 = result.host.find(':') != std::string::npos;
    result.url = result.scheme + "://" + (v6 ? '[' + result.host + ']' : result.host) + ':' +
                 std::to_string(result.port);
    return result;
}

// Addresses are compared as values: "::1" and "0:0:0:0:0:0:0:1" are one.
bool same_address(std::string_view a, std::string_view b) {
    boost::system::error_code problem_a, problem_b;
    const auto left = boost::asio::ip::make_address(a, problem_a);
    const auto right = boost::asio::ip::make_address(b, problem_b);
    return !problem_a && !problem_b && left == right;
}

std::string_view without_brackets(std::string_view text) {
    return text.starts_with('[') && text.ends_with(']') ? text.substr(1, text.size() - 2) : text;
}

bool exempts(std::string_view exception, std::string_view host) {
    if (exception == "*") return true;
    if (same_address(without_brackets(exception), host)) return true;
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(host, not_an_address);
    if (!not_an_address) return false;  // suffixes are for names: ".1" must not exempt 10.0.0.1
    // ".example.com", "*.example.com" and "example.com" mean the same.
    if (exception.starts_with('*')) exception.remove_prefix(1);
    if (exception.starts_with('.')) exception.remove_prefix(1);
    return is_under(host, lower(without_final_dot(exception)));
}

}  // namespace

bool proxy_settings::applies_to(std::string_view target_host) const {
    if (from == source::none || host.empty()) return false;
    const auto wanted = lower(without_final_dot(without_brackets(target_host)));
    return std::ranges::none_of(exceptions, [&](const auto& e) { return exempts(e, wanted); });
}

proxy_settings proxy_from_environment(const variables& env) {
    for (std::string_view name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
        const auto value = variable(env, name);
        if (value.empty()) continue;
        auto result = read_setting(value, proxy_settings::source::environment, name);
        auto exempt = variable(env, "no_proxy");
        if (exempt.empty()) exempt = variable(env, "NO_PROXY");
        for (auto piece : split(exempt, ", \t")) result.exceptions.emplace_back(piece);
        return result;
    }
    for (std::string_view name : {"auto_proxy", "AUTO_PROXY"}) {
        const auto value = variable(env, name);
        if (value.empty()) continue;
        const bool spelled_out = lower(value).starts_with("pac+") || lower(value).starts_with("wpad");
        return read_setting(
            spelled_out ? std::string{value} : "pac+" + std::string{value}, proxy_settings::source::environment, name);
    }
    return {};
}

proxy_settings proxy_from_option(std::string_view url) {
    return read_setting(url, proxy_settings::source::option, "--proxy");
}

}  // namespace ucsignin::host
