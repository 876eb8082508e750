#pragma once
// Proxy scripts (PAC): what names one, how it is asked, what its answer means. A script is foreign code that may loop
// or crash its interpreter, and its look-ups block: it runs in a child process.

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "host/host.hpp"

namespace ucsignin::host {

// One way out of a script's answer, in the order in which to try them.
struct pac_way {
    enum class kind { direct, proxy, unsupported };  // unsupported: SOCKS, and proxies that want TLS
    kind how = kind::direct;
    std::string host;
    std::uint16_t port = 0;
    std::string text;  // as the script wrote it
};
// "PROXY proxy:8080; DIRECT". What can't be read is left out; an answer without any way means direct, as in browsers.
[[nodiscard]] std::vector<pac_way> parse_pac_result(std::string_view text);

struct pac_question {
    std::string url, host;
};

// False when built without pacparser: a script is found then, but not evaluated.
[[nodiscard]] bool can_evaluate_pac();

// Runs `executable __pac-probe`. One answer for each question, or why there are none. `own_address` is what the
// script's myIpAddress() says; empty: what pacparser finds.
[[nodiscard]] awaitable<std::expected<std::vector<std::string>, std::string>> evaluate_pac(
    std::string executable, std::string script, std::string own_address, std::vector<pac_question> questions,
    deadline until);

// The child's side, called by main().
inline constexpr std::string_view pac_probe_argument = "__pac-probe";
[[nodiscard]] int run_pac_probe();

}  // namespace ucsignin::host
