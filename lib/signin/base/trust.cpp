// The table of README.md, "Who gets the password", as code: what a name is, and who named it, decides what it may have.
// Names compare by whole labels, so that "evilcontoso.example" is not below "contoso.example".
#include "signin/base/trust.hpp"

#include <algorithm>
#include <array>

#include "net/address.hpp"
#include "trace/ascii.hpp"

namespace ucsignin::signin {
namespace {

// The desktop client trusts these beside the user's own domain as long as no policy names others (protocol
// section 1.5).
constexpr std::array<std::string_view, 4> hosted{
    "lync.com", "outlook.com", "lync.glbdns.microsoft.com", "microsoftonline.com"};

constexpr int most_vouched_steps = 5;

bool is_hosted(const std::string& host) {
    return std::ranges::any_of(hosted, [&](std::string_view domain) { return is_under(host, domain); });
}

// The domain that a host lies in: what a company would name. A name of two labels, and an address, stand for
// themselves.
std::string domain_of(const std::string& host) {
    boost::system::error_code no_address;
    boost::asio::ip::make_address(host, no_address);
    const auto dot = host.find('.');
    if (!no_address || dot == std::string::npos || host.find('.', dot + 1) == std::string::npos) return host;
    return host.substr(dot + 1);
}

}  // namespace

trace::ev::naming_word word_of(naming_way way) {
    static constexpr trace::ev::naming_word names[] = {"typed",        "typed_for_exchange", "dns",     "cached",
                                                       "autodiscover", "web_ticket_url",     "sts_uri", "metadata",
                                                       "redirect",     "provisioning"};
    return names[static_cast<std::size_t>(way)];
}

trust_rule::trust_rule(std::string sip_domain, std::vector<std::string> trust_domains)
    : sip_domain_(trace::lower(sip_domain)), trust_domains_(std::move(trust_domains)) {
    for (auto& domain : trust_domains_) domain = trace::lower(domain);
}

bool trust_rule::is_own(const std::string& host) const {
    return is_under(host, sip_domain_) ||
           std::ranges::any_of(trust_domains_, [&](const auto& domain) { return is_under(host, domain); });
}

// The rows of the table, the most generous first: a name may stand in several.
trust_decision trust_rule::covers(const std::string& host, const naming& named) const {
    if (named.how == naming_way::typed_for_exchange || is_own(host)) return credential_target(host, true, 0);
    if (named.how == naming_way::typed || named.how == naming_way::cached || is_hosted(host))
        return credential_target(host, false, 0);
    if (named.voucher && !named.in_clear && named.voucher->steps() < most_vouched_steps)
        return credential_target(host, false, named.voucher->steps() + 1);
    return std::unexpected(not_covered{host, named, objection(named), domain_of(host)});
}

std::string trust_rule::objection(const naming& named) const {
    const auto outside = "it does not belong to " + sip_domain_ + ", and ";
    const auto by = named.by.empty() ? std::string("nobody") : named.by;
    if (named.in_clear) return outside + by + " named it over plain HTTP";
    if (named.how == naming_way::dns) return outside + "only DNS names it (" + by + ")";
    if (named.voucher)
        return outside + "it was named over more than " + std::to_string(most_vouched_steps) + " steps, last by " + by;
    return outside + by + ", which named it, may not receive credentials either";
}

}  // namespace ucsignin::signin
