// Pure, so that each rule (fixed, exceptions, script) is tested by its inputs, and the report shows which one decided.
#include "signin/base/proxy_choice.hpp"

#include "signin/base/decision.hpp"

namespace ucsignin::signin {

using trace::verdict;

trace::decision decide_proxy(const host::proxy_settings& set) {
    std::vector<trace::considered> options;
    const bool usable = set.error.empty() && !set.host.empty();
    if (usable) options.push_back({set.url, verdict::chosen, "set by " + set.said_by});
    else if (!set.error.empty())
        options.push_back({set.url.empty() ? set.said_by : set.url, verdict::failed, set.error});
    if (!usable) options.push_back({"direct", verdict::chosen, "the proxy that is set can't be used"});
    else
        options.push_back(
            {"direct", verdict::passed_over,
             set.exceptions.empty() ? "the proxy is set for every host" : "only for the hosts that no_proxy names"});
    return decided("Do connections go through a proxy?", std::move(options));
}

trace::decision decide_without_script(const std::string& url, const std::string& why) {
    return decided(
        "Do connections go through a proxy?",
        {{url.empty() ? "a proxy script" : "as " + url + " says", verdict::failed, why},
         {"direct", verdict::chosen, "there is no script to ask"}});
}

script_choice choose_by_script(std::string_view answer) {
    script_choice out;
    std::vector<trace::considered> options;
    for (const auto& way : host::parse_pac_result(answer)) {
        if (way.how == host::pac_way::kind::unsupported)
            options.push_back({way.text, verdict::passed_over, "ucsignin can't use this kind of proxy"});
        else if (out.ways.empty())
            options.push_back(
                {way.text, verdict::chosen,
                 options.empty() ? "the first that the script names" : "the first usable way that the script names"});
        else options.push_back({way.text, verdict::not_tried, "taken only when those before it do not answer"});
        if (way.how != host::pac_way::kind::unsupported) out.ways.push_back({way.host, way.port});
    }
    if (out.ways.empty()) {
        out.ways.emplace_back();
        options.push_back({"DIRECT", verdict::chosen, "the script names no usable way"});
    }
    out.decision = decided("Which of the ways that the script names is taken?", std::move(options));
    return out;
}

}  // namespace ucsignin::signin
