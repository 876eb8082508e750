#include "sip/lexical.hpp"

namespace ucsignin::sip {

std::vector<std::string_view> split_list(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    bool quoted = false, bracketed = false;
    std::size_t start = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i == text.size() || (text[i] == separator && !quoted && !bracketed)) {
            const auto part = trim(text.substr(start, i - start));
            if (!part.empty()) parts.push_back(part);
            start = i + 1;
        } else if (quoted) {
            if (text[i] == '\\' && i + 1 < text.size()) ++i;
            else if (text[i] == '"') quoted = false;
        } else if (text[i] == '"') {
            quoted = true;
        } else if (text[i] == '<' || text[i] == '>') {
            bracketed = text[i] == '<';
        }
    }
    return parts;
}

std::string unquote(std::string_view text) {
    if (text.empty() || text.front() != '"') return std::string(text);
    std::string out;
    for (std::size_t i = 1; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        out += text[i];
    }
    return out;
}

std::string without_scheme(std::string_view address) {
    address = trim(address);
    for (const std::string_view scheme : {"sip:", "sips:"})
        if (same_word(address.substr(0, scheme.size()), scheme)) return std::string(address.substr(scheme.size()));
    return std::string(address);
}

std::pair<std::string, std::string> split_parameter(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return {lower(trim(text)), {}};
    return {lower(trim(text.substr(0, equals))), unquote(trim(text.substr(equals + 1)))};
}

}  // namespace ucsignin::sip
