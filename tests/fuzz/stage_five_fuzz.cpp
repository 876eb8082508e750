// links: signin sip trace
// One body as the answer to each request of stage 5, judged by every node, and what is asked because of it; the same
// text as a line URI and as a rule of a dial plan.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "signin/provisioning/requests.hpp"
#include "sip/dial_rules.hpp"
#include "sip/line_uri.hpp"

using namespace ucsignin;
using namespace ucsignin::signin::provisioning;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

// Nothing that a server says reaches a request line as more than an address.
void try_requests(const answers& all) {
    const endpoint me{all.own_address, "0fa1b2c3d4e5", "192.0.2.10:50812"};
    const auto is_one_word = [](const request_text& m) { return m.uri.find_first_of(" \r\n") == std::string::npos; };
    for (const auto& row : requests) {
        const auto wanted = row.build(me, all);
        if (const auto* one = std::get_if<request_text>(&wanted)) require(is_one_word(*one));
        if (const auto* each = std::get_if<request_each>(&wanted))
            for (const auto& one : each->all) require(is_one_word(one.text));
    }
}

// What follows from other answers, as the driver has it.
void derive(answers& all) {
    const endpoint me{all.own_address, "0fa1b2c3d4e5", "192.0.2.10:50812"};
    for (const auto& row : requests) {
        if (row.sources == nullptr) continue;
        auto found = row.build(me, all);
        auto& a = all.at(row.id);
        if (auto* there = std::get_if<known>(&found)) a.body = std::move(there->what);
        if (auto* none = std::get_if<not_sent>(&found)) a.unsent = std::move(*none);
    }
}

// The driver says itself that such a node isn't reached.
bool is_decided(const node_row& row, const answers& all) {
    return std::ranges::none_of(row.needed, [&](const auto need) {
        const auto& unsent = all.at(need).unsent;
        return unsent && unsent->reason != trace::not_run_reason::none;
    });
}

void try_nodes(std::string_view text) {
    answers all(std::size(requests));
    all.own_address = "sip:alice@contoso.example";
    all.dial = {"0171 1234567", "1001"};
    for (const auto& row : requests) {
        auto& a = all.at(row.id);
        a.now = answer::state::complete;
        a.name = row.name;
        a.reply.emplace();
        a.reply->answer.status = 200;
        if (row.read) a.body = row.read(text);
    }
    derive(all);
    try_requests(all);
    auto& partner = all.at(asked::presence_elsewhere).each.emplace_back();
    partner.about = "carol@fabrikam.example";
    partner.reply.emplace();
    partner.reply->answer.status = 200;
    partner.body = requests[asked::presence_elsewhere].read(text);
    for (const auto& row : nodes()) {
        if (!is_decided(row, all)) continue;
        const auto found = row.decide(all);
        require(row.node->find(found.branch.name()) != nullptr);
        require(found.how != trace::outcome::not_run && found.how != trace::outcome::unknown);
        require(found.facts.size() + found.groups.size() < 100000);
    }
}

void try_line(std::string_view text) {
    const auto line = sip::parse_line_uri(text);
    if (!line) return require(!line.error().what.empty() && line.error().offset <= text.size());
    // Written plainly, it is the same line.
    const auto again = sip::parse_line_uri(
        "tel:" + line->number + (line->extension.empty() ? "" : ";ext=" + line->extension));
    require(again && again->number == line->number && again->extension == line->extension);
}

void try_rule(std::string_view text) {
    const auto half = text.find('\n');
    if (half == std::string_view::npos) return;
    sip::location_profile plan;
    plan.rules.push_back({std::string(text.substr(0, half)), std::string(text.substr(half + 1))});
    const sip::dial_rules rules(plan);
    for (const auto* number : {"01711234567", "1001", ""}) require(rules.apply(number).result.size() < 100000);
    require(rules.faults().size() <= 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try_nodes(text);
    try_line(text);
    try_rule(text);
    return 0;
}
