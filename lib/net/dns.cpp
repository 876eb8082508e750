#include "net/dns.hpp"

#include <array>

#include "net/dns_name.hpp"

namespace ucsignin::net::dns {

std::string_view to_string(type of) {
    switch (of) {
        case type::a: return "A";
        case type::ns: return "NS";
        case type::cname: return "CNAME";
        case type::soa: return "SOA";
        case type::txt: return "TXT";
        case type::aaaa: return "AAAA";
        case type::srv: return "SRV";
        case type::opt: return "OPT";
    }
    return "TYPE";
}

std::string rcode_name(std::uint16_t rcode) {
    static constexpr std::array names = {"NOERROR",  "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED",
                                         "YXDOMAIN", "YXRRSET", "NXRRSET",  "NOTAUTH",  "NOTZONE"};
    if (rcode < names.size()) return names[rcode];
    if (rcode == 16) return "BADVERS";
    return "RCODE" + std::to_string(rcode);
}

bool is_name(std::string_view text) { return wire_name(text).has_value(); }

}  // namespace ucsignin::net::dns
