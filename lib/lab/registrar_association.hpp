#pragma once
// One security association of a connection (MS-SIPAE): the exchange by which the endpoint proves itself, then
// signatures with counters over the buffer that lab/raw_signature reads off the wire.
//
//   hello -> flight -> finish -> established -> signed messages

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "lab/endpoint_proof.hpp"
#include "sip/message.hpp"

namespace ucsignin::lab {

class association {
public:
    // `user` (address) and `epid` are who it was begun for; other messages don't belong to it.
    association(
        std::string opaque, std::string user, std::string epid, std::string server_name,
        std::unique_ptr<endpoint_proof> proof);

    [[nodiscard]] const std::string& opaque() const { return opaque_; }
    [[nodiscard]] bool belongs_to(std::string_view user, std::string_view epid) const {
        return user == user_ && epid == epid_;
    }

    [[nodiscard]] endpoint_proof& proof() const { return *proof_; }

    enum class verdict { valid, missing, wrong, replayed };
    // `wire`: the message as it came. A valid number is used up; numbers 256 below the highest are too old.
    [[nodiscard]] verdict verify(std::string_view wire);

    enum class fault { none, wrong, missing, replay };  // replay: salt and number of the message before
    // Appends Authentication-Info.
    void sign(sip::message& outgoing, fault play = fault::none);

private:
    std::string opaque_, user_, epid_, server_name_;
    std::unique_ptr<endpoint_proof> proof_;
    std::set<std::uint32_t> used_;
    std::uint32_t next_number_ = 1;
    std::string last_salt_;
};

[[nodiscard]] std::string_view to_string(association::verdict);

}  // namespace ucsignin::lab
