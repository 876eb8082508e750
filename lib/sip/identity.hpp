#pragma once
// Endpoint identity: epid, +sip.instance and GRUU, and how they hang together (MS-SIPRE 3.2).

#include <string>
#include <string_view>

namespace ucsignin::sip {

// "34d859db-6585-5f91-a3b4-de853c15347d" from "c8ca638a15". Looks like a version 5 UUID, is not RFC 4122's (byte
// order).
[[nodiscard]] std::string instance_from_epid(std::string_view epid);
// base64url of the instance UUID (little-endian layout) and two zero bytes: the GRUU's `opaque=user:epid:` value.
[[nodiscard]] std::string gruu_opaque(std::string_view instance);
// 12 hex digits, stable per user and machine, and never what the desktop client on the same machine uses.
[[nodiscard]] std::string epid_for(std::string_view sip_uri, std::string_view machine_id);

}  // namespace ucsignin::sip
