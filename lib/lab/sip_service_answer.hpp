#pragma once
// Requests as the pool reads them, and the frame of every answer (part 01 sections 4.3 and 4.9).

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lab/pool_state.hpp"
#include "lab/registrar_association.hpp"
#include "sip/message.hpp"

namespace ucsignin::lab {

// The connection as messages show it.
struct hop {
    std::string server_name;  // targetname: the individual server
    std::string peer;         // "192.0.2.10:50123"
    std::string cid;          // the server's connection id, upper-case hex
};

struct incoming {
    std::string wire;  // as it came
    sip::message request;
    sip::auth_header credentials;  // Authorization or Proxy-Authorization; scheme "" when there is none
    std::string user;              // address in From
    std::string epid, instance;    // instance in lower case, without urn:uuid:
    // Filled by the connection before anybody answers: the association that the request names and what its signature is
    // worth.
    std::shared_ptr<association> by;
    association::verdict signature = association::verdict::missing;
    [[nodiscard]] bool is_authentic() const { return by && signature == association::verdict::valid; }
};
[[nodiscard]] incoming read_request(std::string wire, sip::message request);

struct answered {
    sip::message reply;
    std::shared_ptr<association> signer;  // null: goes out unsigned
    std::vector<sip::message> then;       // requests of the server that follow, signed likewise
};

// From, To with a tag, Call-ID, CSeq, Via with what the server saw, Server. `reason` "" for the standard phrase.
[[nodiscard]] sip::message make_answer(
    const pool_state&, const hop&, const sip::message& request, int status, std::string reason = {});
[[nodiscard]] std::string_view reason_phrase(int status);

// `4005;reason="...";source="fe01..."` in the header named.
void add_diagnostics(sip::message& answer, const hop&, std::string_view header, int id, std::string_view reason);

}  // namespace ucsignin::lab
