#include "net/dns_wire.hpp"

#include <algorithm>

namespace ucsignin::net {
namespace {

using headers = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view media_type = "application/dns-message";  // RFC 8484
constexpr std::size_t most_records = 16;                            // of an answer that are told

std::string flags_of(const dns::message& m) {
    std::string out;
    const auto add = [&out](bool is_set, std::string_view name) {
        if (is_set) out += (out.empty() ? "" : " ") + std::string(name);
    };
    add(m.authoritative, "AA");
    add(m.truncated, "TC");
    add(m.recursion_desired, "RD");
    add(m.recursion_available, "RA");
    add(m.authentic_data, "AD");
    add(m.checking_disabled, "CD");
    return out;
}

headers common(const dns::message& m, dns_transport over) {
    headers out{{"transport", over == dns_transport::tcp ? "TCP" : "UDP"}};
    if (auto flags = flags_of(m); !flags.empty()) out.emplace_back("flags", std::move(flags));
    return out;
}

void add_records(headers& to, const char* section, const std::vector<dns::resource>& records) {
    for (auto const& r : records)
        if (r.type != dns::type::opt && to.size() < most_records)
            to.emplace_back(
                section,
                r.name + " " + std::to_string(r.ttl) + " " + std::string(dns::to_string(r.type)) + " " + r.text);
}

headers headers_of(const dns::message& answer, dns_transport over, int retransmissions) {
    auto out = common(answer, over);
    if (retransmissions > 0) out.emplace_back("retransmissions", std::to_string(retransmissions));
    add_records(out, "answer", answer.answers);
    add_records(out, "authority", answer.authority);
    for (auto const& e : answer.extended_errors)
        out.emplace_back("extended-error", std::to_string(e.code) + (e.text.empty() ? "" : " " + e.text));
    return out;
}

std::string_view as_text(std::span<const unsigned char> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

void tell_query(const wire_tap& tap, const endpoint& server, dns_transport over, std::span<const unsigned char> query) {
    if (!tap) return;
    auto const message = dns::parse(query);
    if (!message || message->questions.empty()) return;
    auto const& question = message->questions.front();
    auto const line = "query " + std::string(dns::to_string(question.type)) + " " + question.name;
    auto const fields = common(*message, over);
    tap(
        {wire_direction::sent,
         "DNS",
         question.name,
         line,
         fields,
         media_type,
         as_text(query),
         0,
         {},
         to_string(server)});
}

void tell_answer(
    const wire_tap& tap, const dns::question& question, const endpoint& server, dns_transport over,
    const dns_exchange& done) {
    auto const& bytes = done.body.empty() ? done.stray : done.body;
    if (!tap || bytes.empty()) return;
    auto const message = dns::parse(bytes);
    std::string line = "unreadable answer";
    headers fields;
    if (message) {
        auto const count = message->answers.size();
        line = dns::rcode_name(message->rcode) + " " + std::to_string(count) + (count == 1 ? " answer" : " answers");
        fields = headers_of(*message, over, done.retransmissions);
    }
    tap(
        {wire_direction::received,
         "DNS",
         question.name,
         line,
         fields,
         media_type,
         as_text(bytes),
         0,
         {},
         to_string(server)});
}

}  // namespace ucsignin::net
