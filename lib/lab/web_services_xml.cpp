#include "lab/web_services_xml.hpp"

#include <libxml/c14n.h>
#include <libxml/parser.h>

#include "sip/lexical.hpp"

namespace ucsignin::lab {
namespace {

constexpr std::size_t largest_document = std::size_t{1} << 20;

std::string taken(xmlChar* text) {
    std::string out = text ? reinterpret_cast<const char*>(text) : "";
    xmlFree(text);
    return out;
}

xmlNode* element_from(xmlNode* node, std::string_view name) {
    while (node && (node->type != XML_ELEMENT_NODE || !(name.empty() || is_element(node, name)))) node = node->next;
    return node;
}

struct subtree {
    const xmlNode* top;
    const xmlNode* left_out;
};

// libxml2 asks for each node; attributes and namespace declarations come with their element as parent.
int is_inside(void* data, xmlNode* node, xmlNode* parent) {
    const auto* wanted = static_cast<const subtree*>(data);
    const bool hangs_on_parent = node && (node->type == XML_NAMESPACE_DECL || node->type == XML_ATTRIBUTE_NODE);
    for (const xmlNode* at = hangs_on_parent ? parent : node; at; at = at->parent) {
        if (at == wanted->left_out) return 0;
        if (at == wanted->top) return 1;
    }
    return 0;
}

}  // namespace

std::optional<xml_document> xml_document::parse(std::string_view text) {
    if (text.empty() || text.size() > largest_document) return std::nullopt;
    constexpr int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
    xml_document out;
    out.document_.reset(xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr, options));
    if (!out.document_ || out.document_->intSubset || !out.root()) return std::nullopt;  // a DTD has no place in SOAP
    return out;
}

bool is_element(const xmlNode* node, std::string_view name) {
    return node && node->type == XML_ELEMENT_NODE && name == reinterpret_cast<const char*>(node->name);
}

xmlNode* first_child(xmlNode* parent, std::string_view name) {
    return parent ? element_from(parent->children, name) : nullptr;
}
xmlNode* next_sibling(xmlNode* node, std::string_view name) { return node ? element_from(node->next, name) : nullptr; }

xmlNode* find_element(xmlNode* top, std::string_view name) {
    if (!top || is_element(top, name)) return top;
    for (xmlNode* child = first_child(top); child; child = next_sibling(child))
        if (xmlNode* found = find_element(child, name)) return found;
    return nullptr;
}

std::string text_of(xmlNode* node) {
    return node ? std::string(sip::trim(taken(xmlNodeGetContent(node)))) : std::string();
}

std::string attribute_of(xmlNode* node, std::string_view name) {
    return node ? taken(xmlGetProp(node, reinterpret_cast<const xmlChar*>(std::string(name).c_str()))) : std::string();
}

std::string canonical(xmlNode* top, const xmlNode* left_out) {
    if (!top) return {};
    xmlOutputBuffer* buffer = xmlAllocOutputBuffer(nullptr);
    subtree wanted{top, left_out};
    std::string out;
    if (xmlC14NExecute(top->doc, is_inside, &wanted, XML_C14N_EXCLUSIVE_1_0, nullptr, 0, buffer) >= 0)
        out.assign(reinterpret_cast<const char*>(xmlOutputBufferGetContent(buffer)), xmlOutputBufferGetSize(buffer));
    xmlOutputBufferClose(buffer);
    return out;
}

std::string escape_xml(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '&') out += "&amp;";
        else if (c == '<') out += "&lt;";
        else if (c == '>') out += "&gt;";
        else if (c == '"') out += "&quot;";
        else out += c;
    }
    return out;
}

}  // namespace ucsignin::lab
