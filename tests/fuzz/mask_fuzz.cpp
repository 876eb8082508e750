// links: report
// Masking never reads past a text, and masking a masked report changes nothing. Each line of the input is a value.

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "ucsignin/report.hpp"

namespace {

using namespace ucsignin;

constexpr int kinds = static_cast<int>(trace::value_kind::time) + 1;

report::report report_of(std::string_view text) {
    report::report r;
    trace::span s;
    s.node = "connection.tcp";
    s.stage = 3;
    int n = 0;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size());
        const std::string line(text.substr(begin, end - begin));
        // The first character chooses the kind, so that a fuzzer can change it.
        const auto kind = static_cast<trace::value_kind>(
            line.empty() ? 0 : static_cast<unsigned char>(line[0]) % kinds);
        if (n == 0) r.facts.sip_uri = line;
        if (n == 1) r.facts.login = line;
        if (n == 2) r.options.emplace_back("server", line);
        s.evidence.push_back(
            {line.starts_with('a') ? "host.adapter.name" : "any", line, kind, trace::provenance::server});
        s.summary += line + " ";
        s.subject = line;
        begin = end + 1;
        ++n;
    }
    s.decision = trace::decision{s.summary, {{s.subject, trace::verdict::chosen, s.summary}}, s.subject};
    r.trace.spans.push_back(std::move(s));
    return r;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto once = report::mask(report_of({reinterpret_cast<const char*>(data), size}));
    const auto first = report::to_json(once), second = report::to_json(report::mask(once));
    if (first == second) return 0;
    std::fprintf(stderr, "masked once:\n%s\nmasked twice:\n%s\n", first.c_str(), second.c_str());
    std::abort();
}
