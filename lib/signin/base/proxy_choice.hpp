#pragma once
// Proxy or direct, as the settings say, and which way of those that a script names. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "host/pac.hpp"
#include "net/address.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::signin {

// The proxy that is set, or direct; for settings without a script.
[[nodiscard]] trace::decision decide_proxy(const host::proxy_settings&);

// Direct, where a script is to decide and can't be used.
[[nodiscard]] trace::decision decide_without_script(const std::string& url, const std::string& why);

// What a script answered about one host: the ways to try, in order (an empty name means direct), and why.
struct script_choice {
    std::vector<net::host_port> ways;
    trace::decision decision;
};
[[nodiscard]] script_choice choose_by_script(std::string_view answer);

}  // namespace ucsignin::signin
