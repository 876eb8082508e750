#include "lab/dns_answerer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lab/glob.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::lab {
namespace {

namespace dns = net::dns;

constexpr std::size_t header_size = 12, smallest_limit = 512, largest_answer = 1232;
constexpr auto formerr = static_cast<std::uint16_t>(dns::rcode::formerr);

std::optional<dns::resource> opt_of(const dns::message& query) {
    const auto found = std::find_if(
        query.additional.begin(), query.additional.end(), [](const auto& one) { return one.type == dns::type::opt; });
    return found == query.additional.end() ? std::nullopt : std::optional(*found);
}

// What the asker takes over UDP (RFC 6891 6.2.3), but no more than passes everywhere.
std::size_t size_limit(const std::optional<dns::resource>& opt, bool over_tcp) {
    if (over_tcp) return 65535;
    if (!opt) return smallest_limit;
    const auto size = sip::to_number<std::size_t>(opt->text).value_or(smallest_limit);
    return std::clamp(size, smallest_limit, largest_answer);
}

void answer_header(dns::message& out, const dns::message& query) {
    out.id = query.id;
    out.response = out.recursion_available = true;
    out.recursion_desired = query.recursion_desired;
    out.checking_disabled = query.checking_disabled;
    out.questions = query.questions;
    if (opt_of(query))
        out.additional.push_back({.name = "", .type = dns::type::opt, .text = std::to_string(largest_answer)});
}

void empty(dns::message& out) {
    out.answers.clear();
    out.authority.clear();
}

// Only the identifier can be told of a query that cannot be read.
std::vector<unsigned char> format_error(std::span<const unsigned char> query) {
    dns::message out;
    out.response = true;
    out.rcode = formerr;
    out.id = static_cast<std::uint16_t>(query[0] << 8 | query[1]);
    return dns::serialize(out);
}

// The identifier is right, so that it is taken for the answer; the rest is nothing.
std::vector<unsigned char> garbage_for(const dns::message& query) {
    return {
        static_cast<unsigned char>(query.id >> 8),
        static_cast<unsigned char>(query.id & 0xff),
        0x81,
        0x80,
        0,
        1,
        0,
        9,
        0,
        0,
        0,
        0,
        63,
        'x'};
}

}  // namespace

bool dns_answerer::refuses_tcp() const {
    return std::any_of(
        faults_.begin(), faults_.end(), [](const dns_fault& one) { return one.tcp == dns_over_tcp::refuse; });
}

const dns_fault* dns_answerer::due(const dns::question& asked, bool checking_disabled) {
    const dns_fault* out = nullptr;
    for (std::size_t i = 0; i < faults_.size(); ++i) {
        const auto& one = faults_[i];
        if (!matches_glob(one.name, asked.name) || !matches_glob(one.type, dns::to_string(asked.type))) continue;
        if (one.only_when_checking && checking_disabled) continue;
        if (one.when.include(++seen_[i]) && !out) out = &one;
    }
    return out;
}

// What a fault makes of a query that gets no proper answer.
static std::optional<dns_reply> instead_of_answer(
    const dns_fault& fault, const dns::message& query, bool over_tcp, const std::string& what) {
    using act = dns_reply::act;
    if (fault.drop || (fault.drop_udp && !over_tcp) || (over_tcp && fault.tcp == dns_over_tcp::drop))
        return dns_reply{act::nothing, {}, 0, what + ": no answer"};
    if (over_tcp && fault.tcp == dns_over_tcp::close) return dns_reply{act::close, {}, 0, what + ": closed"};
    if (fault.garbage) return dns_reply{act::send, garbage_for(query), fault.delay_ms, what + ": garbage"};
    return std::nullopt;
}

dns_reply dns_answerer::answer(std::span<const unsigned char> bytes, bool over_tcp) {
    if (bytes.size() < header_size) return {dns_reply::act::nothing, {}, 0, "DNS: a query of less than 12 bytes"};
    const auto query = dns::parse(bytes);
    if (query && query->response) return {dns_reply::act::nothing, {}, 0, "DNS: an answer instead of a query"};
    if (!query || query->questions.size() != 1)
        return {dns_reply::act::send, format_error(bytes), 0, "DNS: unreadable query, FORMERR"};
    const auto& asked = query->questions.front();
    const std::string what = fmt::format(
        "DNS {} {} {}", over_tcp ? "TCP" : "UDP", dns::to_string(asked.type), asked.name);
    if (kind_ == resolver_kind::silent) return {dns_reply::act::nothing, {}, 0, what + ": no answer"};

    const dns_fault* const fault = due(asked, query->checking_disabled);
    if (fault)
        if (auto other = instead_of_answer(*fault, *query, over_tcp, what)) return *std::move(other);
    dns::message out = zone_->answer(asked);
    answer_header(out, *query);
    if (kind_ == resolver_kind::authoritative) {
        out.authoritative = true;
        out.recursion_available = false;
    }
    if (kind_ == resolver_kind::refusing) out.rcode = static_cast<std::uint16_t>(dns::rcode::refused);
    else if (fault && fault->rcode) out.rcode = static_cast<std::uint16_t>(*fault->rcode);
    if (kind_ == resolver_kind::refusing || (fault && fault->rcode)) empty(out);
    if (fault && fault->extended_error && opt_of(*query))
        out.extended_errors = {{static_cast<std::uint16_t>(*fault->extended_error), fault->extended_text}};
    auto wire = dns::serialize(out);
    if ((fault && fault->truncate && !over_tcp) || wire.size() > size_limit(opt_of(*query), over_tcp)) {
        empty(out);
        out.truncated = true;
        wire = dns::serialize(out);
    }
    const std::string said = fmt::format(
        "{}: {}, {} records{}", what, dns::rcode_name(out.rcode), out.answers.size(),
        out.truncated ? ", truncated" : "");
    return {dns_reply::act::send, std::move(wire), fault ? fault->delay_ms : 0, said};
}

}  // namespace ucsignin::lab
