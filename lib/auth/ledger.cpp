#include "auth/ledger.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "net/deadline.hpp"

namespace ucsignin::auth {

struct ledger::state {
    struct entry {
        password_way way;
        bool sent = false;
        std::optional<use_end> ended;
        bool given_back = false;
        [[nodiscard]] bool under_way() const { return !ended && !given_back; }
        [[nodiscard]] bool failed() const { return ended && *ended != use_end::accepted; }
    };

    state(boost::asio::any_io_executor executor, of who) : changed(std::move(executor)), whose(who) {}

    [[nodiscard]] std::size_t count(bool (entry::*what)() const) const {
        return static_cast<std::size_t>(std::ranges::count_if(entries, [&](const entry& e) { return (e.*what)(); }));
    }
    [[nodiscard]] int ended_as(use_end how) const {
        return static_cast<int>(std::ranges::count_if(entries, [&](const entry& e) { return e.ended == how; }));
    }
    [[nodiscard]] bool must_wait() const {
        if (count(&entry::under_way) == 0) return false;
        return whose == of::account || ended_as(use_end::accepted) == 0;
    }

    std::vector<entry> entries;
    net::signal changed;
    of whose;
};

namespace {

constexpr std::size_t most_failures = 2;

}  // namespace

std::string_view to_string(password_way way) {
    static constexpr std::string_view names[] = {
        "NTLM at a web service",
        "Negotiate at a web service",
        "user name and password (Base64) at the web ticket service",
        "user name and password (clear) at the web ticket service",
        "NTLM at the registrar",
        "a Kerberos ticket by password",
        "NTLM at Exchange",
        "Negotiate at Exchange",
        "Basic at Exchange",
        "NTLM at the proxy",
        "Negotiate at the proxy",
        "Basic at the proxy"};
    return names[static_cast<std::size_t>(way)];
}

ledger::ledger(boost::asio::any_io_executor executor, of whose)
    : state_(std::make_shared<state>(std::move(executor), whose)) {}

std::string ledger::objection(password_way way) const {
    const auto failures = state_->count(&state::entry::failed);
    if (failures == 0) return {};
    if (failures >= most_failures)
        return "the password was sent twice in this run without being accepted; it is not sent again, so that the "
               "account is not locked";
    const auto first = std::ranges::find_if(state_->entries, &state::entry::failed);
    if (first->way != way || (state_->whose == of::proxy && first->ended == use_end::unjudged)) return {};
    return "the password was " + std::string(first->ended == use_end::refused ? "refused" : "sent without a verdict") +
           " in this very way before; it is not sent in it again, so that the account is not locked";
}

net::awaitable<std::expected<password_use, std::string>> ledger::reserve(password_way way, net::deadline until) {
    const auto kept = state_;
    for (;;) {
        if (auto why = objection(way); !why.empty()) co_return std::unexpected(std::move(why));
        if (!kept->must_wait()) break;
        kept->changed.reset();
        const bool woken = co_await kept->changed.wait(until);
        if (!woken) co_return std::unexpected(std::string("another log-in with the password did not end in time"));
    }
    const bool last_try = kept->count(&state::entry::failed) > 0;
    kept->entries.push_back({way});
    co_return password_use(kept, kept->entries.size() - 1, last_try);
}

bool ledger::accepted(password_way way) const {
    return std::ranges::any_of(
        state_->entries, [&](const state::entry& e) { return e.way == way && e.ended == use_end::accepted; });
}

int ledger::uses() const { return static_cast<int>(std::ranges::count_if(state_->entries, &state::entry::sent)); }
int ledger::refused() const { return state_->ended_as(use_end::refused); }
int ledger::unjudged() const { return state_->ended_as(use_end::unjudged); }

bool ledger::last_was_accepted(password_way way) const {
    const auto sent = std::ranges::find_if(
        state_->entries.rbegin(), state_->entries.rend(),
        [way](const state::entry& e) { return e.sent && e.way == way; });
    return sent == state_->entries.rend() || sent->ended == use_end::accepted;
}

void password_use::sent() { state_->entries[index_].sent = true; }

void password_use::end(use_end how) {
    auto& mine = state_->entries[index_];
    if (!mine.under_way()) return;
    mine.ended = how;
    state_->changed.set();
}

password_use::~password_use() {
    if (!state_) return;  // moved from
    auto& mine = state_->entries[index_];
    if (!mine.under_way()) return;
    if (mine.sent) {
        end(use_end::unjudged);
    } else {
        mine.given_back = true;
        state_->changed.set();
    }
}

}  // namespace ucsignin::auth
