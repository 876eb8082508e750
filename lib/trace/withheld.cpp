#include "trace/withheld.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "trace/ascii.hpp"

namespace ucsignin::trace {
namespace {

// Of a query: what tells who is asked for, which the report says anyway, and the public words of WS-Federation.
constexpr std::array<std::string_view, 6> harmless_in_addresses{"sipuri", "originaldomain", "sipdomain",
                                                                "wa",     "wtrealm",        "whr"};
constexpr std::size_t guid = 36;

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_hex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }
bool is_encoding(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '+' || c == '/' || c == '=' || c == '-' || c == '_';
}

bool is_guid(std::string_view text) {
    if (text.size() != guid) return false;
    for (std::size_t i = 0; i < guid; ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
    }
    return true;
}

// Words and paths hold next to no digits.
bool is_encoded(std::string_view run) { return std::ranges::count_if(run, is_digit) >= 2 && !is_guid(run); }

bool begins_url(std::string_view text) { return text.starts_with("http://") || text.starts_with("https://"); }

std::size_t end_of_url(std::string_view text, std::size_t at) {
    return std::min(text.find_first_of(" \t\r\n<>\"'", at), text.size());
}

std::string replaced_runs(std::string_view text, std::size_t shortest) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        auto end = i;
        while (end < text.size() && is_encoding(text[end])) ++end;
        const auto run = text.substr(i, end - i);
        if (run.size() >= shortest && is_encoded(run)) out += "<" + std::to_string(run.size()) + " characters>";
        else out += run;
        if (end < text.size()) out += text[end++];
        i = end;
    }
    return out;
}

std::string without_password(std::string_view before_query) {
    const auto mark = before_query.find("://");
    const auto begin = mark == std::string_view::npos ? std::string_view::npos : mark + 3;
    if (begin == std::string_view::npos) return std::string(before_query);
    const auto end = std::min(before_query.find('/', begin), before_query.size());
    const auto at = before_query.substr(begin, end - begin).rfind('@');
    const auto colon = before_query.substr(begin, end - begin).find(':');
    if (at == std::string_view::npos || colon >= at) return std::string(before_query);
    return std::string(before_query.substr(0, begin + colon + 1)) + "<password>" +
           std::string(before_query.substr(begin + at));
}

std::string query_without_values(std::string_view query) {
    std::string out;
    for (std::size_t i = 0; i < query.size();) {
        const auto end = std::min(query.find_first_of("&;", i), query.size());
        const auto part = query.substr(i, end - i);
        const auto equals = part.find('=');
        const auto name = part.substr(0, std::min(equals, part.size()));
        const bool harmless = std::ranges::any_of(
            harmless_in_addresses, [&](std::string_view known) { return same_word(name, known); });
        if (equals == std::string_view::npos) out += replaced_runs(part, 24);
        else if (harmless) out += replaced_runs(part, 40);
        else out += std::string(name) + "=<" + std::to_string(part.size() - equals - 1) + " characters>";
        if (end < query.size()) out += query[end];
        i = end + 1;
    }
    return out;
}

// Each part of a path by itself: together they look like Base64. What follows a ";" is as in a query (jsessionid).
std::string replaced_parts(std::string_view path, std::size_t shortest) {
    std::string out;
    for (std::size_t i = 0; i <= path.size();) {
        const auto end = std::min(path.find('/', i), path.size());
        const auto part = path.substr(i, end - i);
        const auto parameters = std::min(part.find(';'), part.size());
        out += replaced_runs(part.substr(0, parameters), shortest);
        if (parameters < part.size()) out += ";" + query_without_values(part.substr(parameters + 1));
        if (end < path.size()) out += '/';
        i = end + 1;
    }
    return out;
}

}  // namespace

std::string withheld(std::string_view kind, std::size_t bytes) {
    return "<" + std::string(kind) + ", " + std::to_string(bytes) + " bytes>";
}

std::string withheld_token(std::string_view kind, std::string_view base64) {
    const auto last = base64.find_last_not_of('=');
    const auto characters = last == std::string_view::npos ? 0 : last + 1;
    std::string name = std::string(kind) + " token";
    if (base64.starts_with("TlRMTVNTUAAB")) name = "NTLM negotiate token";
    else if (base64.starts_with("TlRMTVNTUAAC")) name = "NTLM challenge token";
    else if (base64.starts_with("TlRMTVNTUAAD")) name = "NTLM authenticate token";
    return withheld(name, characters * 3 / 4);
}

std::string without_encoded_runs(std::string_view text, std::size_t shortest) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        auto url = std::min(text.find("http", i), text.size());
        while (url < text.size() && !begins_url(text.substr(url)))
            url = std::min(text.find("http", url + 1), text.size());
        out += replaced_runs(text.substr(i, url - i), shortest);
        const auto end = end_of_url(text, url);
        out += url_without_secrets(text.substr(url, end - url));
        i = end;
    }
    return out;
}

std::string without_secrets_of_urls(std::string text) {
    if (text.find("://") == std::string::npos) return text;
    return without_encoded_runs(text, std::string::npos);
}

std::string url_without_secrets(std::string_view url) {
    constexpr std::size_t longest_part = 40;
    const auto query = std::min(url.find_first_of("?#"), url.size());
    auto out = replaced_parts(without_password(url.substr(0, query)), longest_part);
    if (query == url.size()) return out;
    return out + url[query] + query_without_values(url.substr(query + 1));
}

}  // namespace ucsignin::trace
