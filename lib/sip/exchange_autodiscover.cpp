#include "sip/exchange_autodiscover.hpp"

#include <algorithm>

#include "sip/lexical.hpp"
#include "sip/xml.hpp"

namespace ucsignin::sip {
namespace {

using kind = exchange_autodiscover::kind;

constexpr std::size_t most_urls = 4;

void add_url(std::vector<std::string>& to, std::string url) {
    if (!url.empty() && to.size() < most_urls && std::ranges::find(to, url) == to.end()) to.push_back(std::move(url));
}

// EXCH is for clients inside, EXPR for those outside; later versions put both into protocols of other types.
void read_protocols(const xml::element& account, exchange_autodiscover& into) {
    const auto all = account.descendants("Protocol");
    for (const std::string_view type : {"EXCH", "EXPR", ""})
        for (const auto& protocol : all) {
            if (!type.empty() && !same_word(protocol.child("Type").text(), type)) continue;
            auto url = protocol.child("EwsUrl").text();
            add_url(into.ews_urls, url.empty() ? protocol.child("ASUrl").text() : std::move(url));
        }
}

void read_account(const xml::element& account, exchange_autodiscover& into) {
    const auto action = account.child("Action").text();
    const auto lead = [&](kind what, std::string_view to) {
        into.what = what;
        into.leads_to = account.child(to).text();
    };
    if (same_word(action, "redirectAddr")) return lead(kind::other_address, "RedirectAddr");
    if (same_word(action, "redirectUrl")) return lead(kind::other_url, "RedirectUrl");
    read_protocols(account, into);
}

}  // namespace

bool exchange_autodiscover::tells_of_no_mailbox() const {
    return what == kind::error && (code == "500" || code == "501");
}

std::string exchange_autodiscover_request(std::string_view smtp_address) {
    constexpr std::string_view schema = "http://schemas.microsoft.com/exchange/autodiscover/outlook/";
    return R"(<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns=")" + std::string(schema) +
           R"(requestschema/2006"><Request><EMailAddress>)" + xml::escape(smtp_address) +
           "</EMailAddress><AcceptableResponseSchema>" + std::string(schema) +
           "responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>";
}

std::expected<exchange_autodiscover, parse_error> parse_exchange_autodiscover(std::string_view text) {
    const auto body = xml::document::read(text, xml::limits::autodiscover, "Autodiscover");
    if (!body) return std::unexpected(body.error());
    exchange_autodiscover out;
    if (const auto account = body->root().descendant("Account")) {
        read_account(account, out);
        return out;
    }
    const auto error = body->root().descendant("Error");
    out.what = kind::error;
    out.code = error.child("ErrorCode").text();
    out.message = error.child("Message").text();
    if (out.code.empty()) return std::unexpected(parse_error{0, "neither an account nor an error"});
    return out;
}

}  // namespace ucsignin::sip
