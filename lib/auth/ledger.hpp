#pragma once
// The password ledger (contract.md, "Passwords"): counts every time that what proves the password leaves this PC,
// before it leaves. A locked account is worse than a missing diagnosis.
//
//   reserve() -> password_use -> sent() -> end(accepted | refused | unjudged)
//                             -> (destroyed before sent(): given back)
//
// At most two uses end other than accepted, the second in another way; then there are none. Accepted ones are counted,
// not limited. While one is under way others wait for what comes of it.

#include <boost/asio/any_io_executor.hpp>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "net/stream.hpp"

namespace ucsignin::auth {

// Two uses are alike when protocol, scheme and form are.
enum class password_way {
    web_ntlm,
    web_negotiate,
    web_username_base64,
    web_username_clear,
    sip_ntlm,
    kerberos,
    exchange_ntlm,
    exchange_negotiate,
    exchange_basic,
    proxy_ntlm,
    proxy_negotiate,
    proxy_basic
};
[[nodiscard]] std::string_view to_string(password_way);  // for people: "NTLM at a web service"

enum class use_end {
    accepted,  // what only somebody who took it would answer
    refused,   // the server says that it is wrong
    unjudged,  // 403, 404, 5xx, close, silence
};

class password_use;

class ledger {
public:
    // A proxy asks anew on each connection. Once it has taken a password, log-ins need not wait for one another; and
    // where one broke without a verdict, the next connection may try the same way.
    enum class of { account, proxy };
    explicit ledger(boost::asio::any_io_executor executor, of whose = of::account);

    // The error says for people why there is none.
    [[nodiscard]] net::awaitable<std::expected<password_use, std::string>> reserve(password_way, net::deadline until);
    // Why this way is closed for good; "" while it is open.
    [[nodiscard]] std::string objection(password_way) const;

    [[nodiscard]] bool accepted(password_way) const;  // at least once
    [[nodiscard]] int uses() const;                   // that left
    [[nodiscard]] int refused() const;
    [[nodiscard]] int unjudged() const;
    // Of those that left in this way; true before the first. What another server made of it says nothing of this one.
    [[nodiscard]] bool last_was_accepted(password_way) const;

private:
    friend class password_use;
    struct state;
    std::shared_ptr<state> state_;
};

// One use, from its reservation to what came of it. Destroyed without a verdict: unjudged if it was sent, else given
// back.
class password_use {
public:
    password_use(password_use&&) noexcept = default;
    password_use& operator=(password_use&&) = delete;
    ~password_use();

    void sent();  // to be called before the first byte of it leaves
    void end(use_end);
    // One was refused or unjudged before: the caller says that this is the second and last try.
    [[nodiscard]] bool is_last_try() const { return last_try_; }

private:
    friend class ledger;
    password_use(std::shared_ptr<ledger::state> of, std::size_t index, bool last_try)
        : state_(std::move(of)), index_(index), last_try_(last_try) {}
    std::shared_ptr<ledger::state> state_;
    std::size_t index_;
    bool last_try_;
};

}  // namespace ucsignin::auth
