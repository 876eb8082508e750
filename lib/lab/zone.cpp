#include "lab/zone.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "net/dns_name.hpp"
#include "sip/lexical.hpp"
#include "trace/ascii.hpp"

namespace ucsignin::lab {
namespace {

namespace dns = net::dns;

constexpr std::size_t longest_chain = 16;

// "a.b.example", 2 -> "b.example"
std::string last_labels(std::string_view name, int count) {
    auto at = name.size();
    for (; count > 0 && at != std::string_view::npos && at > 0; --count) at = name.rfind('.', at - 1);
    return std::string(at == std::string_view::npos ? name : name.substr(std::min(at + 1, name.size())));
}

std::vector<net::ip_address> addresses(const scenario& what, const char* ipv4, const char* ipv6) {
    std::vector<net::ip_address> out;
    if (what.has_family("ipv4")) out.push_back(boost::asio::ip::make_address(ipv4));
    if (what.has_family("ipv6")) out.push_back(boost::asio::ip::make_address(ipv6));
    return out;
}

std::optional<dns::type> type_named(std::string_view name) {
    for (const auto type :
         {dns::type::a, dns::type::aaaa, dns::type::cname, dns::type::ns, dns::type::srv, dns::type::txt})
        if (sip::same_word(dns::to_string(type), name)) return type;
    return std::nullopt;
}

std::expected<void, std::string> read_service(const std::string& data, dns::srv& into) {
    const auto parts = sip::split_list(data, ' ');
    if (parts.size() != 4) return std::unexpected("must be \"priority weight port target\"");
    const auto priority = sip::to_number<std::uint16_t>(parts[0]), weight = sip::to_number<std::uint16_t>(parts[1]);
    const auto port = sip::to_number<std::uint16_t>(parts[2]);
    if (!priority || !weight || !port) return std::unexpected("priority, weight and port must be numbers up to 65535");
    into = {*priority, *weight, *port, parts[3] == "." ? std::string() : std::string(parts[3])};
    if (!into.target.empty() && !is_plain_name(into.target)) return std::unexpected("the target is not a domain name");
    return {};
}

bool is_address(const std::string& text, bool ipv6) {
    boost::system::error_code failure;
    const auto address = boost::asio::ip::make_address(text, failure);
    return !failure && address.is_v6() == ipv6;
}

}  // namespace

bool is_plain_name(std::string_view text) {
    constexpr std::string_view fine = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_*.";
    return !text.empty() && text.find_first_not_of(fine) == std::string_view::npos && dns::wire_name(text).has_value();
}

lab_hosts documentation_hosts(const scenario& what) {
    lab_hosts out{
        addresses(what, "192.0.2.10", "2001:db8::10"),
        addresses(what, "192.0.2.11", "2001:db8::11"),
        addresses(what, "192.0.2.12", "2001:db8::12"),
        addresses(what, "192.0.2.20", "2001:db8::20"),
        {}};
    for (std::size_t i = 0; i < what.pool.relays.size(); ++i) {
        const auto last = std::to_string(30 + i);
        out.relays.push_back(addresses(what, ("192.0.2." + last).c_str(), ("2001:db8::" + last).c_str()));
    }
    if (what.pool.exchange.there) out.exchange = addresses(what, "192.0.2.40", "2001:db8::40");
    return out;
}

std::expected<dns::resource, std::string> to_resource(const dns_record& record) {
    const auto type = type_named(record.type);
    if (!type) return std::unexpected("unknown type");
    if (!is_plain_name(record.name)) return std::unexpected("the owner is not a domain name");
    dns::resource out{.name = record.name, .type = *type, .ttl = record.ttl, .text = record.data};
    if (*type == dns::type::a && !is_address(record.data, false)) return std::unexpected("must be an IPv4 address");
    if (*type == dns::type::aaaa && !is_address(record.data, true)) return std::unexpected("must be an IPv6 address");
    if ((*type == dns::type::cname || *type == dns::type::ns) && !is_plain_name(record.data))
        return std::unexpected("must be a domain name");
    if (*type == dns::type::txt && (record.data.size() > 255 || record.data.starts_with('"')))
        return std::unexpected("must be up to 255 bytes, without quotes");
    if (*type == dns::type::srv) {
        const auto read = read_service(record.data, out.service);
        if (!read) return std::unexpected(read.error());
    }
    return out;
}

zone::zone(const scenario& what, const lab_hosts& hosts)
    : domain_(what.pool.sip_domain), domain_exists_(what.dns.zone_exists) {
    if (!what.dns.empty && domain_exists_) {
        if (what.pool.edge) add_outside(what, hosts);
        else add_inside(what, hosts);
        add_relays(what, hosts);
        add_exchange(what, hosts);
    }
    if (what.dns.authoritative.there) {
        records_.push_back({.name = domain_, .type = dns::type::ns, .ttl = 300, .text = "ns1." + domain_});
        add_addresses("ns1." + domain_, {boost::asio::ip::make_address(name_server_address)});
    }
    apply(what.dns);
}

zone zone::authoritative(scenario what, const lab_hosts& hosts) {
    zone out(what, hosts);
    what.dns.remove = std::move(what.dns.authoritative.remove);
    what.dns.set = std::move(what.dns.authoritative.set);
    what.dns.add = std::move(what.dns.authoritative.add);
    out.apply(what.dns);
    return out;
}

void zone::add_addresses(const std::string& name, const std::vector<net::ip_address>& where) {
    for (const auto& address : where) {
        dns::resource record{
            .name = sip::lower(name),
            .type = address.is_v6() ? dns::type::aaaa : dns::type::a,
            .ttl = 300,
            .text = address.to_string()};
        const auto same = [&](const dns::resource& one) {
            return one.name == record.name && one.type == record.type && one.text == record.text;
        };
        if (std::none_of(records_.begin(), records_.end(), same)) records_.push_back(std::move(record));
    }
}

void zone::add_service(const std::string& name, int port, const std::string& target) {
    dns::resource record{
        .name = name, .type = dns::type::srv, .ttl = 300, .text = fmt::format("0 0 {} {}", port, target)};
    record.service = {0, 0, static_cast<std::uint16_t>(port), target};
    records_.push_back(std::move(record));
}

void zone::add_relays(const scenario& what, const lab_hosts& hosts) {
    for (std::size_t i = 0; i < what.pool.relays.size() && i < hosts.relays.size(); ++i)
        add_addresses(what.pool.relays[i].host, hosts.relays[i]);
}

void zone::add_exchange(const scenario& what, const lab_hosts& hosts) {
    add_addresses(what.pool.exchange.host, hosts.exchange);
    add_addresses("autodiscover." + domain_, hosts.exchange);
}

void zone::add_outside(const scenario& what, const lab_hosts& hosts) {
    add_addresses("lyncdiscover." + domain_, hosts.web);
    add_addresses(what.pool.web_external, hosts.web);
    add_addresses("pki." + domain_, hosts.web);
    add_service("_sip._tls." + domain_, what.pool.external_port, what.pool.edge_host);
    add_addresses(what.pool.edge_host, hosts.edge);
    add_addresses("sip." + domain_, hosts.edge);
    add_addresses("sipexternal." + domain_, hosts.edge);
}

void zone::add_inside(const scenario& what, const lab_hosts& hosts) {
    add_addresses("lyncdiscoverinternal." + domain_, hosts.web);
    add_addresses(what.pool.web_internal, hosts.web);
    add_addresses("pki." + domain_, hosts.web);
    add_addresses(what.pool.web_external, hosts.web);
    add_service("_sipinternaltls._tcp." + domain_, what.pool.internal_port, what.pool.pool);
    add_addresses(what.pool.pool, hosts.fe01);
    add_addresses("sipinternal." + domain_, hosts.fe01);
    add_addresses("sip." + domain_, hosts.fe01);
    add_addresses("fe01." + domain_, hosts.fe01);
    add_addresses("fe02." + domain_, hosts.fe02);
}

void zone::apply(const dns_section& section) {
    const auto remove = [this](const dns_record& which) {
        std::erase_if(records_, [&](const dns::resource& one) {
            return one.name == which.name &&
                   (which.type == "*" || sip::same_word(dns::to_string(one.type), which.type));
        });
    };
    const auto add = [this](const dns_record& which) {
        auto made = to_resource(which);
        if (made) records_.push_back(std::move(*made));
    };
    std::for_each(section.remove.begin(), section.remove.end(), remove);
    std::for_each(section.set.begin(), section.set.end(), remove);
    std::for_each(section.set.begin(), section.set.end(), add);
    std::for_each(section.add.begin(), section.add.end(), add);
}

bool zone::exists(std::string_view name) const {
    if (name == domain_) return domain_exists_;
    return std::any_of(
        records_.begin(), records_.end(), [&](const dns::resource& one) { return trace::is_under(one.name, name); });
}

// RFC 4592: a wildcard stands for names of which neither they nor a name between exist.
std::string zone::source_of(std::string_view name) const {
    if (exists(name)) return std::string(name);
    for (auto parent = name; parent.find('.') != std::string_view::npos;) {
        parent = parent.substr(parent.find('.') + 1);
        const std::string star = "*." + std::string(parent);
        if (std::any_of(records_.begin(), records_.end(), [&](const dns::resource& one) { return one.name == star; }))
            return star;
        if (exists(parent)) return {};
    }
    return {};
}

dns::resource zone::authority_for(std::string_view name) const {
    std::string owner = last_labels(name, 1);
    if (domain_exists_ && trace::is_under(name, domain_)) owner = domain_;
    else if (exists(last_labels(name, 2))) owner = last_labels(name, 2);
    return {
        .name = owner,
        .type = dns::type::soa,
        .ttl = 300,
        .text = fmt::format("ns1.{0} hostmaster.{0} 2026010101 3600 600 604800 300", owner)};
}

dns::message zone::answer(const dns::question& asked) const {
    dns::message out;
    std::string name = sip::lower(asked.name);
    bool found = false, known = false;
    for (std::size_t hops = 0; hops < longest_chain; ++hops) {
        const std::string source = source_of(name);
        known = !source.empty();
        const dns::resource* alias = nullptr;
        for (const auto& one : records_) {
            if (one.name != source) continue;
            if (one.type == dns::type::cname && asked.type != dns::type::cname) alias = &one;
            if (one.type != asked.type) continue;
            out.answers.push_back(one);
            out.answers.back().name = name;
            found = true;
        }
        if (found || !alias) break;
        out.answers.push_back(*alias);
        out.answers.back().name = name;
        name = alias->text;
    }
    if (asked.type == dns::type::soa && name == domain_ && domain_exists_) {
        out.answers.push_back(authority_for(domain_));
        found = true;
    }
    if (!known) out.rcode = static_cast<std::uint16_t>(dns::rcode::nxdomain);
    if (!found) out.authority.push_back(authority_for(name));
    return out;
}

std::vector<net::ip_address> zone::addresses_of(std::string_view host) const {
    std::vector<net::ip_address> out;
    for (const auto type : {dns::type::a, dns::type::aaaa})
        for (const auto& one : answer({std::string(host), type}).answers)
            if (one.type == type) out.push_back(boost::asio::ip::make_address(one.text));
    return out;
}

std::vector<std::string> zone::names_of(const net::ip_address& address) const {
    std::set<std::string> owners, out;
    for (const auto& one : records_)
        if (one.type == dns::type::a || one.type == dns::type::aaaa || one.type == dns::type::cname)
            owners.insert(one.name);
    for (const auto& name : owners) {
        const auto led_to = addresses_of(name);
        if (!name.starts_with('*') && std::find(led_to.begin(), led_to.end(), address) != led_to.end())
            out.insert(name);
    }
    return {out.begin(), out.end()};
}

std::vector<std::string> zone::lines() const {
    std::vector<std::string> out;
    for (const auto& one : records_) {
        std::string data = one.text;
        if (one.type == dns::type::srv && one.service.target.empty()) data = data.substr(0, data.rfind(' ') + 1) + ".";
        else if (one.type == dns::type::srv || one.type == dns::type::cname || one.type == dns::type::ns) data += '.';
        out.push_back(fmt::format("{}. {} IN {} {}", one.name, one.ttl, dns::to_string(one.type), data));
    }
    return out;
}

}  // namespace ucsignin::lab
