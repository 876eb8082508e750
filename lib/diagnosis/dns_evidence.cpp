#include "diagnosis/dns_evidence.hpp"

#include <algorithm>
#include <array>

#include "diagnosis/names.hpp"

namespace ucsignin::diagnosis {

std::string name_of(const trace::span& s) {
    const auto name = s.text(ev::dns_name.name);
    return name.empty() ? s.subject : name;
}

bool ended_in(const trace::span& s, std::string_view state) {
    return std::ranges::any_of(s.texts(ev::dns_state.name), [&](const std::string& t) { return after_first_word(t) == state; });
}

bool absent(const trace::span& s) {
    const auto states = s.texts(ev::dns_state.name);
    return !states.empty() && std::ranges::all_of(states, [](const std::string& t) {
        const auto state = after_first_word(t);
        return state == "NXDOMAIN" || state == "NODATA";
    });
}

std::vector<const trace::span*> looks(const case_view& view, std::string_view probe) {
    std::vector<const trace::span*> all;
    for (const auto& s : view.trace.spans)   // several looks share a subject: none supersedes another
        if (s.node == "discovery.cross_check" && ran(s) && s.text(ev::probe_kind.name) == probe) all.push_back(&s);
    return all;
}

std::string look_result(const trace::span& s) { return s.text(ev::probe_result.name); }

const trace::span* look_at(const case_view& view, std::string_view probe, std::string_view subject) {
    for (const auto* s : looks(view, probe))
        if (s->text(ev::probe_of.name) == subject) return s;
    return nullptr;
}

const trace::span* unrelated_names_resolve(const case_view& view) {
    for (const auto* s : looks(view, "unrelated_name"))
        if (const auto result = look_result(*s); result == "same_address" || result == "resolves") return s;
    return nullptr;
}

std::vector<told_line> lines_of(const trace::span& look) {
    std::vector<told_line> all;
    for (const auto& text : look.texts(ev::probe_detail.name)) {
        const auto rest = after_first_word(text), tail = after_first_word(rest);
        told_line line{first_word(text), first_word(rest), first_word(tail), {}};
        if (line.type != "A" && line.type != "AAAA" && line.type != "SRV") continue;
        auto data = after_first_word(tail);
        if (line.state == "malformed") data = {};
        for (std::size_t at = 0; at < data.size();) {
            const auto comma = std::min(data.find(", ", at), data.size());
            line.data.push_back(data.substr(at, comma - at));
            at = comma + 2;
        }
        all.push_back(std::move(line));
    }
    return all;
}

std::vector<std::string> addresses_of_name(const case_view& view, std::string_view host) {
    std::vector<std::string> all;
    for (const auto* s : name_spans(view.trace))
        if (lower(name_of(*s)) == lower(host))
            for (auto& address : s->texts(ev::dns_address.name)) all.push_back(std::move(address));
    for (const auto& s : view.trace.spans)
        if (s.node == "connection.tcp" && lower(host_of(candidate_of(s))) == lower(host))
            for (const auto& peer : s.texts(ev::peer.name)) all.push_back(host_of(peer));
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

}  // namespace ucsignin::diagnosis
