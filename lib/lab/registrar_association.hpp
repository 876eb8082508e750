#pragma once
// One TLS-DSK security association of a connection (MS-SIPAE): its handshake, then signatures with counters, checked by
// lab/raw_signature.
//
//   hello -> flight -> finish -> established -> signed messages

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "auth/tls_dsk.hpp"
#include "sip/message.hpp"

namespace ucsignin::lab {

class association {
public:
    // `user` (address) and `epid` are who it was begun for; other messages don't belong to it.
    association(std::string opaque, std::string user, std::string epid, std::string server_name, const auth::dsk_server_options& options);

    [[nodiscard]] const std::string& opaque() const { return opaque_; }
    [[nodiscard]] bool belongs_to(std::string_view user, std::string_view epid) const { return user == user_ && epid == epid_; }

    // The answer to a client token; `established` from the step that completes.
    [[nodiscard]] std::expected<std::string, auth::dsk_failure> step(const std::string& token);
    [[nodiscard]] bool established() const { return keys_.has_value(); }
    [[nodiscard]] std::optional<net::certificate_facts> client_certificate() const { return handshake_.client_certificate(); }

    enum class verdict { valid, missing, wrong, replayed };
    // `wire`: the message as it came. A valid number is used up; numbers 256 below the highest are too old.
    [[nodiscard]] verdict verify(std::string_view wire);

    enum class fault { none, wrong, missing, replay };   // replay: salt and number of the message before
    // Appends Authentication-Info.
    void sign(sip::message& outgoing, fault play = fault::none);

private:
    std::string opaque_, user_, epid_, server_name_;
    auth::dsk_server handshake_;
    std::optional<auth::dsk_keys> keys_;
    std::set<std::uint32_t> used_;
    std::uint32_t next_number_ = 1;
    std::string last_salt_;
};

[[nodiscard]] std::string_view to_string(association::verdict);

}  // namespace ucsignin::lab
