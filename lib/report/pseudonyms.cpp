#include "report/pseudonyms.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "report/addresses.hpp"
#include "report/replace.hpp"

namespace ucsignin::report {
namespace {

// Labels that name a role, not an owner: they are what makes a masked report readable.
constexpr std::array<std::string_view, 34> roles{
    "sip", "sipinternal", "sipexternal", "sipinternaltls", "lyncdiscover", "lyncdiscoverinternal", "lyncweb", "lync", "skype", "sfb",
    "sfbweb", "webext", "webconf", "conf", "av", "access", "accessedge", "edge", "pool", "fe", "dir", "director", "autodiscover",
    "www", "mail", "owa", "ldap", "meet", "dialin", "wpad", "proxy", "adfs", "sts", "dns"};

// Public services: their names tell a reader something and nothing about who asks.
constexpr std::array<std::string_view, 6> public_services{"lync.com", "microsoft.com", "microsoftonline.com", "outlook.com",
                                                          "office365.com", "office.com"};

// Words of prose that are also names of accounts.
constexpr std::array<std::string_view, 6> plain_words{"user", "test", "admin", "server", "sip", "client"};

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

template <class List>
bool in(const List& list, std::string_view word) { return std::ranges::find(list, word) != list.end(); }

std::string numbered(std::map<std::string, std::string, std::less<>>& known, std::string_view value, std::string_view prefix) {
    const auto [at, added] = known.try_emplace(lower(value));
    if (added) at->second = std::string(prefix) + std::to_string(known.size());
    return at->second;
}

bool is_token(char c) {
    const auto u = static_cast<unsigned char>(c);
    return std::isalnum(u) || u >= 0x80 || c == '.' || c == '_' || c == '-' || c == '@' || c == ':' || c == '*' || c == '+';
}

// The domain that somebody registered: two labels, or three below co.uk and its like.
std::string_view registered_domain(std::string_view host) {
    const auto last = host.rfind('.');
    if (last == std::string_view::npos || last == 0) return {};
    auto second = host.rfind('.', last - 1);
    const auto begin = [&](std::size_t dot) { return dot == std::string_view::npos ? 0 : dot + 1; };
    const bool country = host.size() - last - 1 == 2 && last - begin(second) <= 3;
    if (country && second != std::string_view::npos && second > 0) second = host.rfind('.', second - 1);
    return host.substr(begin(second));
}

bool is_name(std::string_view word) {
    return word.find('.') != std::string_view::npos && word.find("..") == std::string_view::npos && word.front() != '.' &&
           std::ranges::any_of(word, [](unsigned char c) { return std::isalpha(c) || c >= 0x80; });
}

bool is_public_service(std::string_view host) { return in(public_services, registered_domain(host)); }

}  // namespace

std::string pseudonyms::label(std::string_view text, bool leftmost) {
    if (text == "*" || text.starts_with('_')) return std::string(text);
    const auto role = text.substr(0, text.find_last_not_of("0123456789-") + 1);
    if (in(roles, role)) return std::string(text);
    return leftmost ? numbered(hosts_, text, "host") : numbered(inner_labels_, text, "sub");
}

std::string pseudonyms::name(std::string_view written) {
    const auto host = lower(written);
    const std::string_view base = registered_domain(host);
    if (base.empty() || is_public_service(host)) return std::string(written);
    std::string out;
    std::string_view rest(host.data(), host.size() - base.size());
    for (bool leftmost = true; !rest.empty(); leftmost = false) {
        const auto dot = rest.find('.');
        out += label(rest.substr(0, dot), leftmost && rest.front() != '*') + ".";
        rest.remove_prefix(dot + 1);
    }
    return out + numbered(domains_, base, "domain") + ".example";
}

std::string pseudonyms::address4(std::string_view address) {
    const auto sort = sort_of_ipv4(address);
    if (sort == address_sort::loopback || sort == address_sort::link_local) return std::string(address);
    auto& known = sort == address_sort::private_use ? private4_ : public4_;
    const auto [at, added] = known.try_emplace(std::string(address));
    if (!added) return at->second;
    // RFC 5737 has three documentation networks; RFC 2544's follows in case a run saw more than 762 addresses.
    static constexpr std::array<std::string_view, 3> documentation{"192.0.2.", "198.51.100.", "203.0.113."};
    const auto n = known.size() - 1;
    const auto net = n / 254;
    const auto last = std::to_string(n % 254 + 1);
    if (sort == address_sort::private_use) at->second = "10.0." + std::to_string(net) + "." + last;
    else at->second = net < 3 ? std::string(documentation[net]) + last : "198.18." + std::to_string(net) + "." + last;
    return at->second;
}

std::string pseudonyms::address6(std::string_view address) {
    const auto sort = sort_of_ipv6(address);
    if (sort == address_sort::loopback) return std::string(address);
    if (sort == address_sort::link_local) return numbered(link_local6_, address, "fe80::");
    if (sort == address_sort::private_use) return numbered(private6_, address, "fd00::");
    return numbered(public6_, address, "2001:db8::");
}

std::string pseudonyms::user_at(std::string_view user, std::string_view domain, names which) {
    const auto masked = user.empty() ? std::string() : numbered(users_, user, "user");
    if (user.size() >= 3 && !in(plain_words, lower(user))) words_.try_emplace(lower(user), masked);
    return masked + "@" + token(domain, which);
}

// A word between colons: an IPv4 address, a name, or a word that is known to name somebody.
std::string pseudonyms::piece(std::string_view word, names which) {
    if (sort_of_ipv4(word)) return address4(word);
    if (is_name(word)) {
        const bool known = domains_.contains(registered_domain(lower(word)));
        return known || which == names::every ? name(word) : std::string(word);
    }
    const auto at = words_.find(lower(word));
    return at == words_.end() ? std::string(word) : at->second;
}

std::string pseudonyms::token(std::string_view word, names which) {
    // Punctuation of the sentence, and the dot at the end of an absolute name.
    std::size_t end = word.size();
    if (!sort_of_ipv6(word))
        while (end > 0 && (word[end - 1] == '.' || word[end - 1] == ':' || word[end - 1] == '-')) --end;
    const auto tail = word.substr(end);
    word = word.substr(0, end);
    if (word.empty()) return std::string(tail);
    if (sort_of_ipv6(word)) return address6(word) + std::string(tail);
    for (const std::string_view scheme : {"sip:", "sips:"})
        if (word.starts_with(scheme)) return std::string(scheme) + token(word.substr(scheme.size()), which) + std::string(tail);
    if (const auto at = word.find('@'); at != std::string_view::npos)
        return user_at(word.substr(0, at), word.substr(at + 1), names::every) + std::string(tail);
    std::string out;
    for (std::size_t begin = 0; begin <= word.size();) {
        const auto colon = std::min(word.find(':', begin), word.size());
        if (begin > 0) out += ':';
        if (colon > begin) out += piece(word.substr(begin, colon - begin), which);
        begin = colon + 1;
    }
    return out + std::string(tail);
}

std::string pseudonyms::tokens(std::string_view value, names which) {
    std::string out;
    for (std::size_t i = 0; i < value.size();) {
        const auto begin = i;
        while (i < value.size() && is_token(value[i])) ++i;
        if (i == begin) out += value[i++];
        else out += token(value.substr(begin, i - begin), which);
    }
    return out;
}

std::string pseudonyms::host(std::string_view value) {
    const bool one_word = std::ranges::all_of(value, [](char c) { return is_token(c) && c != '.' && c != ':'; });
    const bool is_number = value.find_first_not_of("0123456789") == std::string_view::npos;
    if (!one_word || is_number || value == "localhost") return tokens(value, names::every);
    const auto masked = label(lower(value), true);
    if (value.size() >= 3 && masked != lower(value) && !in(plain_words, lower(value))) words_.try_emplace(lower(value), masked);
    return masked;
}

std::string pseudonyms::sip_uri(std::string_view value) {
    // The opaque part names the machine.
    constexpr std::string_view key = "opaque=";
    const auto at = value.find(key);
    if (at == std::string_view::npos) return tokens(value, names::every);
    const auto begin = at + key.size();
    const auto end = std::min(value.find_first_of(";>", begin), value.size());
    return tokens(value.substr(0, at), names::every) + std::string(key) + "masked" + tokens(value.substr(end), names::every);
}

std::string pseudonyms::url(std::string_view value) {
    const auto scheme = value.find("://");
    if (scheme == std::string_view::npos) return text(value);
    const auto begin = scheme + 3;
    const auto end = std::min(value.find_first_of("/?# ", begin), value.size());
    const auto authority = value.substr(begin, end - begin);
    const auto colon = authority.find_last_not_of("0123456789");
    const bool has_port = colon != std::string_view::npos && authority[colon] == ':' && authority.find(':') == colon;
    const auto name = has_port ? authority.substr(0, colon) : authority;
    const auto port = has_port ? authority.substr(colon) : std::string_view();
    return std::string(value.substr(0, begin)) + host(name) + std::string(port) + text(value.substr(end));
}

std::string pseudonyms::login(std::string_view value) {
    const auto slash = value.find('\\');
    if (slash == std::string_view::npos) {
        if (value.find('@') != std::string_view::npos || value.empty()) return tokens(value, names::every);
        user_at(value, "", names::every);
        return users_.find(lower(value))->second;
    }
    const auto domain = numbered(netbios_, value.substr(0, slash), "DOMAIN");
    words_.try_emplace(lower(value.substr(0, slash)), domain);
    return domain + "\\" + login(value.substr(slash + 1));
}

// Host names inside certificates are hosts; other values name an organization, a place or an authority.
std::string pseudonyms::attribute(std::string_view type, std::string_view value) {
    if (type == "C" || value.empty()) return std::string(value);
    if (value.find_first_of(" ,") == std::string_view::npos && (is_name(value) || value.find('@') != std::string_view::npos || sort_of_ipv4(value)))
        return tokens(value, names::every);
    if (const auto at = words_.find(lower(value)); at != words_.end()) return at->second;
    const auto masked = numbered(organizations_, value, "name");
    if (value.size() >= 4) phrases_.try_emplace(lower(value), masked);
    return masked;
}

std::string pseudonyms::dn(std::string_view value) {
    std::string out;
    std::size_t done = 0;
    for (const auto& found : attributes_of(value)) {
        out += std::string(value.substr(done, found.begin - done)) + attribute(found.type, value.substr(found.begin, found.end - found.begin));
        done = found.end;
    }
    return out + tokens(value.substr(done), names::every);
}

std::string pseudonyms::text(std::string_view value) { return tokens(replace_phrases(value, phrases_), names::known_domains); }

}  // namespace ucsignin::report
