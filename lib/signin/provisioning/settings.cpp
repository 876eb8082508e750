#include "signin/provisioning/settings.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "sip/lexical.hpp"
#include "sip/xml.hpp"

namespace ucsignin::signin::provisioning {
namespace {

constexpr std::string_view server_configuration = "ServerConfiguration";
constexpr int highest_port = 65535;
constexpr int least_ports = 2;  // RTP and RTCP, or a stream and its successor

struct range_names {
    trace::ev::media_kind_word kind;
    std::string_view from, to;
};
constexpr range_names of_a_kind[] = {
    {"audio", "ucMinAudioPort", "ucMaxAudioPort"},
    {"video", "ucMinVideoPort", "ucMaxVideoPort"},
    {"sharing", "ucMinAppSharingPort", "ucMaxAppSharingPort"},
    {"files", "ucMinFileTransferPort", "ucMaxFileTransferPort"}};
constexpr range_names of_all{"any", "ucMinMediaPort", "ucMaxMediaPort"};

std::string words_of(const port_range& one) { return fmt::format("{} {}-{}", one.kind.word(), one.from, one.to); }

// Adds the range where there is one; what is wrong with it as well.
void add_range(const sip::provisioning& from, const range_names& names, media_ports& into) {
    const auto first = setting_of(from, {server_configuration, names.from});
    const auto last = setting_of(from, {server_configuration, names.to});
    if (first.empty() && last.empty()) return;
    const port_range range{names.kind, sip::to_number<int>(first).value_or(0), sip::to_number<int>(last).value_or(0)};
    const bool valid = range.from > 0 && range.to > 0 && range.from <= highest_port && range.to <= highest_port;
    if (!valid)
        into.contradictions.push_back(fmt::format("the ports of {} are '{}' to '{}'", names.kind.word(), first, last));
    else if (range.from > range.to)
        into.contradictions.push_back(fmt::format("{}: the first port is above the last", words_of(range)));
    else if (range.to - range.from + 1 < least_ports)
        into.contradictions.push_back(fmt::format("{}: one port is too few", words_of(range)));
    if (valid) into.ranges.push_back(range);
}

// The same range for all is a plain choice, and that of a new pool; one that reaches into another is none.
void find_overlaps(media_ports& in) {
    for (auto a = in.ranges.begin(); a != in.ranges.end(); ++a)
        for (auto b = std::next(a); b != in.ranges.end(); ++b) {
            const bool same = a->from == b->from && a->to == b->to;
            const bool sound = a->from <= a->to && b->from <= b->to;
            if (sound && !same && a->from <= b->to && b->from <= a->to)
                in.contradictions.push_back(fmt::format("{} overlaps {}", words_of(*a), words_of(*b)));
        }
}

}  // namespace

std::vector<found_setting> find_settings(const sip::provisioning& in, std::span<const setting_place> places) {
    std::vector<found_setting> all;
    for (const auto& place : places)
        for (const auto& group : in.groups) {
            if (!sip::same_word(group.name, place.group)) continue;
            for (const auto& [name, value] : group.settings)
                if (!value.empty() && (place.name.empty() || sip::same_word(name, place.name)))
                    all.push_back({group.name, name, value});
        }
    return all;
}

std::string setting_of(const sip::provisioning& in, setting_place place) {
    const auto found = find_settings(in, {&place, 1});
    return found.empty() ? std::string{} : found.front().value;
}

bool is_on(const sip::provisioning& in, setting_place place) { return sip::xml::is_true(setting_of(in, place)); }

std::vector<std::string> told_twice(std::span<const found_setting> settings) {
    std::map<std::string, const std::string*> first;
    std::vector<std::string> all;
    for (const auto& one : settings) {
        const auto [before, fresh] = first.try_emplace(sip::lower(one.group + "/" + one.name), &one.value);
        if (!fresh && !sip::same_word(*before->second, one.value))
            all.push_back(fmt::format("{} is both '{}' and '{}'", one.name, *before->second, one.value));
    }
    return all;
}

media_ports read_media_ports(const sip::provisioning& from) {
    media_ports out;
    out.enabled = is_on(from, {server_configuration, "ucPortRangeEnabled"});
    if (!out.enabled) return out;
    for (const auto& names : of_a_kind) add_range(from, names, out);
    find_overlaps(out);
    // What clients of 2007 read counts where nothing else is said.
    if (out.ranges.empty() && out.contradictions.empty()) add_range(from, of_all, out);
    if (out.ranges.empty() && out.contradictions.empty())
        out.contradictions.emplace_back("port ranges are switched on, and none is named");
    return out;
}

std::vector<std::string> public_domains(const sip::provisioning& from) {
    std::vector<std::string> all;
    constexpr setting_place place{"publicProviders", "publicProviders"};
    const auto text = setting_of(from, place);
    const auto inner = sip::xml::document::read(text, sip::xml::limits::dial_plan, "PublicProviders");
    if (!inner) return all;
    for (const auto& provider : inner->root().children("PublicProvider"))
        for (const auto* field : {"NameDecorationDomain", "NameDecorationExcludedDomainList"}) {
            auto value = provider.attribute(field);
            if (value.empty()) value = provider.child(field).text();
            std::ranges::replace(value, ';', ',');
            for (const auto domain : sip::split_list(value, ',')) all.push_back(sip::lower(domain));
        }
    return all;
}

}  // namespace ucsignin::signin::provisioning
