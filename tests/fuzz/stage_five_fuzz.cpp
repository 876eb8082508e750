// links: signin sip trace
// One body as the answer to each request of stage 5, judged by every node; and the same text as a line URI.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "signin/provisioning/requests.hpp"
#include "sip/line_uri.hpp"

using namespace ucsignin;
using namespace ucsignin::signin::provisioning;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void try_nodes(std::string_view text) {
    answers all(std::size(requests));
    all.own_address = "sip:alice@contoso.example";
    for (const auto& row : requests) {
        auto& a = all.at(row.id);
        a.now = answer::state::complete;
        a.name = row.name;
        a.reply.emplace();
        a.reply->answer.status = 200;
        if (row.read) a.body = row.read(text);
    }
    for (const auto& row : nodes()) {
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try_nodes(text);
    try_line(text);
    return 0;
}
