// links: lab
// Scenario files, and what is made of what was read: the zone, the servers, the texts and conditions of rules.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "lab/placeholders.hpp"
#include "lab/scenario.hpp"
#include "lab/services.hpp"
#include "lab/zone.hpp"
#include "net/http.hpp"

using namespace ucsignin;

namespace {

// A time that the reader let through can be filled in.
void fill_rule(const lab::http_fault& rule) {
    const net::http::request asked{
        "POST", "/", {{"Cookie", "a=b; c"}, {"Authorization", "Basic YTpi"}}, "<a><UsernameToken/></a>"};
    std::ignore = lab::hold(rule.conditions, asked);
    for (const auto& [name, value] : rule.headers) std::ignore = lab::fill_in(value, 0, {{"ntlm_challenge", "{date}"}});
    for (const auto& text : {rule.body.value_or(""), rule.raw && rule.raw->is_text ? rule.raw->bytes : std::string()}) {
        const auto filled = lab::fill_in(text, 0);
        if (text.find("{date}") != std::string::npos && filled.find("GMT") == std::string::npos) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto read = lab::parse_scenario(text, "fuzzed.json");
    if (!read) {
        if (read.error().what.empty()) std::abort();
        return 0;
    }
    const auto hosts = lab::documentation_hosts(**read);
    const lab::zone names(**read, hosts);
    for (const auto& record : names.records()) {
        const auto answer = names.answer({record.name, record.type});
        if (net::dns::serialize(answer).empty()) std::abort();
    }
    const auto services = lab::list_services(**read, names, hosts);
    for (const auto& rule : (*read)->tls)
        for (const auto& one : services) std::ignore = lab::is_meant(rule.at, one, "", names);
    for (const auto& rule : (*read)->http) fill_rule(rule);
    return 0;
}
