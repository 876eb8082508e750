// Stage 1: proxies and the scripts that choose them.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

constexpr std::int64_t noticeable_ms = 2000;

// Where the script was found; what it said of further hosts is told in spans of their own.
const span* script(const case_view& view) {
    for (const auto* s : view.trace.at("devices.proxy"))
        if (s->subject.empty() && (s->branch == "pac" || s->branch == "wpad")) return s;
    return nullptr;
}

maybe dead_proxy(const case_view& view) {
    const auto& all = view.trace.at("devices.proxy");
    const auto dead = std::ranges::find(all, std::string_view("dead"), &span::branch);
    if (dead == all.end()) return {};
    const auto* proxy = *dead;
    draft found(view, "local-proxy-dead-leftover");
    const auto url = proxy->text(ev::proxy), who = proxy->text(ev::proxy_source);
    const auto where = url.empty() ? who : host_of_url(url) + ":" + port_of_url(url);
    found.seen(*proxy).about(where);
    found.title(fmt::format("The proxy {} does not answer", where));
    if (!who.empty()) found.known_by(fmt::format("It is set by {}.", who));
    return found.not_because("net-proxy-407", "the proxy gave no answer at all").done();
}

maybe script_is_a_file(const case_view& view) {
    const auto* s = script(view);
    if (!s || !s->text(ev::pac_url).starts_with("file:")) return {};
    draft found(view, "local-pac-file-scheme");
    found.seen(*s).about(s->text(ev::pac_url)).weigh(severity::warning);
    return found.known_by(fmt::format("{} names it.", s->text(ev::proxy_source))).done();
}

maybe search_is_slow(const case_view& view) {
    const auto* s = script(view);
    if (!s || s->branch != "wpad" || s->text(ev::wpad).empty()) return {};
    const bool silent = s->word(ev::pac_fault) == "timed_out";
    const auto ms = s->number(ev::pac_ms).value_or(0);
    if (!silent && ms < noticeable_ms) return {};
    draft found(view, "local-wpad-slow");
    found.seen(*s).about(s->text(ev::wpad)).weigh(severity::warning);
    found.known_by(fmt::format(
        "{} is in DNS; {} after {} ms.", s->text(ev::wpad),
        silent ? "its web server had not answered" : "the script came", ms));
    return found.not_because("dns-timeout", "the name itself was found").done();
}

// "login.contoso.example PROXY b:3128; DIRECT" -> "b:3128", "" for direct.
std::string proxy_in(const std::string& answer) {
    if (!lower(answer).starts_with("proxy ")) return {};
    const auto rest = answer.substr(6);
    return rest.substr(0, rest.find_first_of("; "));
}

bool refused_by_proxy(const span& s) { return s.word(ev::http_fault) == "proxy" || s.branch == "proxy_refuses"; }

std::string host_asked(const span& s) {
    const auto url = s.text(ev::http_url);
    return url.empty() ? host_of(candidate_of(s)) : host_of_url(url);
}

// What the script answers for each host: a proxy, or "" for none.
std::map<std::string, std::string> proxies_by_host(const case_view& view) {
    std::map<std::string, std::string> all;
    for (const auto* s : view.trace.at("devices.proxy"))
        for (const auto& one : s->together(ev::pac_answer))
            all.try_emplace(one.text(ev::pac_host), proxy_in(one.text(ev::pac_answer)));
    return all;
}

// One host is refused by its proxy while another, that the script sends elsewhere, gets through.
maybe script_names_two(const case_view& view) {
    const auto* chosen = script(view);
    if (!chosen) return {};
    const auto proxies = proxies_by_host(view);
    const auto proxy_of = [&](const std::string& host) {
        const auto at = proxies.find(host);
        return at == proxies.end() ? std::string{} : at->second;
    };
    two_of_many passed;  // proxies that let something through
    for (const auto& s : view.trace.spans) {
        const bool through = s.has(ev::http_status) || (s.is_at("connection.tcp") && s.branch == "by_proxy");
        const auto by = through ? proxy_of(host_asked(s)) : std::string{};
        if (!by.empty()) passed.add(by, s);
    }
    for (const auto& s : view.trace.spans) {
        const auto host = host_asked(s), refusing = refused_by_proxy(s) ? proxy_of(host) : std::string{};
        const auto* other = refusing.empty() ? nullptr : passed.other_than(refusing);
        if (!other) continue;
        draft found(view, "local-pac-wrong-proxy");
        found.seen(s).seen(*chosen).about(host).known_by(fmt::format(
            "{} goes through {}, which refuses; {} goes through {} and succeeds.", host, refusing, host_asked(*other),
            proxy_of(host_asked(*other))));
        return found.not_because("net-proxy-407", "there are two proxies, and one lets the sign-in through").done();
    }
    return {};
}

constexpr auto proxy_rule_table = std::to_array<case_rule>(
    {dead_proxy, script_is_a_file, search_is_slow, script_names_two});

}  // namespace

void tell_failed_connect(draft& found, std::int64_t status, std::string_view target) {
    if (status < 500) return;
    found.as(certainty::likely)
        .title(fmt::format("The proxy does not get through to {} ({})", target, status))
        .known_by(
            "It did not refuse: it could not connect. The proxy's own way out or DNS may be at fault, or that server.")
        .remedy(
            "network admin, SfB admin",
            fmt::format(
                "Read the proxy's log: whether it resolves {0}, and may connect to it; then see whether {0} is "
                "reached from elsewhere.",
                target));
}

std::span<const case_rule> proxy_rules() { return proxy_rule_table; }

}  // namespace ucsignin::diagnosis
