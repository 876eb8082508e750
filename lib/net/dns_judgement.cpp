#include "net/dns_judgement.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace ucsignin::net {
namespace {

bool is_address(dns::type of) { return of == dns::type::a || of == dns::type::aaaa; }

constexpr std::size_t longest_chain = 8;  // resolvers give up soon after; the shortest limit known is 8

// True: the chain comes back to a name that it went through.
bool follow_aliases(
    const std::string& name, const std::vector<dns::resource>& records, std::vector<std::string>& chain) {
    for (auto at = name;;) {
        auto const alias = std::ranges::find_if(
            records, [&](auto const& each) { return each.type == dns::type::cname && each.name == at; });
        if (alias == records.end()) return false;
        at = alias->text;
        bool const back = at == name || std::ranges::find(chain, at) != chain.end();
        chain.push_back(at);
        if (back) return true;
        if (chain.size() > 2 * longest_chain) return false;  // longer ones tell nothing more
    }
}

// RFC 2308 5: the lesser of the SOA's own time to live and its last field.
std::optional<std::uint32_t> negative_ttl(const dns::resource& soa) {
    auto const blank = soa.text.rfind(' ');
    std::uint32_t minimum = 0;
    if (blank == std::string::npos) return std::nullopt;
    auto const [end, bad] = std::from_chars(soa.text.data() + blank + 1, soa.text.data() + soa.text.size(), minimum);
    if (bad != std::errc{} || end != soa.text.data() + soa.text.size()) return std::nullopt;
    return std::min(soa.ttl, minimum);
}

answer_state state_of(const dns::message& message, dns::type wanted) {
    switch (message.rcode) {
        case 0: break;
        case 2: return answer_state::servfail;
        case 3: return answer_state::nxdomain;
        case 5: return answer_state::refused;
        default: return answer_state::other;
    }
    bool const found = std::ranges::any_of(message.answers, [&](auto const& each) { return each.type == wanted; });
    return found ? answer_state::records : answer_state::no_data;
}

bool comes_before(const dns::srv& one, const dns::srv& other) {
    return one.priority != other.priority ? one.priority < other.priority : one.weight > other.weight;
}

// Aliases first; of each type only as many as are of use, services in their order.
void keep_what_is_of_use(dns_answer& answer) {
    auto& all = answer.records;
    std::ranges::stable_partition(all, [](auto const& each) { return each.type == dns::type::cname; });
    auto const services = std::ranges::stable_partition(
        all, [](auto const& each) { return each.type != dns::type::srv; });
    if (services.size() > most_services) std::ranges::stable_sort(services, comes_before, &dns::resource::service);
    std::map<dns::type, std::size_t> count;
    answer.left_out = std::erase_if(all, [&](auto const& each) {
        return ++count[each.type] > (each.type == dns::type::srv ? most_services : most_addresses);
    });
}

}  // namespace

void judge(dns_answer& answer, const dns::message& message) {
    answer.rcode = message.rcode;
    answer.state = state_of(message, answer.question.type);
    answer.records = message.answers;
    keep_what_is_of_use(answer);
    answer.authoritative = message.authoritative;
    answer.extended_errors = message.extended_errors;
    bool const circle = answer.question.type != dns::type::cname &&
                        follow_aliases(answer.question.name, message.answers, answer.cname_chain);
    answer.cname_loop = circle || (answer.state != answer_state::records && answer.cname_chain.size() > longest_chain);
    if (answer.state == answer_state::other) answer.detail = "the server answered " + dns::rcode_name(message.rcode);
    if (answer.state == answer_state::records) return;
    auto const zone = std::ranges::find(message.authority, dns::type::soa, &dns::resource::type);
    if (zone == message.authority.end()) return;
    answer.zone_exists = true;
    answer.zone = zone->name;
    answer.negative_ttl = negative_ttl(*zone);
}

std::string_view to_string(answer_state state) {
    switch (state) {
        case answer_state::records: return "records";
        case answer_state::no_data: return "NODATA";
        case answer_state::nxdomain: return "NXDOMAIN";
        case answer_state::servfail: return "SERVFAIL";
        case answer_state::refused: return "REFUSED";
        case answer_state::timed_out: return "timeout";
        case answer_state::malformed: return "malformed";
        case answer_state::unreachable: return "unreachable";
        case answer_state::other: break;
    }
    return "other";
}

std::vector<ip_address> dns_answer::addresses() const {
    std::vector<ip_address> found;
    for (auto const& each : records) {
        boost::system::error_code not_an_address;  // a record of another class
        auto const address = boost::asio::ip::make_address(each.text, not_an_address);
        if (is_address(each.type) && !not_an_address) found.push_back(address);
    }
    return found;
}

std::vector<dns::srv> dns_answer::services() const {
    std::vector<dns::srv> found;
    for (auto const& each : records)
        if (each.type == dns::type::srv) found.push_back(each.service);
    std::ranges::stable_sort(found, comes_before);
    return found;
}

}  // namespace ucsignin::net
