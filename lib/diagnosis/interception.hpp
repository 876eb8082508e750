#pragma once
// Whether a certificate was made on the way, by a device of the network or a program on this PC, and how one knows.

#include <optional>
#include <string>

#include "diagnosis/case_view.hpp"
#include "diagnosis/catalogue.hpp"

namespace ucsignin::diagnosis {

struct interception {
    std::optional<finding_ref> finding;  // none when nothing speaks for it
    std::string sign;                    // how one knows, for people
    const trace::span* look = nullptr;   // the second round's proof, if it took one
    [[nodiscard]] explicit operator bool() const { return finding.has_value(); }
};

// `certificate` is a span with the facts of a chain (tls.server.issuer ...).
[[nodiscard]] interception interception_of(const case_view&, const trace::span& certificate);

}  // namespace ucsignin::diagnosis
