#include "report/stand_ins.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "report/shapes.hpp"
#include "report/vocabulary.hpp"
#include "trace/addresses.hpp"

namespace ucsignin::report {
namespace {

// Labels that name a role, not an owner: they are what makes a masked report readable.
constexpr std::array<std::string_view, 35> roles{
    "sip",
    "sipinternal",
    "sipexternal",
    "sipinternaltls",
    "sipdir",
    "lyncdiscover",
    "lyncdiscoverinternal",
    "lyncweb",
    "lync",
    "skype",
    "sfb",
    "sfbweb",
    "webext",
    "webconf",
    "conf",
    "av",
    "access",
    "accessedge",
    "edge",
    "pool",
    "fe",
    "dir",
    "director",
    "autodiscover",
    "www",
    "mail",
    "owa",
    "ldap",
    "meet",
    "dialin",
    "wpad",
    "proxy",
    "adfs",
    "sts",
    "dns"};

// Labels of SRV records.
constexpr std::array<std::string_view, 18> services{
    "_sip",  "_sips", "_sipinternal", "_sipinternaltls", "_sipexternal", "_sipexternaltls", "_sipfederationtls", "_tls",
    "_tcp",  "_udp",  "_ldap",        "_kerberos",       "_kpasswd",     "_msdcs",          "_autodiscover",     "_ntp",
    "_stun", "_turn"};

// Public services: their names tell a reader something and nothing about who asks. What stands before them may be a
// customer's.
constexpr std::array<std::string_view, 7> public_services{"lync.com",        "microsoft.com", "microsoftonline.com",
                                                          "onmicrosoft.com", "outlook.com",   "office365.com",
                                                          "office.com"};

// Longer texts are no names, and each of their characters would be kept.
constexpr std::size_t longest_name = 320;

// A number behind a role ("fe01", "edge-2") tells hosts apart. A longer one could be somebody's.
constexpr std::size_t longest_tail = 4;

template <class List>
bool in(const List& list, std::string_view word) {
    return std::ranges::find(list, word) != list.end();
}

bool is_findable(std::string_view name) {
    return name.size() > 2 && name.size() <= longest_name && !std::ranges::all_of(name, is_digit);
}

bool is_role(std::string_view label) {
    const auto role = label.substr(0, label.find_last_not_of("0123456789-") + 1);
    return in(roles, role) && label.size() - role.size() <= longest_tail;
}

}  // namespace

std::string_view registered_domain(std::string_view host) {
    const auto last = host.rfind('.');
    if (last == std::string_view::npos || last == 0) return {};
    auto second = host.rfind('.', last - 1);
    const auto begin = [&](std::size_t dot) { return dot == std::string_view::npos ? 0 : dot + 1; };
    const bool country = host.size() - last - 1 == 2 && last - begin(second) <= 3;
    if (country && second != std::string_view::npos && second > 0) second = host.rfind('.', second - 1);
    return host.substr(begin(second));
}

std::string stand_ins::numbered(table& known, std::string_view value, std::string_view prefix) {
    const auto [at, added] = known.try_emplace(lower(value));
    if (added) at->second = std::string(prefix) + std::to_string(known.size());
    return at->second;
}

// So that sentences lose the name, too. One of a letter or two, or a small number, would be found everywhere; unknown
// words go anyway.
void stand_ins::learn(std::string_view name, const std::string& stand_in) {
    if (!is_findable(name)) return;
    if (word_at(name, 0) == name.size()) words_.try_emplace(lower(name), stand_in);
    else phrases_.add(name, stand_in);
}

std::string stand_ins::label(std::string_view text, table& known, std::string_view prefix) {
    return text == "*" || in(services, text) || is_role(text) ? std::string(text) : numbered(known, text, prefix);
}

std::string stand_ins::label_of_service(std::string_view text) {
    return is_ours(text) ? std::string(text) : label(text, hosts_, "host");
}

std::string stand_ins::host_name(std::string_view written) {
    const auto host = lower(written);
    const std::string_view base = registered_domain(host);
    if (base.empty()) return host_label(written);
    const bool is_public = in(public_services, base);
    std::string out;
    std::string_view rest(host.data(), host.size() - base.size());
    const bool wild = rest.starts_with('*');
    for (bool leftmost = true; !rest.empty(); leftmost = false) {
        const auto dot = rest.find('.');
        const auto text = rest.substr(0, dot);
        out += (is_public           ? label_of_service(text)
                : leftmost && !wild ? label(text, hosts_, "host")
                                    : label(text, inner_labels_, "sub")) +
               ".";
        rest.remove_prefix(dot + 1);
    }
    return out + (is_public ? std::string(base) : numbered(domains_, base, "domain") + ".example");
}

std::string stand_ins::host_label(std::string_view written) {
    const auto masked = label(lower(written), hosts_, "host");
    if (hosts_.contains(lower(written))) learn(written, masked);  // a role's name stays
    return masked;
}

std::string stand_ins::user(std::string_view name) {
    const auto masked = numbered(users_, name, "user");
    learn(name, masked);
    return masked;
}

std::string stand_ins::login_domain(std::string_view name) {
    const auto masked = numbered(login_domains_, name, "DOMAIN");
    learn(name, masked);
    return masked;
}

std::string stand_ins::organization(std::string_view name) {
    // "CN=alice": the stand-in that is known, unless the name had one of its own before.
    if (const auto* known = of_word(name); known && !organizations_.contains(lower(name))) return *known;
    const auto masked = numbered(organizations_, name, "name");
    if (is_findable(name) && !is_ours(name)) phrases_.add(name, masked);
    return masked;
}

std::string stand_ins::adapter(std::string_view name) {
    const auto masked = numbered(adapters_, name, "adapter");
    if (is_findable(name)) phrases_.add(name, masked);
    return masked;
}

std::string stand_ins::guid(std::string_view guid) { return numbered(guids_, guid, "guid"); }

std::string stand_ins::phone(std::string_view number) {
    std::string digits;
    std::ranges::copy_if(number, std::back_inserter(digits), is_digit);
    const bool is_stand_in = digits.empty() || std::isalpha(static_cast<unsigned char>(number.front()));
    return numbered(phones_, is_stand_in ? number : digits, "phone");
}

std::string stand_ins::ipv4(std::string_view address) {
    const auto sort = trace::sort_of_ipv4(address);
    if (sort == trace::address_sort::loopback) return std::string(address);
    auto& known = sort == trace::address_sort::link_local    ? link_local4_
                  : sort == trace::address_sort::private_use ? private4_
                                                             : public4_;
    const auto [at, added] = known.try_emplace(std::string(address));
    if (!added) return at->second;
    // RFC 5737 has three documentation networks; RFC 2544's follows in case a run saw more than 762 addresses, and then
    // what is reserved for the future (240/4).
    static constexpr std::array<std::string_view, 3> documentation{"192.0.2.", "198.51.100.", "203.0.113."};
    const auto n = known.size() - 1;
    const auto net = n / 254;
    const auto two_octets = [](std::size_t number) {
        return std::to_string(number / 256 % 256) + "." + std::to_string(number % 256) + ".";
    };
    const auto last = std::to_string(n % 254 + 1);
    if (sort == trace::address_sort::link_local) at->second = "169.254." + std::to_string(net % 256) + "." + last;
    else if (sort == trace::address_sort::private_use) at->second = "10." + two_octets(net) + last;
    else
        at->second = net < 3     ? std::string(documentation[net]) + last
                     : net < 256 ? "198.18." + std::to_string(net) + "." + last
                                 : "240." + two_octets(net) + last;
    return at->second;
}

std::string stand_ins::ipv6(std::string_view address) {
    const auto sort = trace::sort_of_ipv6(address);
    if (sort == trace::address_sort::loopback) return std::string(address);
    const auto is_link_local = sort == trace::address_sort::link_local,
               is_private = sort == trace::address_sort::private_use;
    auto& known = is_link_local ? link_local6_ : is_private ? private6_ : public6_;
    const auto [at, added] = known.try_emplace(lower(address));
    if (!added) return at->second;
    // Decimal digits, as many as a group has; more addresses take a second group.
    constexpr std::size_t in_a_group = 10000;
    const auto n = known.size();
    const auto groups = n < in_a_group ? std::to_string(n)
                                       : std::to_string(n / in_a_group) + ":" + std::to_string(n % in_a_group);
    at->second = (is_link_local ? "fe80::" : is_private ? "fd00::" : "2001:db8::") + groups;
    return at->second;
}

const std::string* stand_ins::of_word(std::string_view word) const {
    const auto at = words_.find(lower(word));
    return at == words_.end() ? nullptr : &at->second;
}

}  // namespace ucsignin::report
