#pragma once
// The decisions of stage 1: what was observed goes in, the chart's branch and a line for people come out.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/host.hpp"
#include "net/address.hpp"
#include "signin/base/this_pc.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::signin::devices {

struct verdict {
    chart::branch_ref branch;
    trace::outcome outcome = trace::outcome::ok;
    std::string summary;
};

inline void finish(trace::scope& span, const verdict& v) { span.finish(v.branch, v.outcome, v.summary); }

[[nodiscard]] verdict judge_camera(const host::cameras&);
[[nodiscard]] verdict judge_default_video(const host::cameras&);

enum class side { speaker, microphone };
[[nodiscard]] const host::audio_side& of(const host::audio&, side);
[[nodiscard]] verdict judge_side(const host::audio&, side);
[[nodiscard]] std::optional<verdict> judge_level(const host::audio&, side);  // nothing: there is no device to ask about
[[nodiscard]] std::optional<verdict> judge_defaults(const host::audio&);     // nothing: the audio system did not say

// One address of a server, and the kernel's answer about it.
struct way {
    net::ip_address target;
    host::route route;
};
// The ways to one server in one address family. `otherwise_reached`: the other family leads there.
[[nodiscard]] verdict judge_route(
    std::span<const way> ways, bool otherwise_reached, std::span<const host::adapter> adapters);

[[nodiscard]] verdict judge_resolvers(std::span<const resolver_seen>);

// One name of the sign-in, as DNS, the hosts file and the system's own look-up (getaddrinfo) tell it.
struct name_seen {
    std::string name;
    bool dns_answered = false;  // with addresses or with a no
    std::vector<net::ip_address> dns;
    struct line {
        int number = 0;
        net::ip_address address;
    };
    std::vector<line> hosts;
    bool asked_system = false;
    std::vector<net::ip_address> system;  // what getaddrinfo gave
    std::string suffix;                   // the search suffix with which DNS has the name, when it lacks it without

    // The hosts file, or the system's look-up, leads elsewhere than DNS does: no address in common.
    [[nodiscard]] bool hosts_differ() const;
    [[nodiscard]] bool system_differs() const;
};
[[nodiscard]] verdict judge_names(
    std::span<const name_seen>, const std::string& hosts_path, const std::string& hosts_error);

[[nodiscard]] verdict judge_trust(int roots, const std::string& error);

}  // namespace ucsignin::signin::devices
