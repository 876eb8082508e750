#pragma once
// Message signatures of MS-SIP 3.1.4.2 and MS-SIPAE 3.2.5.2: the buffer that is signed, and the keyed hash of TLS-DSK.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "auth/secret.hpp"
#include "sip/connection.hpp"
#include "sip/message.hpp"

namespace ucsignin::auth {

// `<TLS-DSK><crand><1><realm>...`: 15 fields in a request, 16 in a response (versions 3 and 4), 12 and 13 in version 2.
// `header` is the parsed Authorization or Authentication-Info of this very message; `random` and `number` are its
// crand/srand and cnum/snum.
struct signature_parameters {
    std::string scheme, random, number, realm, targetname;
    int version = 4;
};
[[nodiscard]] std::string signature_buffer(const sip::message&, const signature_parameters&);

enum class hash { md5, sha1, sha256, sha384 };
[[nodiscard]] std::string hmac_hex(hash, const secret& key, std::string_view text);  // lower case

// An association that is up: client and server key (32 bytes each), as section 5.6 cuts them out of the TLS exporter.
struct dsk_keys {
    secret client, server;
    auth::hash hash = auth::hash::sha1;
    std::string tls_version, cipher;
};

// Signs and checks as the client does. `opaque`, `realm`, `targetname` and `version` are those of the challenge
// (version 2 when it names none). Numbers its messages from 1.
[[nodiscard]] std::shared_ptr<sip::protector> make_dsk_protector(
    dsk_keys keys, std::string realm, std::string targetname, std::string opaque, int version = 4);

}  // namespace ucsignin::auth
