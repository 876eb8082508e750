// Waits on the connection and sends a keep-alive only when it was quiet for half of what the server tolerates.
#include "signin/stay.hpp"

namespace ucsignin::signin {
namespace {

constexpr auto usual_interval = std::chrono::seconds(60);  // while the server names no limit

// Half the server's limit, so that one that gets lost is made up for.
net::clock::duration interval_of(const session& s) {
    if (s.keep_alive_s <= 0) return usual_interval;
    return std::chrono::milliseconds(s.keep_alive_s * 500);
}

}  // namespace

net::awaitable<void> stay(context& c, std::shared_ptr<session> s) {
    const auto wanted = std::chrono::duration_cast<net::clock::duration>(
        std::chrono::duration<double>(c.options.stay_s));
    const auto until = net::clock::now() + wanted;
    c.until.extend(wanted);
    while (s->ended_by.empty() && net::clock::now() < until) {
        const auto due = s->sip->last_active() + interval_of(*s);
        if (net::clock::now() >= due) {
            const auto sent = co_await s->sip->keep_alive(net::clock::now() + std::chrono::seconds(10));
            if (sent) ++s->keep_alives_sent;
            continue;
        }
        s->news.reset();
        co_await s->news.wait(std::min(due, until));
    }
}

}  // namespace ucsignin::signin
