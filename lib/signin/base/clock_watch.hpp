#pragma once
// This PC's clock against the Date of every answer (protocol section 4.3 and RFC 9110 6.6.1). Decided again as they
// come.

#include <string>
#include <string_view>
#include <vector>

#include "ucsignin/trace.hpp"

namespace ucsignin::signin {

struct dated_answer {
    std::string source;  // the host that said it
    double skew_s = 0;   // server minus this PC
    double error_s = 0;  // half the round trip, and half of the header's one-second grain
};

struct clock_verdict {
    chart::branch_at<"devices.clock"> branch;
    trace::outcome outcome;
    std::string summary;
};
[[nodiscard]] clock_verdict judge_clock(const std::vector<dated_answer>&);

class clock_watch {
public:
    // `sent` and `received`: this PC's wall clock in seconds, with fractions.
    void observe(const std::string& source, std::string_view date, double sent, double received);
    // Writes devices.clock when it says something else than before; `now` by this PC's wall clock.
    void decide(trace::recorder&, double now);

private:
    std::vector<dated_answer> seen_;
    std::size_t decided_ = 0;
    bool ever_ = false;
};

}  // namespace ucsignin::signin
