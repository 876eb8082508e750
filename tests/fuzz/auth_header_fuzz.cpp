// links: auth
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "trace/dates.hpp"
#include "auth/signature.hpp"
#include "sip/encoding.hpp"
#include "sip/identity.hpp"
#include "sip/message.hpp"

using namespace ucsignin;

// Everything that stands inside single headers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)sip::parse_auth_header(text);
    (void)sip::parse_name_addr(text);
    (void)sip::parse_cseq(text);
    (void)sip::parse_uri(text);
    (void)sip::parse_diagnostics("ms-diagnostics", text);
    (void)sip::gruu_opaque(text);
    (void)trace::parse_iso_time(text);
    if (const auto bytes = sip::from_base64(text); bytes && sip::from_base64(sip::base64(*bytes)) != bytes)
        std::abort();
    if (const auto bytes = sip::from_hex(text); bytes && sip::from_hex(sip::hex(*bytes)) != bytes) std::abort();
    sip::message m;
    m.status = 200;
    for (const char* name : {"From", "To", "CSeq", "P-Asserted-Identity"}) m.add(name, std::string(text));
    (void)auth::signature_buffer(m, {"TLS-DSK", "1", "1", "r", "t", static_cast<int>(size % 5)});
    return 0;
}
