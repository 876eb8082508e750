#pragma once
// XML bodies, read by libxml2: no network, no DTD (and so no entities), within the limits of their kind. Names are
// local names: prefixes and namespaces of real servers vary. Elements stay valid as long as their document.

#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sip/message.hpp"
#include "sip/xml_limits.hpp"

struct _xmlDoc;
struct _xmlNode;

namespace ucsignin::sip::xml {

class element {
public:
    element() = default;  // no element: every question gets an empty answer
    explicit element(_xmlNode* node) : node_(node) {}

    explicit operator bool() const { return node_ != nullptr; }
    [[nodiscard]] std::string name() const;
    [[nodiscard]] std::string attribute(std::string_view name) const;  // "" when absent
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> attributes() const;
    [[nodiscard]] std::string text() const;  // of the whole subtree, CDATA included, trimmed
    [[nodiscard]] std::vector<element> children() const;
    [[nodiscard]] std::vector<element> children(std::string_view name) const;
    [[nodiscard]] element child(std::string_view name) const;       // first
    [[nodiscard]] element descendant(std::string_view name) const;  // first in document order
    [[nodiscard]] element find(std::string_view name) const;        // itself or the first descendant
    [[nodiscard]] std::vector<element> descendants(std::string_view name) const;
    [[nodiscard]] std::string outer() const;  // as text, with the namespaces it uses
    [[nodiscard]] _xmlNode* native() const { return node_; }

private:
    _xmlNode* node_ = nullptr;
};

class document {
public:
    // What goes beyond its limits is refused unread. The root must have this name, where one is given.
    [[nodiscard]] static std::expected<document, parse_error> read(
        std::string_view text, const limit& within, std::string_view root = {});
    [[nodiscard]] element root() const;

private:
    std::shared_ptr<_xmlDoc> doc_;
};

// Exclusive canonical form (W3C xml-exc-c14n, without comments) of one element and all below it, without the descendant
// `left_out` (an enveloped signature). "" for what has none (relative namespaces).
[[nodiscard]] std::string canonical(element from, element left_out = {});

// Text with the characters escaped that mean something in text and attribute values.
[[nodiscard]] std::string escape(std::string_view text);
[[nodiscard]] bool is_utf8(const std::string& text);
[[nodiscard]] bool is_true(std::string_view text);  // "true" in any case, "1"

}  // namespace ucsignin::sip::xml
