#pragma once
// How an attempt at TCP ended, in the words of the chart and of the evidence; pure. And what is noted of one.

#include "signin/base/context.hpp"
#include "signin/base/dial.hpp"
#include "signin/base/tls_ending.hpp"

namespace ucsignin::signin::connection {

[[nodiscard]] chart::branch_at<"connection.tcp"> tcp_branch(net::fault);
void note_attempt(trace::scope&, const attempt&);

}  // namespace ucsignin::signin::connection
