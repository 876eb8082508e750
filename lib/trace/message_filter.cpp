#include "trace/message_filter.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>

#include "trace/ascii.hpp"
#include "trace/withheld.hpp"

namespace ucsignin::trace {
namespace {

enum class stands { whole, url, challenge, replaced };
struct rule {
    std::string_view name;
    stands how = stands::whole;
    std::string_view kind = {};  // what a value is that is replaced
};

constexpr std::size_t longest_run = 40;  // of a value that stands: a Call-ID has 32 characters

// RFC 3261 with the compact forms, [MS-CONFBAS], [MS-SIPAE], [MS-SIPREGE], [MS-SIPRE], [MS-PRES]
// clang-format off
constexpr std::array sip_headers{
    rule{"Accept"}, rule{"Allow"}, rule{"Allow-Events"}, rule{"Call-ID"}, rule{"Contact"}, rule{"Content-Encoding"},
    rule{"Content-Length"}, rule{"Content-Type"}, rule{"CSeq"}, rule{"Date"}, rule{"Event"}, rule{"Expires"},
    rule{"From"}, rule{"Max-Forwards"}, rule{"Min-Expires"}, rule{"Proxy-Require"}, rule{"Reason"}, rule{"Record-Route"}, rule{"Require"},
    rule{"Retry-After"}, rule{"Route"}, rule{"Server"}, rule{"Subscription-State"}, rule{"Supported"}, rule{"To"},
    rule{"Unsupported"}, rule{"User-Agent"}, rule{"Via"}, rule{"Warning"},
    rule{"i"}, rule{"m"}, rule{"e"}, rule{"l"}, rule{"c"}, rule{"o"}, rule{"f"}, rule{"k"}, rule{"t"}, rule{"u"}, rule{"v"},
    rule{"ms-client-diagnostics"}, rule{"ms-diagnostics"}, rule{"ms-diagnostics-public"}, rule{"ms-edge-proxy-message-trust"},
    rule{"ms-keep-alive"}, rule{"ms-piggyback-cseq"}, rule{"ms-split-domain-info"}, rule{"ms-telemetry-id"},
    rule{"ms-user-logon-data"}, rule{"P-Associated-URI"}, rule{"presence-state"}, rule{"SIP-ETag"}, rule{"SIP-If-Match"},
    rule{"Authorization", stands::challenge}, rule{"Proxy-Authorization", stands::challenge},
    rule{"WWW-Authenticate", stands::challenge}, rule{"Proxy-Authenticate", stands::challenge},
    rule{"Authentication-Info", stands::challenge}, rule{"Proxy-Authentication-Info", stands::challenge}};

// RFC 9110 to 9112, [MS-OCDISCWS], [MS-OCAUTHWS], and what IIS and gateways add
constexpr std::array http_headers{
    rule{"Accept"}, rule{"Accept-Encoding"}, rule{"Accept-Language"}, rule{"Age"}, rule{"Allow"}, rule{"Cache-Control"},
    rule{"Connection"}, rule{"Content-Encoding"}, rule{"Content-Length"}, rule{"Content-Type"}, rule{"Date"}, rule{"Expires"},
    rule{"Host"}, rule{"Keep-Alive"}, rule{"Last-Modified"}, rule{"Mime-Version"}, rule{"Persistent-Auth"}, rule{"Pragma"},
    rule{"Proxy-Connection"}, rule{"Proxy-Support"}, rule{"Retry-After"}, rule{"Server"}, rule{"SOAPAction"},
    rule{"Strict-Transport-Security"}, rule{"Transfer-Encoding"}, rule{"Upgrade"}, rule{"User-Agent"}, rule{"Vary"}, rule{"Via"},
    rule{"X-AspNet-Version"}, rule{"X-Cache"}, rule{"X-Content-Type-Options"}, rule{"X-Frame-Options"}, rule{"X-Powered-By"},
    rule{"X-Squid-Error"}, rule{"X-MS-Correlation-Id"}, rule{"X-MS-diagnostics"}, rule{"X-MS-Server-Fqdn"},
    rule{"X-MS-WebTicketSupported"}, rule{"request-id"}, rule{"client-request-id"},
    rule{"Content-Location", stands::url}, rule{"Location", stands::url}, rule{"X-MS-WebTicketURL", stands::url},
    rule{"Authorization", stands::challenge}, rule{"Proxy-Authorization", stands::challenge},
    rule{"WWW-Authenticate", stands::challenge}, rule{"Proxy-Authenticate", stands::challenge},
    rule{"Authentication-Info", stands::challenge}, rule{"Proxy-Authentication-Info", stands::challenge},
    rule{"Cookie", stands::replaced, "cookie"}, rule{"Set-Cookie", stands::replaced, "cookie"},
    rule{"X-MS-WebTicket", stands::replaced, "web ticket"}};

// Parameters of challenges and credentials that prove nothing (RFC 9110 11, [MS-SIPAE] 2.2).
constexpr std::array harmless_parameters{
    rule{"algorithm"}, rule{"charset"}, rule{"cnum"}, rule{"error"}, rule{"error_description"}, rule{"expires"},
    rule{"gssapi"}, rule{"nc"}, rule{"qop"}, rule{"realm"}, rule{"scheme"}, rule{"snum"}, rule{"stale"}, rule{"targetname"},
    rule{"version"}, rule{"sts-uri", stands::url}, rule{"uri", stands::url}, rule{"authorization_uri", stands::url}};

// What the others are.
constexpr std::array kinds_of_parameters{
    rule{"gssapi-data", stands::replaced, "token"}, rule{"response", stands::replaced, "signature"},
    rule{"rspauth", stands::replaced, "signature"}, rule{"opaque", stands::replaced, "opaque value"},
    rule{"nonce", stands::replaced, "nonce"}, rule{"cnonce", stands::replaced, "nonce"},
    rule{"crand", stands::replaced, "random value"}, rule{"srand", stands::replaced, "random value"}};
// clang-format on

const rule* find(std::span<const rule> in, std::string_view name) {
    const auto at = std::ranges::find_if(in, [&](const rule& r) { return same_word(r.name, name); });
    return at == in.end() ? nullptr : &*at;
}

std::string_view trimmed(std::string_view text) {
    const auto begin = std::min(text.find_first_not_of(" \t"), text.size());
    return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_'; }

std::size_t name_length(std::string_view text) {
    constexpr std::size_t longest_name = 32;
    const auto end = std::ranges::find_if_not(text, is_name) - text.begin();
    return end > static_cast<std::ptrdiff_t>(longest_name) ? 0 : static_cast<std::size_t>(end);
}

// `name=value`, `name="value"`; not the `=` with which a token in Base64 ends.
bool is_parameter(std::string_view text) {
    const auto name = name_length(text);
    const auto rest = trimmed(text.substr(name));
    return name > 0 && rest.starts_with('=') && trimmed(rest.substr(1)).find_first_not_of('=') == 0;
}

// Comma lists, but for commas within quotes.
template <class Take>
void each_part(std::string_view text, Take take) {
    bool quoted = false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quoted && text[i] == '\\') ++i;
        else if (text[i] == '"') quoted = !quoted;
        else if (text[i] == ',' && !quoted) {
            take(trimmed(text.substr(begin, i - begin)));
            begin = i + 1;
        }
    }
    take(trimmed(text.substr(std::min(begin, text.size()))));
}

// One header's challenges or credentials, part by part.
class challenge_text {
public:
    std::string of(std::string_view value) && {
        each_part(value, [this](std::string_view part) { add(part); });
        return std::move(out_);
    }

private:
    void add(std::string_view part) {
        if (!out_.empty()) out_ += ", ";
        if (part.empty() || is_parameter(part)) return parameter(part);
        const auto name = name_length(part);
        const auto rest = part.substr(name);
        if (name == 0 || (!rest.empty() && rest.front() != ' ')) {
            out_ += withheld("value", part.size());
            return;
        }
        scheme_ = part.substr(0, name);
        out_ += scheme_;
        if (trimmed(rest).empty()) return;
        out_ += ' ';
        if (is_parameter(trimmed(rest))) return parameter(trimmed(rest));
        // The length of name and password together would tell the password's.
        if (same_word(scheme_, "Basic")) out_ += "<name and password>";
        else out_ += withheld_token(scheme_, trimmed(rest));
    }

    void parameter(std::string_view part) {
        if (part.empty()) return;
        const auto name = part.substr(0, name_length(part));
        auto value = trimmed(part.substr(part.find('=') + 1));
        const bool quoted = value.size() > 1 && value.front() == '"' && value.back() == '"';
        if (quoted) value = value.substr(1, value.size() - 2);
        std::string kept;
        if (const auto* harmless = find(harmless_parameters, name))
            kept = harmless->how == stands::url ? url_without_secrets(value) : without_encoded_runs(value, longest_run);
        else kept = replaced(name, value);
        out_ += std::string(name) + "=" + (quoted ? "\"" + kept + "\"" : kept);
    }

    [[nodiscard]] std::string replaced(std::string_view name, std::string_view value) const {
        if (value.empty()) return {};
        const auto* known = find(kinds_of_parameters, name);
        if (same_word(name, "gssapi-data")) return withheld_token(scheme_, value);
        return withheld(known ? known->kind : "value", value.size());
    }

    std::string out_;
    std::string_view scheme_ = "unknown";
};

}  // namespace

std::string start_line_to_keep(std::string_view protocol, std::string_view line) {
    const auto begin = line.find(' '), end = line.rfind(' ');
    if (protocol != "HTTP" || line.starts_with("HTTP/") || begin == end) return without_encoded_runs(line, longest_run);
    return std::string(line.substr(0, begin + 1)) + url_without_secrets(line.substr(begin + 1, end - begin - 1)) +
           std::string(line.substr(end));
}

std::string header_to_keep(std::string_view protocol, std::string_view name, std::string_view value) {
    // Of DNS and TLS there are no headers but what we make up.
    if (protocol != "SIP" && protocol != "HTTP") return std::string(value);
    const auto* known = find(protocol == "SIP" ? std::span<const rule>(sip_headers) : http_headers, name);
    if (!known) return withheld("value", value.size());
    switch (known->how) {
        case stands::whole: return without_encoded_runs(value, longest_run);
        case stands::url: return url_without_secrets(trimmed(value));
        case stands::challenge: return challenge_text().of(value);
        case stands::replaced: break;
    }
    return withheld(known->kind, value.size());
}

}  // namespace ucsignin::trace
