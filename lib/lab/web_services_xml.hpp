#pragma once
// XML that a client sent, read with libxml2 (no network, no entities, a size limit), and exclusive canonical XML 1.0.

#include <libxml/tree.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ucsignin::lab {

class xml_document {
public:
    [[nodiscard]] static std::optional<xml_document> parse(std::string_view text);
    [[nodiscard]] xmlNode* root() const { return xmlDocGetRootElement(document_.get()); }

private:
    struct free_document {
        void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
    };
    std::unique_ptr<xmlDoc, free_document> document_;
};

// Elements are matched by local name. All take and give null for "not there".
[[nodiscard]] xmlNode* first_child(xmlNode* parent, std::string_view name = {});  // any element when the name is empty
[[nodiscard]] xmlNode* next_sibling(xmlNode* node, std::string_view name = {});
[[nodiscard]] xmlNode* find_element(xmlNode* top, std::string_view name);  // top itself or below, document order
[[nodiscard]] bool is_element(const xmlNode* node, std::string_view name);
[[nodiscard]] std::string text_of(xmlNode* node);  // trimmed
[[nodiscard]] std::string attribute_of(xmlNode* node, std::string_view name);

// Exclusive C14N of an element (it declares the namespaces that it uses) and all below it, without the descendant
// `left_out` (an enveloped signature).
// "" for what has no canonical form (relative namespaces).
[[nodiscard]] std::string canonical(xmlNode* top, const xmlNode* left_out = nullptr);

[[nodiscard]] std::string escape_xml(std::string_view text);

}  // namespace ucsignin::lab
