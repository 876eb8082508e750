#pragma once
// Stage 3: TCP and TLS to every candidate side by side; the sign-in takes them in the client's order.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "net/deadline.hpp"
#include "signin/connection/certificate.hpp"
#include "signin/base/context.hpp"
#include "signin/discovery/candidates.hpp"

namespace ucsignin::signin::connection {

// One server on its way through TCP and TLS. Started once, whoever asks first.
struct probe {
    explicit probe(net::host_port to, net::asio::any_io_executor executor)
        : server(std::move(to)), done(executor), started(net::clock::now()) {}
    net::host_port server;
    net::signal done;
    net::deadline started;
    std::string named_by;                        // the span that found it, if it is dialled because of that
    std::optional<net::verified_stream> stream;  // until somebody takes it
    net::tls_facts facts;
    certificate_verdict certificate;
    std::vector<net::ip_address> addresses;
    std::optional<net::dial_target> reached;  // the address that connected; none through a proxy
    double connect_ms = 0;
    std::string failure;  // one line; empty when TCP and TLS are up
    [[nodiscard]] bool up() const { return failure.empty() && done.is_set(); }
};

class probes {
public:
    explicit probes(context& c) : context_(c) {}
    std::shared_ptr<probe> start(net::host_port server, std::string named_by = {});
    // A probe with a stream to take, if there is one by then: a spent one is dialled again. Null when it can't be
    // reached.
    [[nodiscard]] net::awaitable<std::shared_ptr<probe>> reach(net::host_port server, net::deadline until);

private:
    std::shared_ptr<probe> begin(net::host_port server, std::string named_by);
    context& context_;
    std::vector<std::shared_ptr<probe>> all_;
};

struct connected {
    candidate server;
    std::size_t rank = 0;  // 1 is the client's first choice
    net::verified_stream stream;
    std::shared_ptr<const probe> by;  // its certificate may still turn out to be revoked
};
// Takes the stream of a probe that is up.
[[nodiscard]] connected take(const candidate& server, std::size_t rank, const std::shared_ptr<probe>& from);

// What became of one candidate, in the client's order.
struct candidate_seen {
    std::string name;
    std::string why_not;  // empty while nothing speaks against it
};
// Which one the client ends on, and why. Pure.
[[nodiscard]] trace::decision decide_candidate(
    std::span<const candidate_seen>, const std::optional<std::string>& ended_on);

// Hands out usable connections in the client's order: one is given when all before it failed or had their grace.
class chooser {
public:
    chooser(context& c, probes& started, std::vector<candidate> in_order);
    [[nodiscard]] net::awaitable<std::optional<connected>> next();
    // connection.candidate and connection.service of those that were not asked.
    void decide(const std::optional<std::string>& ended_on);
    void note_failure(const std::string& candidate_name, std::string why);  // at connection.service or later

private:
    context& context_;
    probes& started_;
    std::vector<candidate> candidates_;
    std::vector<std::shared_ptr<probe>> probes_;
    std::vector<std::string> why_not_;
    std::vector<bool> handed_out_;
};

}  // namespace ucsignin::signin::connection
