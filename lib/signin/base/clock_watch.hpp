#pragma once
// This PC's clock against the Date of every answer (protocol section 4.3 and RFC 9110 6.6.1). Decided again as they
// come. Date is the time of an answer's making: where a cache may have kept the answer (and caches hide themselves),
// the server's clock shows that time or a later one. Such a host is heard only where nothing better is known.

#include <string>
#include <string_view>
#include <vector>

#include "ucsignin/trace.hpp"

namespace ucsignin::signin {

struct dated_answer {
    std::string source;  // the host that said it
    double skew_s = 0;   // server minus this PC
    double error_s = 0;  // half the round trip, and half of the header's one-second grain
    bool kept = false;   // it lies in the past, and a cache may have kept the answer
};

struct clock_verdict {
    chart::branch_at<"devices.clock"> branch;
    trace::outcome outcome;
    std::string summary;
};
[[nodiscard]] clock_verdict judge_clock(const std::vector<dated_answer>&);
// Those whose word on the time counts: a kept one only if another bears it out, or if there are no others at all.
[[nodiscard]] std::vector<dated_answer> clock_witnesses(const std::vector<dated_answer>&);

enum class answer_age { fresh, any };  // any: to a request that caches may answer (RFC 9111 3)

class clock_watch {
public:
    // `sent` and `received`: this PC's wall clock in seconds, with fractions.
    void observe(const std::string& source, std::string_view date, double sent, double received, answer_age);
    // Writes devices.clock when it says something else than before; `now` by this PC's wall clock.
    void decide(trace::recorder&, double now);

private:
    std::vector<dated_answer> seen_;  // one for each source
    bool decided_ = false;            // and nothing new since then
};

}  // namespace ucsignin::signin
