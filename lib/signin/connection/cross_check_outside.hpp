#pragma once
// Looks at hosts that have nothing to do with the pool, to tell a server from a network that answers in its place.
// Taken only in the second round, when an answer is not the pool's own; both hosts are ones that every Windows PC
// knows.
//   unrelated_host   TLS with www.microsoft.com: who issued what it shows    trusted, untrusted, no_answer
//   plain_http       what Windows asks to know whether it is online          as_expected, led_away, other_page,
//   no_answer

#include "signin/base/context.hpp"

namespace ucsignin::signin::connection {

[[nodiscard]] net::awaitable<void> look_at_unrelated_host(context&, second_look, net::deadline);
[[nodiscard]] net::awaitable<void> look_at_plain_http(context&, second_look, net::deadline);

}  // namespace ucsignin::signin::connection
