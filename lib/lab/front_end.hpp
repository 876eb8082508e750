#pragma once
// The front end: what a signed-in client asks for (part 02). Provisioning, roaming self and contacts, batched presence,
// publication, location profile, conferencing capabilities, relay credentials.

#include <functional>
#include <string>
#include <string_view>

#include "lab/pool_state.hpp"
#include "lab/sip_service_answer.hpp"

namespace ucsignin::lab {

using notifier = std::function<void(sip::message)>;  // sends a request to the client, signed; nothing once it is gone

class front_end {
public:
    front_end(pool_state& pool, hop at) : pool_(pool), at_(std::move(at)) {}

    // The Event of a SUBSCRIBE, the kind of a SERVICE (publish, location-profile, conferencing, mras,
    // set-container-members, set-subscribers, soap), "" else.
    [[nodiscard]] static std::string step_of(const sip::message& request);
    // For requests whose signature was right.
    [[nodiscard]] answered answer(const incoming&, notifier notify);

private:
    [[nodiscard]] answered subscribe(const incoming&, const account& who, notifier notify);
    [[nodiscard]] sip::message unsubscribe(const incoming&, const std::string& event);
    [[nodiscard]] answered query(const incoming&, std::string event, std::string type, std::string body);
    [[nodiscard]] answered accept(
        const incoming&, std::string event, std::string type, std::string body, notifier notify);
    [[nodiscard]] answered serve(const incoming&, const account& who);
    [[nodiscard]] sip::message publish(const incoming&, const account& who);
    [[nodiscard]] sip::message give_location_profile(const incoming&);
    [[nodiscard]] sip::message refuse(const incoming&, int status, int id, std::string_view reason) const;
    [[nodiscard]] sip::message with_body(const incoming&, std::string type, std::string body) const;

    pool_state& pool_;
    hop at_;
};

}  // namespace ucsignin::lab
