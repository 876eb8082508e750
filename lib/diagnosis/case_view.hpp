#pragma once
// What the rules look at: the trace, the facts of the run, and what follows from them at once. Reads nothing else.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "diagnosis/indexed_trace.hpp"
#include "trace/evidence.hpp"
#include "ucsignin/diagnosis.hpp"

namespace ucsignin::diagnosis {

namespace ev = trace::ev;
using namespace trace::literals;

// A Date header against this PC's clock.
struct dated_source {
    std::string host;
    std::int64_t skew_s = 0;  // server's Date minus our clock
    bool kept = false;        // out of a cache perhaps, so that the clock shows this time or a later one
};

// A number of an ms-diagnostics header (protocol/01 section 8).
struct server_number {
    std::int64_t id = 0;
    std::string header, reason, source;
};

// What the parameters beside number, reason and source say, in one text ("hresult=0xC3E93EE4(...)").
[[nodiscard]] std::string parameters_of(const trace::span& s);

inline constexpr std::int64_t harmful_skew_s = 300;  // Kerberos and web tickets tolerate no more

struct case_view {
    indexed_trace trace;
    const diagnosis::facts& facts;
    std::string user;  // without "sip:"
    std::string domain;
    std::string login;
    std::vector<std::string> candidates;  // the client's order; targets of redirects follow
    std::vector<dated_source> clocks;
    const trace::span* stop = nullptr;  // the span where the candidate that came furthest failed
    std::string stopped_at;             // its node; set without a span when the trace holds none
    bool signed_in = false;
    std::map<std::string, std::string> usual_names;  // what placeholders of findings stand for when no span says better

    // What a rule works out of the whole trace: once, when it is first asked for, and kept for the other spans.
    template <class T>
    [[nodiscard]] const T& once(T (*work_out)(const case_view&)) const {
        auto& kept = worked_out_[reinterpret_cast<void (*)()>(work_out)];
        if (!kept) kept = std::make_shared<const T>(work_out(*this));
        return *static_cast<const T*>(kept.get());
    }

    [[nodiscard]] const trace::span* latest(const trace::span& like, chart::sought_node) const;  // same candidate
    // The second round's look at a server in another way; null, and "", when none was taken.
    [[nodiscard]] const trace::span* second_look(trace::look_ref probe, std::string_view of) const;
    [[nodiscard]] std::string result_of(trace::look_ref probe, std::string_view of) const;
    [[nodiscard]] std::string other_port_with_tls(std::string_view candidate) const;  // of the same host; "" for none
    [[nodiscard]] bool outside() const;                                               // vantage; false when unsure
    [[nodiscard]] bool inside() const;
    [[nodiscard]] trace::told_word<ev::origins> origin_of(std::string_view candidate) const;  // empty when unknown
    [[nodiscard]] bool from_redirect(std::string_view candidate) const;                // a registrar's 301 led there
    [[nodiscard]] bool reached(chart::sought_node, std::string_view candidate) const;  // ended ok or with a warning

    mutable std::map<void (*)(), std::shared_ptr<const void>> worked_out_;  // by once()
};

[[nodiscard]] case_view look_at(const trace::record&, const facts&);

[[nodiscard]] bool ran(const trace::span&);         // something happened there
[[nodiscard]] bool went_well(const trace::span&);   // ok, expected or a warning
[[nodiscard]] bool went_wrong(const trace::span&);  // failed, broken or unknown
[[nodiscard]] bool is_gate(std::string_view node);  // a failure there ends the candidate
[[nodiscard]] std::string candidate_of(const trace::span&);
[[nodiscard]] std::string url_of(const trace::span&);  // that was asked for; else its subject
[[nodiscard]] std::optional<std::int64_t> code_of(
    const trace::span&, const trace::evidence_entry&);                       // noted as number or text
[[nodiscard]] std::optional<std::int64_t> days_expired(const trace::span&);  // of its certificate; negative while valid
// An address that was tried and not reached: "198.51.100.7:443 timed out".
struct failed_connect {
    std::string address, fault;
    [[nodiscard]] std::string in_words() const;
};
[[nodiscard]] std::vector<failed_connect> failed_connects(const trace::span&);
[[nodiscard]] std::vector<std::string> failed_addresses(const trace::span&);  // without port
[[nodiscard]] std::string who_connected(const trace::span&);                  // and who did not, in a sentence
[[nodiscard]] std::string peer_of(const trace::span&);  // the address that was tried last, without port
[[nodiscard]] std::vector<server_number> server_numbers(const trace::span&);
[[nodiscard]] const server_number* find_number(
    const std::vector<server_number>&, std::initializer_list<std::int64_t> ids);
// The nodes at which a name of the sign-in is asked for.
[[nodiscard]] std::vector<const trace::span*> name_spans(const indexed_trace&);

}  // namespace ucsignin::diagnosis
