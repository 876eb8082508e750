#include "lab/services.hpp"

#include <algorithm>
#include <set>

#include "lab/glob.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::lab {
namespace {

bool has(const std::vector<std::string>& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

std::string_view kind_of(speaks what) {
    switch (what) {
        case speaks::sip: return "sip";
        case speaks::https: return "https";
        case speaks::http: return "http";
        default: return "";
    }
}

class builder {
public:
    builder(const scenario& what, const zone& names) : scenario_(what), zone_(names) {}

    void add(
        std::string_view role, const std::vector<net::ip_address>& where, int port, speaks what,
        std::vector<std::string> names, const std::string& server) {
        for (const auto& address : where) {
            service one{
                .role = std::string(role),
                .meant = {address, static_cast<std::uint16_t>(port)},
                .what = what,
                .server = server,
                .names = names};
            replace(std::move(one));
        }
    }

    void add_extra(const extra_service& extra) {
        const auto at = net::parse_endpoint(extra.at, 443);
        if (!at) return;
        service one{.meant = *at, .what = extra.what, .server = extra.server, .names = extra.names};
        const auto before = find(*at);
        if (before != services_.end()) {
            one.role = before->role;
            if (one.server.empty()) one.server = before->server;
            if (one.names.empty()) one.names = before->names;
        }
        if (one.server.empty()) one.server = "fe01." + scenario_.pool.sip_domain;
        replace(std::move(one));
    }

    // Nobody answers anywhere else; without these a client would dial the world.
    void close_the_rest() {
        std::set<int> ports = {80, 443, 5061};
        std::vector<net::ip_address> addresses;
        for (const auto& one : services_) ports.insert(one.meant.port), addresses.push_back(one.meant.address);
        for (const auto& record : zone_.records()) {
            if (record.type == net::dns::type::srv) ports.insert(record.service.port);
            if (record.type == net::dns::type::a || record.type == net::dns::type::aaaa)
                addresses.push_back(boost::asio::ip::make_address(record.text));
        }
        for (const auto& address : addresses)
            for (const int port : ports)
                if (find({address, static_cast<std::uint16_t>(port)}) == services_.end())
                    add("", {address}, port, speaks::closed, {}, "");
    }

    std::vector<service> take() {
        for (auto& one : services_)
            for (const auto& name : zone_.names_of(one.meant.address))
                if (!has(one.names, name)) one.names.push_back(name);
        return std::move(services_);
    }

private:
    std::vector<service>::iterator find(const net::endpoint& at) {
        return std::find_if(services_.begin(), services_.end(), [&](const service& one) { return one.meant == at; });
    }
    void replace(service one) {
        const auto before = find(one.meant);
        if (before == services_.end()) services_.push_back(std::move(one));
        else *before = std::move(one);
    }

    const scenario& scenario_;
    const zone& zone_;
    std::vector<service> services_;
};

}  // namespace

std::vector<service> list_services(const scenario& what, const zone& names, const lab_hosts& hosts) {
    const pool_settings& pool = what.pool;
    const std::string fe01 = "fe01." + pool.sip_domain, fe02 = "fe02." + pool.sip_domain,
                      sip = "sip." + pool.sip_domain;
    const std::string& web = pool.edge ? pool.web_external : pool.web_internal;
    builder out(what, names);
    for (std::size_t i = 0; i < pool.relays.size() && i < hosts.relays.size(); ++i)
        out.add("relay", hosts.relays[i], pool.relays[i].tcp_port, speaks::relay, {pool.relays[i].host}, fe01);
    const auto& exchange = pool.exchange.host;
    out.add("exchange", hosts.exchange, 80, speaks::http, {exchange}, fe01);
    out.add("exchange", hosts.exchange, 443, speaks::https, {exchange, "autodiscover." + pool.sip_domain}, fe01);
    out.add("web", hosts.web, 80, speaks::http, {web}, fe01);
    out.add("web", hosts.web, 443, speaks::https, {web, pool.web_external, pool.web_internal}, fe01);
    out.add("fe02", hosts.fe02, pool.internal_port, speaks::sip, {pool.pool, fe02, sip}, fe02);
    out.add("fe01", hosts.fe01, pool.internal_port, speaks::sip, {pool.pool, fe01, sip}, fe01);
    if (pool.edge) out.add("edge", hosts.edge, pool.external_port, speaks::sip, {pool.edge_host, sip}, fe01);
    for (const auto& extra : what.services) out.add_extra(extra);
    out.close_the_rest();
    return out.take();
}

std::string own_name(const service& one) {
    if (!one.names.empty()) return one.names.front();
    return one.server.empty() ? one.meant.address.to_string() : one.server;
}

bool is_meant(std::string_view at, const service& one, std::string_view asked, const zone& names) {
    if (at.empty() || at == "*" || at == one.role || at == kind_of(one.what)) return true;
    if (at == "fe" && one.role.starts_with("fe")) return true;
    const auto place = net::parse_host_port(at, 0);
    if (!place || (place->port != 0 && place->port != one.meant.port)) return false;
    if (one.meant.address.to_string() == place->host) return true;
    if (!asked.empty()) return matches_glob(place->host, asked);
    const auto led_to = names.addresses_of(place->host);
    return std::find(led_to.begin(), led_to.end(), one.meant.address) != led_to.end();
}

}  // namespace ucsignin::lab
