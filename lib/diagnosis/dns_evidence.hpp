#pragma once
// Readings of stage 2's evidence that several rules share.

#include <string>
#include <string_view>
#include <vector>

#include "diagnosis/case_view.hpp"

namespace ucsignin::diagnosis {

[[nodiscard]] std::string name_of(const trace::span&);                      // that was asked for
[[nodiscard]] bool ended_in(const trace::span&, ev::dns_state_word state);  // one of its questions
using dns_state = trace::told_word<ev::dns_states>;
[[nodiscard]] bool is_no(const dns_state&);     // "NXDOMAIN" or "NODATA"
[[nodiscard]] bool absent(const trace::span&);  // every question was answered with "does not exist"
// What the answer itself says of a filter that kept the name back (RFC 8914: Blocked, Censored, Filtered), as
// "15 (Blocked)"; "" when it says nothing, or has records.
[[nodiscard]] std::string filter_said(const trace::span&);

// -- second looks (the discovery.cross_check node) --
[[nodiscard]] visits looks(const case_view&, trace::look_ref probe);
[[nodiscard]] std::string look_result(const trace::span&);
[[nodiscard]] const trace::span* look_at(const case_view&, trace::look_ref probe, std::string_view subject);
// Names of nobody, in other domains, have addresses: the network makes them up.
[[nodiscard]] const trace::span* unrelated_names_resolve(const case_view&);
// All addresses of this host are those that the network makes up: for all that is known, the name does not exist.
[[nodiscard]] bool is_made_up(const case_view&, std::string_view host);
// Beside made-up answers there are some of the zone's own: it is names that do not exist which are made up.
[[nodiscard]] bool some_names_are_true(const case_view&);
struct told_line {
    std::string type, name;
    dns_state state;
    std::vector<std::string> data;
};
[[nodiscard]] std::vector<told_line> lines_of(const trace::span& look);

// Every address that was found for a host, in order and without repetitions.
[[nodiscard]] const std::vector<std::string>& addresses_of_name(const case_view&, std::string_view host);

}  // namespace ucsignin::diagnosis
