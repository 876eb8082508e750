#pragma once
// What a document may cost before anything is built of it: one row a kind of document. libxml2 compares each attribute
// of an element with all before it and looks a prefix up in all declarations in scope, and a node of its tree takes ten
// times the bytes of a short tag: so these are counted first, by a scan whose time grows with the bytes and with
// nothing else.

#include <cstddef>
#include <expected>
#include <string_view>

#include "sip/message.hpp"

namespace ucsignin::sip::xml {

struct limit {
    std::size_t bytes;
    std::size_t depth;                   // of elements
    std::size_t nodes;                   // elements, comments, processing instructions, CDATA sections
    std::size_t attributes_per_element;  // namespace declarations count as well
    std::size_t attributes;              // in all
    std::size_t namespaces;              // declarations in scope at one place
};

// Real documents stay an order of magnitude below: a fault has kilobytes, a user document of Autodiscover ten, a ticket
// twenty, a service's metadata some hundred; a contact list has up to 1,000 contacts of five elements each, and in-band
// provisioning with its grammars is the largest of all.
namespace limits {
inline constexpr std::size_t kib = 1024, mib = 1024 * kib;
//                                     bytes      depth  nodes  per element  attributes  namespaces
inline constexpr limit fault{64 * kib, 32, 512, 32, 2048, 64};
inline constexpr limit autodiscover{256 * kib, 16, 4096, 32, 16384, 64};
inline constexpr limit ticket{256 * kib, 48, 4096, 64, 16384, 64};
inline constexpr limit metadata{1 * mib, 64, 20000, 64, 60000, 64};
inline constexpr limit request{1 * mib, 64, 20000, 64, 60000, 64};  // what a client sends to the emulated pool
inline constexpr limit dial_plan{256 * kib, 16, 8192, 16, 8192, 64};
inline constexpr limit media_relay{64 * kib, 16, 2048, 16, 2048, 64};
inline constexpr limit exchange{2 * mib, 48, 20000, 64, 60000, 64};  // an answer of Exchange Web Services
inline constexpr limit presence{4 * mib, 48, 20000, 64, 60000, 64};
inline constexpr limit contacts{4 * mib, 16, 20000, 64, 60000, 64};
inline constexpr limit provisioning{4 * mib, 48, 20000, 64, 60000, 64};
}  // namespace limits

// Nothing when the text keeps to its limits; the error names the limit. It is no check of well-formedness, but refuses
// whatever the scan and libxml2 could see in different ways: encodings other than UTF-8, UTF-16 and those that keep
// ASCII as it is, characters that XML doesn't have, "<" inside a tag, a processing instruction without a name, and
// document type declarations.
[[nodiscard]] std::expected<void, parse_error> check_limits(std::string_view text, const limit& of);

}  // namespace ucsignin::sip::xml
