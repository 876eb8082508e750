#include "report/pseudonyms.hpp"

#include <algorithm>

#include "report/distinguished_names.hpp"
#include "report/shapes.hpp"
#include "report/text_mask.hpp"
#include "report/vocabulary.hpp"

namespace ucsignin::report {
namespace {

bool is_label(std::string_view text) {
    return !text.empty() && text.find('.') == std::string_view::npos && word_at(text, 0) == text.size();
}

bool is_country(std::string_view type, std::string_view value) {
    return type == "C" && value.size() == 2 && std::ranges::all_of(value, [](char c) { return c >= 'A' && c <= 'Z'; });
}

// "Wi-Fi", "Ethernet 2"
bool is_kind_of_adapter(std::string_view name) {
    const auto number = name.find_last_not_of("0123456789") + 1;
    if (number > 1 && name.size() - number < 3 && name[number - 1] == ' ') name = name.substr(0, number - 1);
    for (std::size_t at = 0; at < name.size();) {
        const auto word = name.substr(at, word_at(name, at));
        if (!word.empty() && !is_ours(word)) return false;
        at += word.empty() ? 1 : word.size();
    }
    return true;
}

}  // namespace

std::string pseudonyms::text(std::string_view value) { return text_mask(*this, value).run(); }

std::string pseudonyms::name(std::string_view value) {
    const auto* known = names_.of_word(value);
    return known ? *known : text(value);
}

// A label without a domain is a host though it may be a word of ours; several words are a text ("External
// sip.contoso.example").
std::string pseudonyms::host(std::string_view value) {
    const auto colon = value.rfind(':');
    const auto port = colon == std::string_view::npos || port_at(value, colon) != value.size() - colon ? value.size()
                                                                                                       : colon;
    const auto label = value.substr(0, port);
    if (!is_label(label) || std::ranges::all_of(label, is_digit) || label == "localhost") return text(value);
    const auto* known = names_.of_word(label);
    return (known ? *known : names_.host_label(label)) + std::string(value.substr(port));
}

std::string pseudonyms::login(std::string_view value) {
    const auto slash = value.find('\\');
    if (slash != std::string_view::npos)
        return names_.login_domain(value.substr(0, slash)) + "\\" + login(value.substr(slash + 1));
    const bool has_domain = value.find('@') != std::string_view::npos;
    return has_domain || value.empty() ? text(value) : names_.user(value);
}

std::string pseudonyms::adapter(std::string_view value) {
    return is_kind_of_adapter(value) ? std::string(value) : names_.adapter(value);
}

// Host names inside certificates are hosts; other values name an organization, a place or an authority.
std::string pseudonyms::attribute(std::string_view type, std::string_view value) {
    if (is_country(type, value) || value.empty()) return std::string(value);
    const bool one_word = value.find_first_of(" ,") == std::string_view::npos;
    const bool has_domain = value.find('@') != std::string_view::npos || is_host_name(value) ||
                            ipv4_at(value, 0) == value.size();
    return one_word && has_domain ? text(value) : names_.organization(value);
}

void pseudonyms::learn_dn(std::string_view value) {
    for (const auto& found : attributes_of(value))
        (void)attribute(found.type, value.substr(found.begin, found.end - found.begin));
}

std::string pseudonyms::dn(std::string_view value) {
    std::string out;
    std::size_t done = 0;
    for (const auto& found : attributes_of(value)) {
        out += text(value.substr(done, found.begin - done)) +
               attribute(found.type, value.substr(found.begin, found.end - found.begin));
        done = found.end;
    }
    return out + text(value.substr(done));
}

void pseudonyms::keep_number(std::string_view number) { numbers_.emplace(number); }

}  // namespace ucsignin::report
