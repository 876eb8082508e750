// Stage 2: names that look missing, and are not: a filter keeps them back, or an alias leads to one that is gone.
#include <algorithm>

#include <fmt/format.h>

#include "diagnosis/dns_evidence.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

std::vector<const trace::span*> kept_back_by_a_filter(const case_view& view) {
    auto names = name_spans(view.trace);
    std::erase_if(names, [](const trace::span* s) { return filter_said(*s).empty(); });
    return names;
}

// A lyncdiscover name that is an alias for one that does not exist.
const trace::span* dead_alias(const case_view& view) {
    constexpr chart::node_ref names[] = {"discovery.autodiscover_external", "discovery.autodiscover_internal"};
    for (const auto node : names)
        if (const auto* s = view.trace.latest(node);
            s && absent(*s) && s->has(ev::dns_cname) && !s->is(ev::dns_cname_loop))
            return s;
    return nullptr;
}

}  // namespace

// What looks like a name that does not exist, or like a resolver that serves others only, is a filter by its own word.
maybe explain_kept_back_names(const case_view& view) {
    const auto hit = kept_back_by_a_filter(view);
    if (hit.empty()) return {};
    const auto subject = hit.size() > 1 ? view.domain : name_of(*hit.front());
    draft found(view, "dns-name-filtered");
    std::vector<std::string> names;
    for (const auto* s : hit) {
        found.seen(*s);
        names.push_back(name_of(*s));
    }
    found.about(subject).as(certainty::likely).title(fmt::format("A DNS filter keeps {} back", a_few(names, ", ")));
    auto made = found
                    .remedy(
                        "user, network admin",
                        fmt::format(
                            "Allow {} and the names below it in the DNS filter, or use another resolver.", view.domain))
                    .not_because("dns-no-records", "the resolver says that it leaves the answer out")
                    .not_because("dns-refused", "the reason that it gives is the name, not who asks")
                    .done();
    made->explanation = fmt::format(
        "The resolver says in its answer that it, or one that it asks, filters the name: extended error {} (RFC 8914). "
        "That is a block list on a resolver, a security product or parental control; whether the records exist cannot "
        "be seen from here.",
        filter_said(*hit.front()));
    return made;
}

// The record is there: it leads to a service of before, or to a misspelt name.
maybe explain_dead_alias(const case_view& view) {
    const auto* s = dead_alias(view);
    if (!s) return {};
    const auto name = name_of(*s), target = s->texts(ev::dns_cname).back();
    draft found(view, "dns-lyncdiscover-wrong-host");
    found.seen(*s).about(name).as(certainty::likely);
    found.title(fmt::format("{} is an alias for {}, which does not exist", name, target));
    found.remedy(
        "DNS admin", fmt::format(
                         "Point {} at the reverse proxy that publishes the external web services. Where {} belongs to "
                         "a service that "
                         "was given up, look for its other records as well.",
                         name, target));
    auto made = found.not_because("dns-no-records", fmt::format("{} is in DNS", name)).done();
    made->explanation = fmt::format(
        "The name is there and leads to {}, of which DNS says that it does not exist: a leftover of a service that was "
        "given up, or a misspelt target.",
        target);
    return made;
}

}  // namespace ucsignin::diagnosis
