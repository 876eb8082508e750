#pragma once
// Reading what a server sent without making everybody else wait for it.

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/work.hpp"
#include "sip/message.hpp"

namespace ucsignin::signin {

// A megabyte of XML takes some 20 ms here: shorter documents aren't worth a thread.
inline constexpr std::size_t worth_a_thread = 64 * 1024;

// What `parse` makes of it; a long text on a thread of its own, which is left behind at the deadline.
template <class Read>
[[nodiscard]] net::awaitable<Read> read_beside(Read (*parse)(std::string_view), std::string text, net::deadline until) {
    if (text.size() < worth_a_thread) co_return parse(text);
    const auto kept = std::make_shared<const std::string>(std::move(text));
    const std::function<Read()> work = [parse, kept] { return parse(*kept); };
    auto done = co_await net::run_blocking(work, until);
    if (!done) co_return std::unexpected(sip::parse_error{0, "not read to its end: " + done.error().detail});
    co_return std::move(*done);
}

}  // namespace ucsignin::signin
