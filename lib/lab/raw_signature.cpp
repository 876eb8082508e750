#include "lab/raw_signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "sip/lexical.hpp"

namespace ucsignin::lab {
namespace {

std::string_view without_blanks(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

// "<sip:a@b;x>;tag=1" -> "sip:a@b;x"; without angle brackets up to the first semicolon.
std::string bare_uri(const std::string& value) {
    const auto open = value.find('<');
    if (open == std::string::npos)
        return std::string(without_blanks(std::string_view(value).substr(0, value.find(';'))));
    const auto close = value.find('>', open);
    return value.substr(open + 1, close == std::string::npos ? close : close - open - 1);
}

std::string bare_tag(const std::string& value) {
    const auto close = value.find('>');
    const auto at = value.find(";tag=", close == std::string::npos ? 0 : close);
    if (at == std::string::npos) return {};
    const auto end = value.find_first_of("; \t,", at + 5);
    return value.substr(at + 5, end == std::string::npos ? end : end - at - 5);
}

// The first <scheme:...> of any P-Asserted-Identity line.
std::string asserted(std::string_view wire, std::string_view scheme) {
    std::string value = raw_header(wire, "P-Asserted-Identity");
    if (value.empty()) value = raw_header(wire, "P-Preferred-Identity");
    const auto at = value.find("<" + std::string(scheme));
    if (at == std::string::npos) return {};
    const auto end = value.find('>', at);
    return value.substr(at + 1, end == std::string::npos ? end : end - at - 1);
}

const EVP_MD* digest_of(auth::hash kind) {
    switch (kind) {
        case auth::hash::md5: return EVP_md5();
        case auth::hash::sha256: return EVP_sha256();
        case auth::hash::sha384: return EVP_sha384();
        case auth::hash::sha1: break;
    }
    return EVP_sha1();
}

}  // namespace

std::string raw_header(std::string_view wire, std::string_view name) {
    std::size_t at = wire.find('\n');
    while (at != std::string_view::npos && at + 1 < wire.size()) {
        const auto end = wire.find('\n', at + 1);
        const auto line = wire.substr(at + 1, end == std::string_view::npos ? end : end - at - 1);
        if (line.empty() || line == "\r") break;
        const auto colon = line.find(':');
        if (colon != std::string_view::npos && sip::same_word(without_blanks(line.substr(0, colon)), name))
            return std::string(without_blanks(line.substr(colon + 1)));
        at = end;
    }
    return {};
}

std::string raw_auth_parameter(std::string_view value, std::string_view name) {
    std::size_t at = value.find(' ');
    while (at != std::string_view::npos && at < value.size()) {
        at = value.find_first_not_of(" ,\t", at);
        const auto equals = value.find('=', at);
        if (at == std::string_view::npos || equals == std::string_view::npos) break;
        const bool quoted = equals + 1 < value.size() && value[equals + 1] == '"';
        const auto begin = equals + (quoted ? 2 : 1);
        const auto end = std::min(quoted ? value.find('"', begin) : value.find_first_of(", \t", begin), value.size());
        if (sip::same_word(without_blanks(value.substr(at, equals - at)), name))
            return std::string(value.substr(begin, end - begin));
        at = end + (quoted ? 1 : 0);
    }
    return {};
}

std::string raw_signed_text(std::string_view wire, std::string_view auth_value) {
    const bool response = wire.starts_with("SIP/2.0 ");
    const std::string from = raw_header(wire, "From"), to = raw_header(wire, "To"), sequence = raw_header(wire, "CSeq");
    const auto blank = sequence.find(' ');
    std::string random = raw_auth_parameter(auth_value, response ? "srand" : "crand");
    std::string number = raw_auth_parameter(auth_value, response ? "snum" : "cnum");
    if (random.empty()) random = raw_auth_parameter(auth_value, response ? "crand" : "srand");
    if (number.empty()) number = raw_auth_parameter(auth_value, response ? "cnum" : "snum");

    std::string text;
    const auto field = [&text](std::string_view value) { text.append("<").append(value).append(">"); };
    field(auth_value.substr(0, auth_value.find(' ')));
    field(random);
    field(number);
    field(raw_auth_parameter(auth_value, "realm"));
    field(raw_auth_parameter(auth_value, "targetname"));
    field(raw_header(wire, "Call-ID"));
    field(sequence.substr(0, blank));
    field(blank == std::string::npos ? std::string_view() : without_blanks(std::string_view(sequence).substr(blank)));
    field(bare_uri(from));
    field(bare_tag(from));
    field(bare_uri(to));
    field(bare_tag(to));
    field(asserted(wire, "sip:"));
    field(asserted(wire, "tel:"));
    field(raw_header(wire, "Expires"));
    if (response) field(wire.substr(8, 3));
    return text;
}

std::string raw_mac(auth::hash kind, const auth::secret& key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned length = 0;
    HMAC(
        digest_of(kind), key.reveal().data(), static_cast<int>(key.reveal().size()),
        reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &length);
    std::string hex;
    for (unsigned i = 0; i < length; ++i) {
        std::array<char, 3> digits{};
        std::snprintf(digits.data(), digits.size(), "%02x", static_cast<unsigned>(mac[i]));
        hex += digits.data();
    }
    return hex;
}

}  // namespace ucsignin::lab
