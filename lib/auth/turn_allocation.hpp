#pragma once
// A relay is asked for an allocation, which is given back at once: whether it takes the credentials. Bytes in, bytes
// out, no I/O. Whether media would pass is another question, which nothing here answers.
//
//   first --401--> with credentials --success--> release --any answer--> over
//     |              |    ^ |   |                  ^ |
//     |              |    438, once                438, once
//     +- success without credentials --> release
//     +- any other answer              +- any other answer --> over
//
// The first question is in both dialects of TURN; what answers it chooses. In Microsoft's a success says little: no
// other program speaks it to which this one could have been held.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "auth/relay_credentials.hpp"
#include "net/stun.hpp"

namespace ucsignin::auth {

class turn_allocation {
public:
    enum class state {
        not_tried,  // no answer, or one that leaves nothing to prove
        asked,      // with the credentials, and not answered (yet)
        granted,    // by somebody who knows the password
        unproven,   // granted by somebody who does not show that he knows the password
        open,       // granted without credentials
        refused,    // the credentials
        quota,      // no room for this user, or at all
        mismatch,   // there is one of this address already, with other credentials
        failed      // by another code
    };
    using message = std::vector<unsigned char>;

    explicit turn_allocation(std::optional<relay_credentials> of);

    // What is to be sent now, in all its forms; none: it is over.
    [[nodiscard]] std::vector<message> request() const;
    // What to leave behind where no answer to this request comes: it may have been granted.
    [[nodiscard]] std::vector<message> farewell() const;
    // Whether it answers the request. What is only shaped like an answer changes nothing.
    [[nodiscard]] bool is_answer(std::span<const unsigned char> came) const { return read(came).has_value(); }
    void take(std::span<const unsigned char> came);

    struct result {
        std::optional<net::stun::response> first;  // without credentials
        state allocation = state::not_tried;
        std::optional<int> code;  // of the answer to the credentials, where it was an error
        bool stale_once = false;  // another nonce was asked for, and taken
        bool released = false;    // the relay said so
        std::string why_not;      // it was not tried
    };
    [[nodiscard]] const result& so_far() const { return so_far_; }

private:
    enum class step { first, with_credentials, release, over };
    [[nodiscard]] std::optional<net::stun::response> read(std::span<const unsigned char> came) const;
    [[nodiscard]] net::stun::proof proof() const;
    [[nodiscard]] std::optional<net::stun::proof> proof_if_any() const;
    void take_first(const net::stun::response&);
    void take_proven(const net::stun::response&, std::span<const unsigned char> came);
    void take_release(const net::stun::response&);
    bool challenge(const net::stun::response&);  // false: why_not says what lacks
    bool ask_again(const net::stun::response&);  // with the nonce that it wants, once
    void go_on(step);

    std::optional<relay_credentials> of_;
    step at_ = step::first;
    net::stun::dialect dialect_ = net::stun::dialect::standard;
    net::stun::transaction_id id_ = net::stun::random_id(), other_id_ = net::stun::random_id();
    net::stun::transaction_id farewell_id_ = net::stun::random_id();
    secret user_, key_;  // in the form of the dialect
    std::string realm_, nonce_;
    std::optional<net::stun::sequence> sequence_;
    result so_far_;
};

}  // namespace ucsignin::auth
