// links: auth
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "auth/web_ticket.hpp"
#include "auth/xml_ranges.hpp"

using namespace ucsignin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view xml(reinterpret_cast<const char*>(data), size);
    const auth::secret entropy(std::string(32, 'e'));
    (void)auth::parse_metadata(xml);
    (void)auth::parse_fault(xml);
    (void)auth::parse_certificate_response(xml);
    if (const auto ticket = auth::parse_ticket_response(xml, entropy)) {
        if (xml.find(ticket->assertion.reveal()) == std::string_view::npos) std::abort();  // byte for byte
        (void)auth::certificate_order_xml({"https://web/", "instance", "a@b", "der", "id", true}, *ticket);
    }
    if (const auto range = auth::find_element(xml, "Assertion"))
        if (range->outer.data() < xml.data() || range->outer.data() + range->outer.size() > xml.data() + xml.size())
            std::abort();
    return 0;
}
