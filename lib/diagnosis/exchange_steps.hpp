#pragma once
// What was asked of Exchange stands at provisioning.calendar, step by step: what the rules about it have in common.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "diagnosis/rules.hpp"
#include "trace/evidence_exchange.hpp"

namespace ucsignin::diagnosis::exchange {

using step_word = ev::exchange_step_word;
using state_word = ev::exchange_state_word;

[[nodiscard]] std::vector<trace::values> steps_of(const trace::span&);
[[nodiscard]] bool is_one_of(const trace::values& step, std::initializer_list<state_word>);
[[nodiscard]] bool is_autodiscover(const trace::values& step);
// The domain itself is often the company's web site, where the first look-up goes.
[[nodiscard]] bool is_at_the_domain(const case_view&, const trace::span&, const trace::values& step);
// Where a wildcard answers for every name, the names of Autodiscover are nobody's promise.
[[nodiscard]] bool is_by_wildcard(const case_view&, const trace::values& step);
[[nodiscard]] std::string mail_domain(const case_view&, const trace::span&);
[[nodiscard]] std::string answer_of(const trace::values& step);
[[nodiscard]] draft about_step(const case_view&, const trace::span&, const trace::values& step, finding_ref id);

// The last step that is of interest: an earlier one may have been mended by a later.
template <class Fits>
std::optional<trace::values> last_step(const trace::span& s, Fits fits) {
    auto all = steps_of(s);
    const auto at = std::find_if(all.rbegin(), all.rend(), fits);
    return at == all.rend() ? std::nullopt : std::optional(*at);
}

// Log-ins: refused, of a kind that this program has not, kept back; and those that a page asks for.
[[nodiscard]] maybe log_in(const case_view&, const trace::span&);
[[nodiscard]] maybe other_domain(const case_view&, const trace::span&);
[[nodiscard]] maybe forms(const case_view&, const trace::span&);
[[nodiscard]] maybe realm(const case_view&, const trace::span&);
// The web services that Autodiscover named: they do not answer, are too busy, or let this user or program do nothing.
[[nodiscard]] maybe web_services(const case_view&, const trace::span&);
[[nodiscard]] maybe denied(const case_view&, const trace::span&);
// Too many requests for now, by its own word: that passes by itself.
[[nodiscard]] bool is_too_busy(const trace::values& step);

}  // namespace ucsignin::diagnosis::exchange
