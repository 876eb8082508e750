#pragma once
// Which way to a server: direct, by a fixed proxy, or as a proxy script (PAC) says, named by hand or found by WPAD.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/pac.hpp"
#include "net/address.hpp"
#include "net/deadline.hpp"
#include "net/error.hpp"
#include "trace/evidence.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::signin {

struct context;

// Where a script lies, as far as it can be told without asking anybody: "wpad.corp.example" for each domain that this
// PC counts itself to, most particular first, never a name outside of the organisation's ("wpad.example").
[[nodiscard]] std::vector<std::string> wpad_names(
    const std::vector<std::string>& search, const std::string& host_name, const std::string& sip_domain);

class proxy_chooser {
public:
    proxy_chooser(net::asio::any_io_executor executor, host::proxy_settings settings)
        : settings_(std::move(settings)), ready_(executor) {}

    // Writes devices.proxy. A script is looked for beside the sign-in, and the node written when that has ended; again,
    // with a host as its subject, for each host that the script is asked about later.
    void start(context& c);
    // The ways to this server, in the order in which to try them; an empty name means direct. Waits its grace for a
    // script.
    [[nodiscard]] net::awaitable<std::vector<net::host_port>> ways_to(context& c, net::host_port server);
    // A proxy that could not be reached: devices.proxy is decided again, once for each proxy.
    void found_dead(context& c, const net::host_port& proxy, const net::error& why);

private:
    [[nodiscard]] net::awaitable<void> find_script(context& c);
    [[nodiscard]] net::awaitable<std::string> locate(context& c);  // the script's URL, "" and fault_ when there is none
    [[nodiscard]] net::awaitable<void> fetch(context& c, std::string url);
    [[nodiscard]] net::awaitable<std::optional<std::vector<std::string>>> ask(
        context& c, std::vector<std::string> hosts);
    void finish_told(trace::scope& span, const std::string& answer, std::string summary) const;
    void finish_direct(trace::scope& span, const std::string& url) const;
    void fail(trace::ev::pac_fault_word fault, std::string why);
    [[nodiscard]] chart::branch_at<"devices.proxy"> branch() const { return {settings_.wpad, "wpad", "pac"}; }

    host::proxy_settings settings_;
    net::signal ready_;  // the script is there, or known not to be
    std::string script_, wpad_, script_host_;
    std::optional<trace::ev::pac_fault_word> fault_;
    std::string why_;                                          // a line for people
    std::map<std::string, std::string, std::less<>> answers_;  // host -> what the script said
    std::vector<net::host_port> dead_;
};

}  // namespace ucsignin::signin
