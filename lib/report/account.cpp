#include "report/account.hpp"

#include <fmt/format.h>

#include "trace/evidence_provisioning.hpp"

namespace ucsignin::report {
namespace {

namespace ev = trace::ev;

struct account_line {
    std::string_view label;
    chart::sought_node node;
};
// The steps have the rest.
constexpr account_line account_lines[] = {
    {"line", "provisioning.line"},
    {"dial plan", "provisioning.dial_plan"},
    {"voicemail", "provisioning.voicemail"},
    {"calendar", "provisioning.calendar"},
    {"contacts", "provisioning.contacts"},
    {"", "provisioning.contact_kinds"},
    {"presence", "provisioning.contact_presence"},
    {"delegates", "provisioning.delegates"},
    {"federation", "provisioning.federation"},
    {"media ports", "provisioning.media_ports"},
    {"relay", "provisioning.media_relay"},
};

// What the dial plan makes of each number that was asked for.
void add_dialled_numbers(std::vector<account_fact>& to, const trace::span& dial_plan) {
    for (const auto& one : dial_plan.together(ev::dialled)) {
        const auto rule = one.number(ev::dial_rule);
        const auto result = one.text(ev::dial_result);
        auto becomes = result.empty() ? std::string("no rule matches; the server decides")
                       : rule         ? fmt::format("{} (rule {})", result, *rule)
                                      : result + " (global already)";
        if (!one.number(ev::dial_passed_over)) becomes = "unknown: no dial plan came";
        if (one.is(ev::dial_external)) becomes += ", by the prefix for calls outside";
        if (const auto untried = one.number(ev::dial_not_tried))
            becomes += fmt::format(", unless a rule matches before that can't be tried here ({})", *untried);
        to.push_back({"dial", fmt::format("{}: {}", one.text(ev::dialled), becomes)});
    }
}

std::string name_of(const trace::values& member) {
    for (const auto* name : {&ev::access_user, &ev::access_domain, &ev::access_group})
        if (auto who = member.text(*name); !who.empty()) return who;
    return {};
}

std::string members_at(std::string_view level, const trace::span& subscription) {
    constexpr std::size_t most_named = 5;
    std::string named;
    std::size_t count = 0;
    for (const auto& one : subscription.together(ev::access_level))
        if (one.word(ev::access_level).str() == level && ++count <= most_named)
            named += (named.empty() ? "" : ", ") + name_of(one);
    return count > most_named ? fmt::format("{} and {} more", named, count - most_named) : named;
}

// One line: who is blocked, and who may see more than others.
void add_access_lists(std::vector<account_fact>& to, const trace::span& subscription) {
    std::string text;
    for (const std::string_view level : {"blocked", "personal", "workgroup"})
        if (const auto who = members_at(level, subscription); !who.empty())
            text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", level, who);
    if (!text.empty()) to.push_back({"access", std::move(text)});
}

}  // namespace

std::vector<account_fact> account_of(const report& r) {
    std::vector<account_fact> all;
    for (const auto& [label, node] : account_lines) {
        const auto* s = r.verdict.signed_in ? r.trace.latest(node) : nullptr;
        if (!s || s->outcome == trace::outcome::not_run) continue;
        all.push_back({label, s->summary});
        if (s->is_at("provisioning.dial_plan")) add_dialled_numbers(all, *s);
    }
    const auto* subscription = r.verdict.signed_in ? r.trace.latest("provisioning.subscription") : nullptr;
    if (subscription) add_access_lists(all, *subscription);
    return all;
}

}  // namespace ucsignin::report
