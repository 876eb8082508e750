#pragma once
// The registrar of one connection: challenges, TLS-DSK and NTLM exchanges, registrations (part 01 sections 4.3
// to 4.12).

#include <map>
#include <memory>
#include <string>

#include "lab/pool_state.hpp"
#include "lab/registrar_association.hpp"
#include "lab/sip_service_answer.hpp"

namespace ucsignin::lab {

class registrar {
public:
    registrar(pool_state& pool, hop at) : pool_(pool), at_(std::move(at)) {}

    // first (no usable credentials), hello, finish, signed.
    [[nodiscard]] std::string_view step_of(const incoming&) const;
    // Names the association of a request and judges its signature; uses up its number.
    void authenticate(incoming&);
    [[nodiscard]] answered answer(const incoming&);
    // Of a request that no rule let through: 401 with every scheme, and why when it wasn't the first.
    [[nodiscard]] sip::message challenge(const incoming&, bool failed) const;
    // Ends what was registered over this connection.
    void connection_lost();

private:
    void begin_with_ticket(incoming&);
    [[nodiscard]] answered begin_exchange(const incoming&);
    [[nodiscard]] answered go_on(const incoming&, const std::shared_ptr<association>& with);
    [[nodiscard]] sip::message exchange_answer(
        const incoming&, const association& with, const std::string& token) const;
    [[nodiscard]] std::unique_ptr<endpoint_proof> new_proof(
        std::string_view scheme) const;  // null for a scheme the pool doesn't speak
    [[nodiscard]] sip::message enroll(const incoming&);
    [[nodiscard]] sip::message refusal(const incoming&, const account* who);  // status 0: nothing is wrong
    [[nodiscard]] sip::message welcome(const incoming&, const account& who);
    [[nodiscard]] std::string target_of(std::string_view scheme) const;
    [[nodiscard]] bool is_for_this_server(const sip::auth_header&) const;
    [[nodiscard]] auth::dsk_server_options handshake_options() const;

    pool_state& pool_;
    hop at_;
    std::map<std::string, std::shared_ptr<association>> associations_;  // by opaque
};

}  // namespace ucsignin::lab
