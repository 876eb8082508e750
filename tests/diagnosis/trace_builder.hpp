#pragma once
// Hand-written traces: spans with literal evidence, and the usual runs to start from.

#include <initializer_list>
#include <string>
#include <string_view>

#include "trace/evidence.hpp"
#include "ucsignin/diagnosis.hpp"

namespace ucsignin::diagnosis::test {

namespace ev = trace::ev;

using trace::fact;

class trace_builder {
public:
    // Stage, span id and the check of node and branch against the chart are done here; throws when they don't exist.
    trace_builder& add(
        std::string_view node, std::string_view branch, trace::outcome how, std::string subject = {},
        std::initializer_list<fact> facts = {});
    trace_builder& ok(
        std::string_view node, std::string_view branch, std::string subject = {},
        std::initializer_list<fact> facts = {}) {
        return add(node, branch, trace::outcome::ok, std::move(subject), facts);
    }
    trace_builder& failed(
        std::string_view node, std::string_view branch, std::string subject = {},
        std::initializer_list<fact> facts = {}) {
        return add(node, branch, trace::outcome::failed, std::move(subject), facts);
    }
    trace_builder& not_run(std::string_view node, trace::not_run_reason why, std::initializer_list<fact> facts = {});

    // Two resolvers' worth of network, a right clock, a trust store with roots.
    trace_builder& devices();
    // Every name of contoso.example ends in `state`, told by `zone`.
    trace_builder& names_all(std::string_view state, std::string_view zone);
    // SRV _sip._tls names sip.contoso.example:443; candidates as given, "host:port origin" each.
    trace_builder& discovered(std::initializer_list<const char*> candidates);
    // TCP, TLS, certificate and service of a candidate are fine.
    trace_builder& connected(const std::string& candidate);
    // First REGISTER up to the taken scheme.
    trace_builder& challenged(const std::string& candidate);
    trace_builder& with_certificate(const std::string& candidate);  // ticket, certificate, TLS-DSK handshake
    trace_builder& registered(const std::string& candidate);        // signed REGISTER to confirmed
    trace_builder& provisioned(const std::string& candidate);       // login, subscription, presentity
    trace_builder& clock(std::initializer_list<std::pair<const char*, int>> sources);

    [[nodiscard]] const trace::record& record() const { return record_; }
    [[nodiscard]] verdict judge() const;
    [[nodiscard]] verdict judge(facts run) const;

private:
    trace::record record_;
    int next_ = 1;
};

inline const std::string edge = "sip.contoso.example:443";

[[nodiscard]] facts alice();
// Everything up to and including a connection that works, and a challenge that offers TLS-DSK and NTLM.
[[nodiscard]] trace_builder up_to_challenge();
[[nodiscard]] trace_builder signed_in();

[[nodiscard]] const finding* find(const verdict&, std::string_view id);
[[nodiscard]] bool rules_out(const verdict&, std::string_view id, std::string_view look_alike);
// The only root cause, or a list of them for the message when there isn't exactly one.
[[nodiscard]] std::string root_of(const verdict&);

}  // namespace ucsignin::diagnosis::test
