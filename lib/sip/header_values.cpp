// What stands inside single headers.

#include "net/challenges.hpp"
#include "sip/lexical.hpp"
#include "sip/message.hpp"

namespace ucsignin::sip {
namespace {

using parameters = std::vector<std::pair<std::string, std::string>>;

std::string find_parameter(const parameters& from, std::string_view name) {
    for (const auto& [have, value] : from)
        if (same_word(have, name)) return value;
    return {};
}

parameters read_parameters(std::string_view text, char separator) {
    parameters out;
    for (const auto part : split_list(text, separator)) out.push_back(split_parameter(part));
    return out;
}

// The first `wanted` that is not inside a quoted string.
std::size_t find_unquoted(std::string_view text, char wanted) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quoted && text[i] == '\\') ++i;
        else if (text[i] == '"') quoted = !quoted;
        else if (text[i] == wanted && !quoted) return i;
    }
    return std::string_view::npos;
}

// host, host:port, [v6], [v6]:port
bool read_host(std::string_view text, uri& into) {
    std::size_t colon = text.find(':');
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return false;
        into.host = lower(text.substr(1, end - 1));
        if (end + 1 == text.size()) return !into.host.empty();
        colon = end + 1;
        if (text[colon] != ':') return false;
    } else {
        into.host = lower(text.substr(0, colon));
    }
    if (colon == std::string_view::npos) return !into.host.empty();
    const auto port = to_number<std::uint16_t>(text.substr(colon + 1));
    into.port = port.value_or(0);
    return into.port != 0 && !into.host.empty();
}

}  // namespace

std::string name_addr::parameter(std::string_view name) const { return find_parameter(parameters, name); }
std::string uri::parameter(std::string_view name) const { return find_parameter(parameters, name); }
std::string auth_header::parameter(std::string_view name) const { return find_parameter(parameters, name); }

bool auth_header::has(std::string_view name) const {
    for (const auto& [have, value] : parameters)
        if (same_word(have, name)) return true;
    return false;
}

name_addr parse_name_addr(std::string_view text) {
    name_addr out;
    text = trim(text);
    const auto open = find_unquoted(text, '<');
    const auto close = open == std::string_view::npos ? open : text.find('>', open);
    if (close != std::string_view::npos) {
        out.display = unquote(trim(text.substr(0, open)));
        out.uri = std::string(trim(text.substr(open + 1, close - open - 1)));
        text.remove_prefix(close + 1);
    } else {
        const auto end = std::min(text.find(';'), text.size());
        out.uri = std::string(trim(text.substr(0, end)));
        text.remove_prefix(end);
    }
    out.parameters = read_parameters(text, ';');
    return out;
}

std::optional<cseq> parse_cseq(std::string_view text) {
    text = trim(text);
    const auto blank = text.find_first_of(" \t");
    if (blank == std::string_view::npos) return std::nullopt;
    const auto number = to_number<std::uint32_t>(text.substr(0, blank));
    const auto method = trim(text.substr(blank));
    if (!number || method.find_first_of(" \t") != std::string_view::npos) return std::nullopt;
    return cseq{*number, std::string(method)};
}

std::optional<uri> parse_uri(std::string_view text) {
    text = trim(text);
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    uri out;
    out.scheme = lower(text.substr(0, colon));
    text.remove_prefix(colon + 1);
    // A semicolon before the @ belongs to the user part (+4930;ext=1@contoso.example).
    const auto at = text.find('@');
    const auto rest = at == std::string_view::npos ? text : text.substr(at + 1);
    const auto end = std::min(rest.find_first_of(";?"), rest.size());
    const bool has_host = out.scheme == "sip" || out.scheme == "sips";
    if (has_host && !read_host(rest.substr(0, end), out)) return std::nullopt;
    if (at != std::string_view::npos) out.user = std::string(text.substr(0, at));
    else if (!has_host) out.user = std::string(rest.substr(0, end));
    if (!has_host && out.user.empty()) return std::nullopt;
    const auto tail = rest.substr(end);
    out.parameters = read_parameters(tail.substr(0, tail.find('?')), ';');
    return out;
}

auth_header parse_auth_header(std::string_view text) {
    auth_header out;
    text = trim(text);
    const auto blank = std::min(text.find_first_of(" \t"), text.size());
    out.scheme = std::string(text.substr(0, blank));
    out.parameters = read_parameters(text.substr(blank), ',');
    return out;
}

std::vector<auth_header> parse_challenges(std::string_view list) {
    std::vector<auth_header> all;
    for (const auto text : net::split_challenges(list)) all.push_back(parse_auth_header(text));
    return all;
}

std::optional<diagnostics> parse_diagnostics(std::string_view header, std::string_view text) {
    text = trim(text);
    const auto end = std::min(text.find(';'), text.size());
    const auto number = trim(text.substr(0, end));
    const auto id = to_number<int>(number.substr(0, number.find('.')));  // 1000.1: the sub code stays in the text
    if (!id || *id < 0) return std::nullopt;
    diagnostics out;
    out.header = std::string(header);
    out.id = *id;
    out.parameters = read_parameters(text.substr(end), ';');
    out.reason = find_parameter(out.parameters, "reason");
    out.source = find_parameter(out.parameters, "source");
    return out;
}

std::vector<diagnostics> diagnostics_of(const message& from) {
    std::vector<diagnostics> out;
    for (const auto& [name, value] : from.headers) {
        const auto known = lower(name);
        if (known != "ms-diagnostics" && known != "ms-diagnostics-public" && known != "ms-client-diagnostics" &&
            known != "x-ms-diagnostics")
            continue;
        if (auto one = parse_diagnostics(name, value)) out.push_back(std::move(*one));
    }
    return out;
}

}  // namespace ucsignin::sip
