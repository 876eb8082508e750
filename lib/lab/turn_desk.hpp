#pragma once
// What a media relay of the lab makes of datagrams: Allocate and release in both dialects of TURN, against the
// credentials that the pool's relay service gave out. Its own reading and its own MESSAGE-INTEGRITY: an error of the
// client's cannot cancel itself out. Nothing is relayed: an allocation is a line in a list.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lab/pool_state.hpp"

namespace ucsignin::lab {

class turn_desk {
public:
    turn_desk(relay_udp how, relay_allocate allocate, std::shared_ptr<const pool_state> pool)
        : how_(how), allocate_(allocate), pool_(std::move(pool)) {}

    using bytes = std::vector<unsigned char>;
    struct answer {
        bytes datagram;
        std::string words;  // for the log: never a secret
    };
    // Of whoever has that address and port. Nothing for what is no request, and where the scenario wants silence.
    [[nodiscard]] std::optional<answer> take(std::span<const unsigned char> datagram, const std::string& from);

    [[nodiscard]] std::size_t allocations() const { return held_.size(); }

private:
    struct request;
    struct verdict;
    [[nodiscard]] std::optional<verdict> judge(const request&, const std::string& from);
    [[nodiscard]] std::optional<verdict> judge_proof(const request&);
    [[nodiscard]] verdict grant(const request&, const std::string& from);
    [[nodiscard]] verdict release(const request&, const std::string& from);
    [[nodiscard]] std::optional<std::string> key_for(const request&) const;
    [[nodiscard]] bytes write(const request&, const verdict&) const;
    [[nodiscard]] std::string nonce() const { return "5f1c0b7e9a3d4c21" + std::to_string(nonces_); }

    relay_udp how_;
    relay_allocate allocate_;
    std::shared_ptr<const pool_state> pool_;
    std::map<std::string, std::string> held_;  // address of a client -> id of the transaction that made it
    int nonces_ = 0;
};

}  // namespace ucsignin::lab
