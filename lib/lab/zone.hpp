#pragma once
// What DNS says in the lab: the pool's own names, changed by the scenario. No I/O.

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "lab/scenario.hpp"
#include "net/address.hpp"
#include "net/dns.hpp"

namespace ucsignin::lab {

// Where the servers of each role are said to be.
struct lab_hosts {
    std::vector<net::ip_address> edge, fe01, fe02, web;
    std::vector<std::vector<net::ip_address>> relays;  // of each of the scenario's
    std::vector<net::ip_address> exchange = {};
};
// 192.0.2.10, .11, .12, .20, relays from .30 on, Exchange .40, and 2001:db8::10 .. of the families that the scenario
// has.
[[nodiscard]] lab_hosts documentation_hosts(const scenario&);
inline constexpr const char* name_server_address = "192.0.2.53";

// Letters, digits, hyphens, underscores and * in labels: what certificates and zone files can hold as well.
[[nodiscard]] bool is_plain_name(std::string_view text);
// The error says what is wrong with the data.
[[nodiscard]] std::expected<net::dns::resource, std::string> to_resource(const dns_record&);

class zone {
public:
    zone(const scenario&, const lab_hosts&);
    // What the zone's own name server says, where that differs.
    [[nodiscard]] static zone authoritative(scenario, const lab_hosts&);

    // Response code, answers (a chain of CNAMEs first) and, when negative, the SOA of the closest zone.
    [[nodiscard]] net::dns::message answer(const net::dns::question&) const;
    [[nodiscard]] const std::vector<net::dns::resource>& records() const { return records_; }
    [[nodiscard]] std::vector<net::ip_address> addresses_of(std::string_view host) const;
    [[nodiscard]] std::vector<std::string> names_of(const net::ip_address&) const;  // without wildcards
    [[nodiscard]] std::vector<std::string> lines() const;                           // as in a zone file

private:
    void add_exchange(const scenario&, const lab_hosts&);
    void add_relays(const scenario&, const lab_hosts&);
    void add_outside(const scenario&, const lab_hosts&);
    void add_inside(const scenario&, const lab_hosts&);
    void apply(const dns_section&);
    void add_addresses(const std::string& name, const std::vector<net::ip_address>&);
    void add_service(const std::string& name, int port, const std::string& target);
    [[nodiscard]] bool exists(std::string_view name) const;            // it, or a name under it
    [[nodiscard]] std::string source_of(std::string_view name) const;  // the name, or the wildcard that stands for it
    [[nodiscard]] net::dns::resource authority_for(std::string_view name) const;

    std::string domain_;
    bool domain_exists_;
    std::vector<net::dns::resource> records_;
};

}  // namespace ucsignin::lab
