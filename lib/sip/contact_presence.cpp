// What answers is told apart by the root element alone: media types of parts are often wrong or missing.
#include "sip/contact_presence.hpp"

#include <fmt/format.h>
#include <optional>

#include "sip/lexical.hpp"
#include "sip/multipart.hpp"
#include "sip/xml.hpp"

namespace ucsignin::sip {
namespace {

// PIDF names whom it is about by "pres:" as well (RFC 3859).
std::string plain(std::string_view uri) {
    constexpr std::string_view presence = "pres:";
    auto address = without_scheme(trim(uri));
    if (same_word(address.substr(0, presence.size()), presence)) address.erase(0, presence.size());
    return std::string(address.substr(0, address.find(';')));
}

class collector {
public:
    void read(const xml::element& root) {
        const auto name = root.name();
        if (name == "list") read_list(root);
        else if (name == "categories") read_categories(root);
        else if (name == "presence") read_pidf(root);
        else if (name == "presentity")
            at(root.attribute("uri")).availability = number(root.child("availability"), "aggregate");
    }
    contact_presence result() && { return std::move(found_); }

private:
    watched_contact& at(std::string_view uri) {
        auto address = plain(uri);
        const auto [place, is_new] = found_.by_address.try_emplace(lower(address), found_.contacts.size());
        if (is_new) found_.contacts.push_back({.uri = std::move(address)});
        return found_.contacts[place->second];
    }

    void read_list(const xml::element& list) {
        for (const auto& resource : list.children("resource")) {
            auto& one = at(resource.attribute("uri"));
            const auto instance = resource.child("instance");
            one.state = lower(instance.attribute("state"));
            one.reason = instance.attribute("reason");
            one.pool = instance.attribute("poolFqdn");
        }
    }

    // Of several states the last that counts for all endpoints, or the last.
    void read_categories(const xml::element& root) {
        auto& one = at(root.attribute("uri"));
        bool aggregate = false;
        for (const auto& state : root.descendants("state")) {
            const auto value = to_number<std::int64_t>(state.child("availability").text());
            const bool is_aggregate = state.attribute("type").ends_with("aggregateState");
            if (!value || (aggregate && !is_aggregate)) continue;
            aggregate = is_aggregate;
            one.availability = *value;
            one.activity = state.child("activity").attribute("token");
        }
    }

    void read_pidf(const xml::element& root) {
        auto& one = at(root.attribute("entity"));
        for (const auto& basic : root.descendants("basic"))
            if (one.activity != "open") one.activity = lower(basic.text());
    }

    static std::int64_t number(const xml::element& of, std::string_view attribute) {
        return to_number<std::int64_t>(trim(of.attribute(attribute))).value_or(-1);
    }

    contact_presence found_;
};

}  // namespace

const watched_contact* contact_presence::find(std::string_view uri) const {
    const auto at = by_address.find(lower(plain(uri)));
    return at == by_address.end() ? nullptr : &contacts[at->second];
}

std::expected<contact_presence, parse_error> parse_contact_presence(std::string_view body) {
    auto parts = body_parts(body);
    if (parts.empty()) parts.push_back({{}, {}, body});
    collector all;
    std::optional<parse_error> first;
    bool any = false;
    for (const auto& part : parts) {
        const auto document = xml::document::read(trim(part.text), xml::limits::presence);
        if (document) {
            all.read(document->root());
            any = true;
        } else if (!first) {
            first = document.error();
            first->offset += static_cast<std::size_t>(part.text.data() - body.data());
        }
    }
    if (!any) return std::unexpected(first.value_or(parse_error{0, "no document about a contact"}));
    return std::move(all).result();
}

std::string presence_request(std::string_view own_uri, std::span<const std::string> contacts) {
    std::string resources;
    for (const auto& one : contacts) resources += fmt::format(R"(<resource uri="sip:{}"/>)", xml::escape(one));
    // The state alone: notes, calendar and contact card, which a client shows as well, are nobody's business here.
    return fmt::format(
        R"(<batchSub xmlns="http://schemas.microsoft.com/2006/01/sip/batch-subscribe" uri="{}" name=""><action name="subscribe" id="1"><adhocList>{}</adhocList><categoryList xmlns="http://schemas.microsoft.com/2006/09/sip/categorylist"><category name="state"/></categoryList></action></batchSub>)",
        xml::escape(own_uri), resources);
}

}  // namespace ucsignin::sip
