// The child's side of a proxy script's evaluation: pacparser, a JavaScript engine with the functions that PAC defines.

#include <fcntl.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#ifdef UCSIGNIN_PACPARSER
#include <pacparser.h>
#endif

#include "host/linux/owned_fd.hpp"
#include "host/pac.hpp"
#include "trace/json_text.hpp"

namespace ucsignin::host {

namespace {

using json = nlohmann::json;
constexpr unsigned longest_life = 20;  // seconds, in case the parent is gone

#ifdef UCSIGNIN_PACPARSER

std::string complaint;  // the first one: those that follow are about its consequences

int take_complaint(const char* format, va_list values) {
    char text[256] = {};
    const int length = std::vsnprintf(text, sizeof text, format, values);
    if (complaint.empty()) complaint = text;
    return length;
}

json failed(const std::string& otherwise) {
    while (complaint.ends_with('\n')) complaint.pop_back();
    return {{"error", complaint.empty() ? otherwise : complaint}};
}

json evaluate(const json& call) {
    pacparser_set_error_printer(take_complaint);
    if (pacparser_init() == 0) return failed("the script's engine does not start");
    pacparser_enable_microsoft_extensions();
    if (const auto address = call.value("address", ""); !address.empty()) pacparser_setmyip(address.c_str());
    // What scripts tell their authors by: the other engines have it, too, and show it to nobody.
    (void)pacparser_parse_pac_string("function alert() {}");
    if (pacparser_parse_pac_string(call.value("script", "").c_str()) == 0) return failed("this is not a proxy script");
    auto results = json::array();
    for (const auto& q : call.value("questions", json::array())) {
        // The engine allocates the answer and frees it at its end; the end of this process does.
        const char* answer = pacparser_find_proxy(q.value("url", "").c_str(), q.value("host", "").c_str());
        if (answer == nullptr) return failed("FindProxyForURL gives no answer");
        results.push_back(answer);
    }
    return {{"results", std::move(results)}};
}

#else

json evaluate(const json&) { return {{"error", "not evaluated: built without pacparser"}}; }

#endif

}  // namespace

bool can_evaluate_pac() {
#ifdef UCSIGNIN_PACPARSER
    return true;
#else
    return false;
#endif
}

int run_pac_probe() {
    ::alarm(longest_life);
    // Scripts may print: standard output is for the document alone.
    const owned_fd out{::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)};
    if (!out || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) return 2;
    const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
    const auto call = trace::parse_json(text);
    if (!call || !call->is_object()) return 2;
    const auto answer = evaluate(*call).dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
    const auto written = ::write(out.get(), answer.data(), answer.size());
    ::_exit(written == static_cast<ssize_t>(answer.size()) ? 0 : 2);
}

}  // namespace ucsignin::host
