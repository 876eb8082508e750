// Stage 2: what the documents of autodiscover that came give away.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

const span* document(const case_view& view) {
    for (const auto* s : view.trace.all("discovery.autodiscover_user"))
        if (s->branch == "servers") return s;
    return nullptr;
}

// The last document that says where the server sees us.
const span* sided_document(const case_view& view) {
    if (const auto* s = document(view)) return s;
    constexpr chart::node_ref documents[] = {"discovery.autodiscover_domain", "discovery.autodiscover_root"};
    for (const auto node : documents)
        for (const auto* s : view.trace.all(node))
            if (s->has(ev::access_location) && went_well(*s)) return s;
    return nullptr;
}

maybe no_endpoint(const case_view& view) {
    const auto* s = document(view);
    if (!s) return {};
    const auto side = s->text(ev::access_location);
    const auto sides = s->texts(ev::sip_access_side);
    const bool ours = std::ranges::any_of(
        sides, [&](const std::string& one) { return side.empty() || one == lower(side); });
    if (ours) return {};
    draft found(view, "ad-partial-no-sip-endpoint");
    found.seen(*s).about(view.user).weigh(severity::warning);
    if (!side.empty())
        found.known_by(fmt::format("The server considers us {} and names no server for that side.", lower(side)));
    return found.done();
}

maybe wrong_side(const case_view& view) {
    const auto* s = sided_document(view);
    const auto side = s ? lower(s->text(ev::access_location)) : std::string{};
    if (side == "internal" && view.outside()) {
        draft found(view, "ad-internal-urls-outside");
        found.seen(*s).about(host_of_url(url_of(*s))).weigh(severity::warning);
        return found.known_by("It considers us inside; addresses and route say that we are outside.").done();
    }
    if (side == "external" && view.inside()) {
        draft found(view, "ad-external-urls-inside");
        return found.seen(*s).about(host_of_url(url_of(*s))).known_by("It considers us outside; we are inside.").done();
    }
    return {};
}

maybe leads_abroad(const case_view& view) {
    for (const auto* s : view.trace.all("discovery.autodiscover_root")) {
        auto found = s->branch == "user_and_domain" ? explain_foreign_redirect(view, *s) : maybe{};
        if (!found) continue;
        found->severity = severity::warning;
        return found;
    }
    return {};
}

// URLs that a document came from, or by way of.
std::set<std::string> urls_to_documents(const case_view& view) {
    std::set<std::string> all;
    for (const auto* s : view.trace.all("discovery.autodiscover_root")) {
        if (s->branch != "user_and_domain") continue;
        all.insert(url_of(*s));
        for (auto& hop : s->texts(ev::http_hop)) all.insert(std::move(hop));
    }
    return all;
}

struct secure_roots {
    const span *broken = nullptr, *good = nullptr;  // the first of each
};

// The first step alone counts: what plain HTTP led on to is HTTPS, at another host.
maybe plain_http_only(const case_view& view) {
    const auto& roots = view.trace.all("discovery.autodiscover_root");
    const auto led_to_document = urls_to_documents(view);
    std::map<std::string, secure_roots> secure;  // by host
    for (const auto* s : roots) {
        if (!lower(url_of(*s)).starts_with("https://")) continue;
        auto& of_host = secure[host_of_url(url_of(*s))];
        if (went_wrong(*s) && !of_host.broken) of_host.broken = s;
        if (went_well(*s) && !of_host.good) of_host.good = s;
    }
    for (const auto* plain : roots) {
        if (lower(url_of(*plain)).starts_with("https://") || !led_to_document.contains(url_of(*plain))) continue;
        const auto [broken, good] = secure[host_of_url(url_of(*plain))];
        if (!broken || good) continue;
        draft found(view, "ad-http-only");
        found.seen(*plain).seen(*broken).about(host_of_url(url_of(*plain)));
        return found.known_by(fmt::format("{} answers, {} does not.", url_of(*plain), url_of(*broken))).done();
    }
    return {};
}

bool ran_anywhere(const case_view& view, chart::node_ref node) {
    return std::ranges::any_of(view.trace.all(node), [](const span* s) { return ran(*s); });
}

// The root was found and says nothing to go on with: this is no matter of DNS.
maybe root_without_links(const case_view& view) {
    const auto& roots = view.trace.all("discovery.autodiscover_root");
    const auto root = std::ranges::find_if(roots, [](const span* s) { return s->branch == "user_and_domain"; });
    const bool led_on = ran_anywhere(view, "discovery.autodiscover_user") ||
                        ran_anywhere(view, "discovery.autodiscover_domain");
    if (root == roots.end() || led_on) return {};
    draft found(view, "ad-partial-no-sip-endpoint");
    found.seen(**root).about(view.user).as(certainty::likely);
    found.title(fmt::format("Autodiscover at {} answers, but links to no document", host_of_url(url_of(**root))));
    return found.known_by(fmt::format("The root document at {} has neither a user nor a domain link.", url_of(**root)))
        .done();
}

constexpr auto autodiscover_documents_rule_table = std::to_array<case_rule>(
    {plain_http_link, no_endpoint, wrong_side, leads_abroad, plain_http_only, root_without_links});

}  // namespace

std::span<const case_rule> autodiscover_rules() { return autodiscover_documents_rule_table; }

}  // namespace ucsignin::diagnosis
