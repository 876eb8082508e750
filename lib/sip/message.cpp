#include "sip/message.hpp"

#include <algorithm>

#include "sip/lexical.hpp"

namespace ucsignin::sip {
namespace {

// Compact forms (RFC 3261 7.3.3 and the registry's additions).
// clang-format off
constexpr std::pair<std::string_view, std::string_view> compact_forms[] = {
    {"f", "From"},         {"t", "To"},        {"i", "Call-ID"},      {"v", "Via"},
    {"m", "Contact"},      {"c", "Content-Type"}, {"k", "Supported"}, {"l", "Content-Length"},
    {"o", "Event"},        {"u", "Allow-Events"}, {"s", "Subject"},   {"e", "Content-Encoding"},
    {"x", "Session-Expires"}, {"r", "Refer-To"}, {"b", "Referred-By"},
};
// clang-format on

std::string_view long_form(std::string_view name) {
    if (name.size() != 1) return name;
    for (const auto& [compact, full] : compact_forms)
        if (same_word(compact, name)) return full;
    return name;
}

bool same_header(std::string_view a, std::string_view b) { return same_word(long_form(a), long_form(b)); }

// A line end inside a value would start a header of its own.
std::string on_one_line(std::string text) {
    std::replace_if(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
    return text;
}

void write_header(std::string& out, const std::pair<std::string, std::string>& header) {
    out += on_one_line(header.first) + ": " + on_one_line(header.second) + "\r\n";
}

}  // namespace

std::optional<std::string> message::header(std::string_view name) const {
    for (const auto& [have, value] : headers)
        if (same_header(have, name)) return value;
    return std::nullopt;
}

std::vector<std::string> message::all(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [have, value] : headers)
        if (same_header(have, name)) values.push_back(value);
    return values;
}

std::vector<std::string> message::list(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& line : all(name))
        for (const auto part : split_list(line, ',')) values.emplace_back(part);
    return values;
}

message& message::add(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
}

message& message::set(std::string_view name, std::string value) {
    for (auto& [have, old] : headers) {
        if (!same_header(have, name)) continue;
        old = std::move(value);
        return *this;
    }
    return add(std::string(name), std::move(value));
}

void message::remove(std::string_view name) {
    std::erase_if(headers, [&](const auto& header) { return same_header(header.first, name); });
}

std::string message::serialize() const {
    std::string out = is_request() ? on_one_line(method + ' ' + request_uri + " SIP/2.0")
                                   : on_one_line("SIP/2.0 " + std::to_string(status) + ' ' + reason);
    out += "\r\n";
    // The signature stands after Content-Length, where clients write it.
    const bool signed_last = !headers.empty() && (same_word(headers.back().first, "Authorization") ||
                                                  same_word(headers.back().first, "Proxy-Authorization"));
    for (std::size_t i = 0; i + (signed_last ? 1 : 0) < headers.size(); ++i) write_header(out, headers[i]);
    out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    if (signed_last) write_header(out, headers.back());
    return out + "\r\n" + body;
}

}  // namespace ucsignin::sip
