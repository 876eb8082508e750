#include "sip/xml.hpp"

#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>

#include <stdexcept>

#include "sip/lexical.hpp"

namespace ucsignin::sip::xml {
namespace {

using context_ptr = std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)>;
using buffer_ptr = std::unique_ptr<xmlBuffer, decltype(&xmlBufferFree)>;

std::string_view view(const xmlChar* text) {
    return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text);
}

// libxml2 hands out texts that the caller frees.
std::string take(xmlChar* text) {
    const std::unique_ptr<xmlChar, decltype(xmlFree)> owned(text, xmlFree);
    return std::string(view(owned.get()));
}

// A DTD may define entities, which blow up or read files. The limits refuse it already; so does the parser.
void refuse_dtd(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
    auto* parser = static_cast<xmlParserCtxtPtr>(context);
    parser->_private = parser;
    xmlStopParser(parser);
}

parse_error error_of(xmlParserCtxtPtr parser) {
    const long at = xmlByteConsumed(parser);
    const auto* last = xmlCtxtGetLastError(parser);
    std::string what = last != nullptr && last->message != nullptr ? std::string(trim(last->message))
                                                                   : "not well-formed XML";
    return {at < 0 ? 0 : static_cast<std::size_t>(at), std::move(what)};
}

void collect(xmlNode* from, std::string_view name, std::vector<element>& into) {
    for (xmlNode* node = from->children; node != nullptr; node = node->next) {
        if (node->type != XML_ELEMENT_NODE) continue;
        if (view(node->name) == name) into.emplace_back(node);
        collect(node, name, into);  // the parser bounds the depth to 256
    }
}

struct subtree {
    const xmlNode *top, *left_out;
};

int is_within(void* data, xmlNodePtr node, xmlNodePtr parent) {
    const auto& wanted = *static_cast<const subtree*>(data);
    // Attributes and namespaces come with the element that they stand on as `parent`.
    for (xmlNodePtr at = node->type == XML_NAMESPACE_DECL || node->type == XML_ATTRIBUTE_NODE ? parent : node;
         at != nullptr && at != wanted.left_out; at = at->parent)
        if (at == wanted.top) return 1;
    return 0;
}

}  // namespace

std::string element::name() const { return node_ == nullptr ? std::string{} : std::string(view(node_->name)); }

std::string element::attribute(std::string_view name) const {
    for (xmlAttr* at = node_ == nullptr ? nullptr : node_->properties; at != nullptr; at = at->next)
        if (view(at->name) == name) return take(xmlNodeListGetString(at->doc, at->children, 1));
    return {};
}

std::vector<std::pair<std::string, std::string>> element::attributes() const {
    std::vector<std::pair<std::string, std::string>> out;
    for (xmlAttr* at = node_ == nullptr ? nullptr : node_->properties; at != nullptr; at = at->next)
        out.emplace_back(view(at->name), take(xmlNodeListGetString(at->doc, at->children, 1)));
    return out;
}

std::string element::text() const {
    return node_ == nullptr ? std::string{} : std::string(trim(take(xmlNodeGetContent(node_))));
}

std::vector<element> element::children() const {
    std::vector<element> out;
    for (xmlNode* node = node_ == nullptr ? nullptr : node_->children; node != nullptr; node = node->next)
        if (node->type == XML_ELEMENT_NODE) out.emplace_back(node);
    return out;
}

std::vector<element> element::children(std::string_view name) const {
    auto out = children();
    std::erase_if(out, [&](const element& one) { return view(one.node_->name) != name; });
    return out;
}

element element::child(std::string_view name) const {
    for (const auto& one : children())
        if (view(one.node_->name) == name) return one;
    return {};
}

element element::descendant(std::string_view name) const {
    const auto all = descendants(name);
    return all.empty() ? element{} : all.front();
}

element element::find(std::string_view name) const {
    return node_ != nullptr && view(node_->name) == name ? *this : descendant(name);
}

std::vector<element> element::descendants(std::string_view name) const {
    std::vector<element> out;
    if (node_ != nullptr) collect(node_, name, out);
    return out;
}

std::string element::outer() const {
    if (node_ == nullptr) return {};
    // A copy carries along the namespace declarations that its ancestors made.
    const std::unique_ptr<xmlNode, decltype(&xmlFreeNode)> copy(xmlDocCopyNode(node_, node_->doc, 1), xmlFreeNode);
    const buffer_ptr buffer(xmlBufferCreate(), xmlBufferFree);
    if (!copy || !buffer || xmlNodeDump(buffer.get(), node_->doc, copy.get(), 0, 0) < 0) return {};
    return std::string(view(xmlBufferContent(buffer.get())));
}

std::expected<document, parse_error> document::read(std::string_view text, const limit& within, std::string_view root) {
    if (auto ok = check_limits(text, within); !ok) return std::unexpected(ok.error());
    static const bool initialized = (xmlInitParser(), true);  // once, before threads meet inside libxml2
    (void)initialized;
    const context_ptr parser(xmlNewParserCtxt(), xmlFreeParserCtxt);
    if (!parser) throw std::bad_alloc();
    parser->sax->internalSubset = refuse_dtd;
    document out;
    out.doc_.reset(
        xmlCtxtReadMemory(
            parser.get(), text.data(), static_cast<int>(text.size()), nullptr, nullptr,
            XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA),
        xmlFreeDoc);
    if (!out.doc_ || parser->_private != nullptr || !out.root()) return std::unexpected(error_of(parser.get()));
    if (!root.empty() && out.root().name() != root)
        return std::unexpected(
            parse_error{0, "the root element is " + out.root().name() + ", not " + std::string(root)});
    return out;
}

element document::root() const { return element(xmlDocGetRootElement(doc_.get())); }

std::string canonical(element from, element left_out) {
    if (!from) return {};
    xmlOutputBuffer* out = xmlAllocOutputBuffer(nullptr);
    if (out == nullptr) throw std::bad_alloc();
    subtree wanted{from.native(), left_out.native()};
    std::string text;
    if (xmlC14NExecute(from.native()->doc, is_within, &wanted, XML_C14N_EXCLUSIVE_1_0, nullptr, 0, out) >= 0)
        text.assign(reinterpret_cast<const char*>(xmlOutputBufferGetContent(out)), xmlOutputBufferGetSize(out));
    xmlOutputBufferClose(out);
    return text;
}

std::string escape(std::string_view text) {
    std::string out;
    for (char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            default: out += static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r' ? ' ' : c;
        }
    }
    return out;
}

bool is_utf8(const std::string& text) {
    return xmlCheckUTF8(reinterpret_cast<const unsigned char*>(text.c_str())) == 1;
}

bool is_true(std::string_view text) { return same_word(trim(text), "true") || trim(text) == "1"; }

}  // namespace ucsignin::sip::xml
