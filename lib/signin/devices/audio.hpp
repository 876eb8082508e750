#pragma once
// Speaker and microphone, asked in a child process beside the sign-in.

#include "signin/base/context.hpp"

namespace ucsignin::signin::devices {

[[nodiscard]] net::awaitable<void> trace_audio(context& c);

}  // namespace ucsignin::signin::devices
