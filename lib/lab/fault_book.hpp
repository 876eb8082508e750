#pragma once
// Which of the scenario's faults of the wire strike now. Counts the occasions; no I/O. Rules that fit are combined; for
// each matter the first one that mentions it decides.

#include <memory>
#include <string>
#include <vector>

#include "lab/scenario.hpp"
#include "lab/services.hpp"
#include "net/http.hpp"

namespace ucsignin::lab {

struct tcp_plan {
    tcp_act act = tcp_act::none;
    int delay_ms = 0, reset_after_sent = 0, idle_ms = 0;
};

struct tls_plan {
    tls_fault what;   // `at` and `when` have no meaning here
    std::string key;  // equal for equal contexts of one service
};

class fault_book {
public:
    fault_book(std::shared_ptr<const scenario> what, std::shared_ptr<const zone> names);

    // Before anything is accepted: refuse, drop or none.
    [[nodiscard]] tcp_act standing(const service&) const;
    [[nodiscard]] tcp_plan tcp(const service&);
    [[nodiscard]] tls_plan tls(const service&, const std::string& server_name);
    // Null: none. `host` is the Host header without the port.
    [[nodiscard]] const http_fault* http(
        const service&, const std::string& host, const net::http::request&, bool secure);

private:
    std::shared_ptr<const scenario> scenario_;
    std::shared_ptr<const zone> zone_;
    std::vector<int> tcp_seen_, tls_seen_, http_seen_;
};

}  // namespace ucsignin::lab
